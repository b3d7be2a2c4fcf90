#include <racecourse/checkers/detect/race_place.h>

#include <algorithm>

namespace racecourse::detect {

using report::Event;
using report::Op;
using runtime::rt;

namespace {

// Events that are looked at in one execution. A program that races at every step would make a replay take as many
// steps squared; after that a race is where it is noticed.
constexpr std::uint64_t kPatience = 1u << 26;
[[gnu::section("racecourse_state")]] std::uint64_t looked_at = 0;

// Allocating and freeing count as writes of the whole block.
bool is_of_heap(Op op) { return op == Op::allocate || op == Op::release; }

bool is_access(const Event& event, bool write) {
  switch (event.op) {
    case Op::read:
    case Op::atomic_load:
    case Op::cas_failure:
      return !write;
    case Op::write:
    case Op::atomic_store:
    case Op::atomic_rmw:
    case Op::cas_success:
    case Op::allocate:
    case Op::release:
      return write;
    default:
      return false;
  }
}

std::uint64_t extent(const Event& event) {
  if (is_of_heap(event.op)) return event.value;
  const bool plain = event.op == Op::read || event.op == Op::write;
  return plain && event.value_known == 0 ? std::max<std::uint64_t>(event.value, event.size) : event.size;
}

// Where that thread made the access; 0 if the trace does not tell.
std::uint64_t place_of_other(Cell mine, Cell theirs, std::uint64_t address) {
  const auto thread = static_cast<std::uint16_t>(theirs >> 24 & 0xff);
  const std::uint64_t bytes = (mine & theirs) >> 8 & 0xff;
  const std::uint64_t first = (address & ~std::uint64_t{7}) + static_cast<unsigned>(__builtin_ctzll(bytes));
  const runtime::SharedBlock& shared = *rt.shared;
  for (std::uint32_t i = std::min(shared.event_count, runtime::kMaxEvents); i > 0 && looked_at < kPatience; --i) {
    const Event& event = shared.events[i - 1];
    ++looked_at;
    if (event.thread == thread && is_access(event, theirs & kWrite) && first - event.address < extent(event))
      return event.pc;
  }
  return 0;
}

}  // namespace

std::uint64_t place_of_pair(Cell mine, Cell theirs, std::uint64_t address, std::uint64_t pc) {
  // The block holds no more: there is no need to know.
  if (rt.shared->finding_count >= runtime::kMostRaces) return pc;
  const std::uint64_t here = runtime::self().last_pc, other = place_of_other(mine, theirs, address);
  if (here == 0 || other == 0) return pc;
  return std::min(here, other) * 0x9E3779B97F4A7C15u ^ std::max(here, other);
}

void reset_places() { looked_at = 0; }

}  // namespace racecourse::detect
