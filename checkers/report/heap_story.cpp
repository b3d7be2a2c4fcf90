#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/report/heap_story.h>

#include <algorithm>

namespace racecourse::report {
namespace {

// How far beside a block an access can be seen to miss it, with the room that rounding adds.
constexpr std::uint64_t kNear = 96;

std::uint32_t position(const Trace& trace, std::size_t finding) {
  for (std::uint32_t i = 0; i < trace.events.size(); ++i) {
    if (trace.events[i].op == Op::finding && trace.events[i].value == finding) return i;
  }
  return static_cast<std::uint32_t>(trace.events.size());
}

// The last event before `end` of this kind whose block holds `address`.
std::optional<std::uint32_t> last(const Trace& trace, Op op, std::uint64_t address, std::uint32_t end) {
  for (std::uint32_t i = end; i-- > 0;) {
    const Event& event = trace.events[i];
    if (event.op == op && overlap(event.address, std::max<std::uint64_t>(event.value, 1), address, 1)) return i;
  }
  return std::nullopt;
}

std::uint64_t distance(const Event& allocation, std::uint64_t address) {
  if (address < allocation.address) return allocation.address - address;
  const std::uint64_t end = allocation.address + allocation.value;
  return address < end ? 0 : address - end + 1;
}

// The allocation nearest to `address`; the latest of equals, for memory is used again.
std::optional<std::uint32_t> nearest(const Trace& trace, std::uint64_t address, std::uint32_t end) {
  std::optional<std::uint32_t> found;
  for (std::uint32_t i = end; i-- > 0;) {
    const Event& event = trace.events[i];
    if (event.op != Op::allocate || distance(event, address) > kNear) continue;
    if (!found || distance(event, address) < distance(trace.events[*found], address)) found = i;
  }
  return found;
}

}  // namespace

HeapStory heap_story(const Trace& trace, std::size_t finding) {
  const RawFinding& raw = trace.findings[finding];
  const std::uint32_t here = position(trace, finding);
  HeapStory story;
  if (static_cast<Kind>(raw.kind) == Kind::heap_overflow) {
    story.allocated = nearest(trace, raw.address, here);
    return story;
  }
  if (static_cast<Kind>(raw.kind) != Kind::leak) story.freed = last(trace, Op::release, raw.address, here);
  story.allocated = last(trace, Op::allocate, raw.address, story.freed.value_or(here));
  return story;
}

}  // namespace racecourse::report
