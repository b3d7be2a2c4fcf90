#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/own_number.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <unistd.h>

RC_DECLARE_ORIGINAL(gettid)

namespace racecourse::runtime {

// What ran before an execution, such as constructors, ran there.
[[gnu::section("racecourse_state")]] pid_t first_process = 0;

void note_first_process() { first_process = getpid(); }

int thread_number() { return kFirstThreadNumber + self().id; }

Fiber* numbered_thread(long number) {
  const long id = number - kFirstThreadNumber;
  if (id < 0 || id >= rt.thread_count) return nullptr;
  Fiber& fiber = rt.fibers[id];
  return fiber.state == ThreadState::ended ? nullptr : &fiber;
}

bool is_own(pid_t number) {
  if (!rt.executing) return false;
  return number == 0 || number == getpid() || number == first_process || numbered_thread(number) != nullptr;
}

}  // namespace racecourse::runtime

using namespace racecourse::runtime;

RC_INTERPOSE pid_t gettid() noexcept { return rt.executing ? thread_number() : RC_ORIGINAL(gettid)(); }
