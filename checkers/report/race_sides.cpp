#include <racecourse/checkers/report/race_sides.h>

namespace racecourse::report {
namespace {

// The index of the event that stands for finding number `finding` in the trace; the end if it was not recorded.
std::uint32_t position(const Trace& trace, std::size_t finding) {
  for (std::uint32_t i = 0; i < trace.events.size(); ++i) {
    if (trace.events[i].op == Op::finding && trace.events[i].value == finding) return i;
  }
  return static_cast<std::uint32_t>(trace.events.size());
}

bool matches(const Event& event, const RawFinding& finding, std::uint16_t thread, bool write) {
  if (event.thread != thread) return false;
  // Allocating and freeing count as writes of the whole block.
  const bool heap = event.op == Op::allocate || event.op == Op::release;
  if (heap) return write && overlap(event.address, event.value, finding.address, finding.access_size);
  return is_memory(event.op) && is_write(event.op) == write &&
         overlap(event.address, extent(event), finding.address, finding.access_size);
}

}  // namespace

RaceSides race_sides(const Trace& trace, std::size_t number) {
  const RawFinding& finding = trace.findings[number];
  const std::uint32_t here = position(trace, number);
  RaceSides sides;
  // The access that was caught is announced right before or right after the finding is recorded.
  for (std::uint32_t i = here; i < trace.events.size() && i <= here + 2; ++i) {
    if (trace.events[i].tick > finding.tick) break;
    if (matches(trace.events[i], finding, finding.thread, finding.thread_is_write != 0)) sides.near = i;
  }
  for (std::uint32_t i = here; i-- > 0 && !(sides.near && sides.far);) {
    if (!sides.near && matches(trace.events[i], finding, finding.thread, finding.thread_is_write != 0)) sides.near = i;
    if (!sides.far && matches(trace.events[i], finding, finding.other, finding.other_is_write != 0)) sides.far = i;
  }
  return sides;
}

std::string access_word(const Trace& trace, const std::optional<std::uint32_t>& event, bool write) {
  const char* word = write ? "write" : "read";
  if (!event) return word;
  const Op op = trace.events[*event].op;
  if (op == Op::release) return "free";
  if (op == Op::allocate) return "allocation";
  return is_atomic(op) ? std::string("atomic ") + word : word;
}

}  // namespace racecourse::report
