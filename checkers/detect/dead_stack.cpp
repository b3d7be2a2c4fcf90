#include <racecourse/checkers/detect/dead_stack.h>
#include <racecourse/checkers/detect/finding.h>
#include <racecourse/checkers/detect/memory.h>

#include <algorithm>

namespace racecourse::detect {

using runtime::Fiber;
using runtime::rt;

[[gnu::section("racecourse_state")]] constinit Left left[256] = {};

namespace {

// What others touched of a thread's slot.
struct Shared {
  std::uint64_t generation;  // of the execution
  std::uint64_t low, high;
};
[[gnu::section("racecourse_state")]] constinit Shared shared_of[runtime::kMaxThreads] = {};

// Farther apart than the locals of one thread that others use at the same time.
constexpr std::uint64_t kMost = 64 << 10;

void note_shared(std::uint16_t owner, std::uint64_t address) {
  Shared& shared = shared_of[owner];
  const std::uint64_t granule = address & ~7ull;
  if (shared.generation != rt.generation) shared = {rt.generation, granule, granule};
  shared.low = std::min(shared.low, granule);
  shared.high = std::max(shared.high, granule);
}

// A number that is given to another thread after all: the stack is that one's.
bool may_be_reused() { return rt.thread_count == runtime::kMaxThreads; }

report::RawFinding* add_use(std::uint16_t owner, bool write, std::uint64_t address, std::uint64_t pc) {
  report::RawFinding* finding = add_misuse(Kind::use_after_free, address, pc);
  if (finding == nullptr) return nullptr;
  finding->other = owner;
  finding->thread_is_write = write;
  finding->access_size = 1;
  return finding;
}

// Where the frames of the program end, as the latest of them was about to call the runtime: its return address lies
// there. Of two such words the lower one is taken, which may be a copy: so it is never too high.
std::uint64_t end_of_frames(const Fiber& owner) {
  Left& known = left[owner.id];
  if (known.pc == 0) return known.end;
  const std::uint64_t begin = (known.end | 15) - 7;  // a return address lies 8 above a multiple of 16
  const std::uint64_t end = std::min(known.end + kRuntimeFrames, reinterpret_cast<std::uint64_t>(owner.stack_top));
  for (std::uint64_t at = begin; at < end; at += 16) {
    if (*reinterpret_cast<const std::uint64_t*>(at) != known.pc) continue;
    known.end = at + 8;
    break;
  }
  known.pc = 0;
  return known.end;
}

// On the stack of a thread that has not ended and does not run.
bool has_returned(const Fiber& owner, std::uint64_t address) {
  const auto at = reinterpret_cast<std::uint64_t>(owner.stack_pointer);
  if (at - reinterpret_cast<std::uint64_t>(owner.stack) >= owner.stack_size) return false;  // on one of its own making
  const std::uint64_t end = end_of_frames(owner);
  return address < end && end - at < owner.stack_size;
}

bool is_popped(const char* what, bool write, const Fiber& owner, std::uint64_t address, std::uint64_t pc) {
  if (!rt.race_check || !has_returned(owner, address)) return false;
  if (report::RawFinding* finding = add_use(owner.id, write, address, pc))
    set_message(*finding, "%s of memory by T%u on the stack of T%u, of a function that has returned", what,
                runtime::self().id, owner.id);
  if (!write) return true;
  if (rt.recording) rt.strategy->leaves_threads();
  runtime::end_execution();
}

}  // namespace

bool is_of_the_dead(const char* what, bool write, std::uint64_t address, std::uint64_t pc) {
  if (address < runtime::kStacks + runtime::kMainStack) return is_popped(what, write, rt.fibers[0], address, pc);
  const auto owner = static_cast<std::uint16_t>(runtime::slot_of(address));
  if (owner >= rt.thread_count || may_be_reused()) return false;
  const bool on_stack = runtime::in_stack_part(address);
  if (rt.fibers[owner].state != report::ThreadState::ended) {
    note_shared(owner, address);
    return on_stack && is_popped(what, write, rt.fibers[owner], address, pc);
  }
  report::RawFinding* finding = add_use(owner, write, address, pc);
  if (finding == nullptr) return true;
  set_message(*finding, "%s of memory by T%u %s of T%u, which has ended", what, runtime::self().id,
              on_stack ? "on the stack" : "in the thread-local storage", owner);
  return true;
}

void forget_stack(const Fiber& fiber) {
  const Shared& shared = shared_of[fiber.id];
  if (RC_LIKELY(shared.generation != rt.generation) || !rt.checking || may_be_reused()) return;
  if (shared.high - shared.low > kMost) return;
  mark_all(shared.low, shared.high + 8 - shared.low, gone_cell());
}

}  // namespace racecourse::detect
