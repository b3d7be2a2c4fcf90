// pthread_once (std::call_once) and the guards of function-local statics.
//
// Word of a pthread_once_t: 0 new, 2 done (as in the C library), owner_word() while its function runs.
// A guard: byte 0 done (tested inline by the compiler), its second word owner_word() while the initialiser runs.
#include <racecourse/checkers/runtime/interpose/once.h>

#include <racecourse/checkers/runtime/executable.h>
#include <racecourse/checkers/runtime/interpose/owner.h>

#include <cxxabi.h>
#include <pthread.h>
#include <sys/syscall.h>

RC_DECLARE_ORIGINAL(pthread_once)

namespace racecourse::runtime {

namespace {

class QuietWhile {
 public:
  explicit QuietWhile(bool quiet) : quiet_(quiet) { rt.ignore += quiet_; }
  ~QuietWhile() { rt.ignore -= quiet_; }

 private:
  const bool quiet_;
};

using abi::__guard;

constexpr int kDone = 2;

std::optional<std::uint16_t> runner_of(int state) { return owner_of(static_cast<std::uint32_t>(state)); }

struct Guard {
  bool done;
  bool pending;  // libstdc++'s, before the exploration
  char unused[2];
  std::uint32_t runner;
};
static_assert(sizeof(Guard) == sizeof(__guard));

Guard& guard_at(__guard* guard) { return *reinterpret_cast<Guard*>(guard); }

// Waits for the thread that runs the function or initialiser of `object`.
void wait_for_runner(Wait why, const void* object, std::uint16_t runner, std::uint64_t pc) {
  trace(Op::once_blocked, object, pc, runner);
  if (runner == self().id)
    fail(Kind::self_deadlock, pc, object, "T%u waits for its own %s to finish", self().id,
         why == Wait::once ? "call_once" : "initialisation of a static variable");
  wait(why, object, pc, 0, 0, runner);
}

bool enter_guard(__guard* object, std::uint64_t pc) {
  enter(pc, on(object, Access::lock));
  Guard& guard = guard_at(object);
  while (!guard.done) {
    const auto runner = owner_of(guard.runner);
    if (!runner) {
      guard.runner = owner_word(self());
      order_after(object);  // who tried before, and gave up by an exception
      trace(Op::guard_enter, object, pc);
      return true;
    }
    wait_for_runner(Wait::guard, object, *runner, pc);
  }
  order_after(object);
  return false;
}

void leave_guard(__guard* object, bool done, std::uint64_t pc) {
  enter(pc, on(object, Access::unlock));
  Guard& guard = guard_at(object);
  guard.done = done;
  guard.runner = 0;
  order_before(object);
  wake_all(Wait::guard, object);
  trace(Op::guard_done, object, pc, done ? 1 : 0);
}

}  // namespace

void run_once(int* state, void (*function)(), std::uint64_t pc) {
  enter(pc, on(state, Access::lock));
  while (*state != kDone) {
    const auto runner = runner_of(*state);
    if (runner) {
      wait_for_runner(Wait::once, state, *runner, pc);
      continue;
    }
    *state = static_cast<int>(owner_word(self()));
    order_after(state);  // who tried before, and gave up by an exception
    trace(Op::once_enter, state, pc);
    try {
      function();
    } catch (...) {
      *state = 0;
      order_before(state);
      wake_all(Wait::once, state);
      throw;
    }
    enter(pc, on(state, Access::unlock));
    *state = kDone;
    order_before(state);
    wake_all(Wait::once, state);
    trace(Op::once_done, state, pc);
    return;
  }
  order_after(state);
}

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int pthread_once(pthread_once_t* state, void (*function)()) {
  if (!rt.executing) return RC_ORIGINAL(pthread_once)(state, function);
  // A library's own initialisation (of the unwinder, of the locales) is no operation of the program, and whether it is
  // still to be done depends on what this process did before.
  const QuietWhile quiet_while(!in_executable(RC_CALLER));
  run_once(state, function, RC_CALLER);
  return 0;
}

// The language's runtime is declared in a namespace and may be linked statically, where there is no original to call:
// then a guard of our own serves. Weak, so that it yields to nothing and collides with nothing.
namespace {

using Acquire = int(abi::__guard*);
using Leave = void(abi::__guard*);

[[gnu::section("racecourse_real"), gnu::used]] constinit RealFunction original_acquire{"__cxa_guard_acquire", nullptr};
[[gnu::section("racecourse_real"), gnu::used]] constinit RealFunction original_release{"__cxa_guard_release", nullptr};
[[gnu::section("racecourse_real"), gnu::used]] constinit RealFunction original_abort{"__cxa_guard_abort", nullptr};

int acquire_without_library(abi::__guard* object) {
  Guard& guard = guard_at(object);
  for (;;) {
    if (__atomic_load_n(&guard.done, __ATOMIC_ACQUIRE)) return 0;
    if (!__atomic_test_and_set(&guard.pending, __ATOMIC_ACQUIRE)) return 1;
    raw_syscall(SYS_sched_yield);
  }
}

void leave_without_library(abi::__guard* object, bool done) {
  Guard& guard = guard_at(object);
  __atomic_store_n(&guard.done, done, __ATOMIC_RELEASE);
  __atomic_clear(&guard.pending, __ATOMIC_RELEASE);
}

void leave_outside(RealFunction& original, abi::__guard* object, bool done) {
  if (void* function = look_up(original))
    reinterpret_cast<Leave*>(function)(object);
  else
    leave_without_library(object, done);
}

}  // namespace

namespace __cxxabiv1 {

extern "C" {

[[gnu::visibility("default"), gnu::weak]] int __cxa_guard_acquire(__guard* guard) {
  if (rt.executing) return enter_guard(guard, RC_CALLER) ? 1 : 0;
  if (void* function = look_up(original_acquire)) return reinterpret_cast<Acquire*>(function)(guard);
  return acquire_without_library(guard);
}

[[gnu::visibility("default"), gnu::weak]] void __cxa_guard_release(__guard* guard) noexcept {
  if (!rt.executing) return leave_outside(original_release, guard, true);
  leave_guard(guard, true, RC_CALLER);
}

[[gnu::visibility("default"), gnu::weak]] void __cxa_guard_abort(__guard* guard) noexcept {
  if (!rt.executing) return leave_outside(original_abort, guard, false);
  leave_guard(guard, false, RC_CALLER);
}

}  // extern "C"

}  // namespace __cxxabiv1
