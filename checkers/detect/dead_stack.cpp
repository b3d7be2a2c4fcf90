#include <racecourse/checkers/detect/dead_stack.h>
#include <racecourse/checkers/detect/finding.h>
#include <racecourse/checkers/detect/memory.h>

#include <algorithm>

namespace racecourse::detect {

using runtime::Fiber;
using runtime::rt;

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

}  // namespace

bool is_of_the_dead(const char* what, bool write, std::uint64_t address, std::uint64_t pc) {
  const auto owner = static_cast<std::uint16_t>(runtime::slot_of(address));
  if (owner >= rt.thread_count || may_be_reused()) return false;
  if (rt.fibers[owner].state != report::ThreadState::ended) {
    note_shared(owner, address);
    return false;
  }
  report::RawFinding* finding = add_misuse(Kind::use_after_free, address, pc);
  if (finding == nullptr) return true;
  finding->other = owner;
  finding->thread_is_write = write;
  finding->access_size = 1;
  set_message(*finding, "%s of memory by T%u %s of T%u, which has ended", what, runtime::self().id,
              runtime::in_stack_part(address) ? "on the stack" : "in the thread-local storage", owner);
  return true;
}

void forget_stack(const Fiber& fiber) {
  const Shared& shared = shared_of[fiber.id];
  if (RC_LIKELY(shared.generation != rt.generation) || !rt.checking || may_be_reused()) return;
  if (shared.high - shared.low > kMost) return;
  mark_all(shared.low, shared.high + 8 - shared.low, gone_cell());
}

}  // namespace racecourse::detect
