// pthread_barrier_*. The state is where the C library keeps it: threads that ever arrived, the number of them that
// earlier rounds let through, and the threads of a round. All three wrap.
#include <racecourse/checkers/runtime/interpose/call.h>

#include <errno.h>
#include <pthread.h>

RC_DECLARE_ORIGINAL(pthread_barrier_init)
RC_DECLARE_ORIGINAL(pthread_barrier_destroy)
RC_DECLARE_ORIGINAL(pthread_barrier_wait)

namespace racecourse::runtime {

namespace {

// As in glibc since 2.25.
struct Barrier {
  unsigned arrived;
  unsigned let_through;
  unsigned parties;
  int shared;
  unsigned left;
};
static_assert(sizeof(Barrier) <= sizeof(pthread_barrier_t));

int wait_at_barrier(Barrier& barrier, std::uint64_t pc) {
  enter(pc, on(&barrier, Access::wait));
  if (barrier.parties == 0)
    fail(Kind::sync_misuse, pc, &barrier,
         "T%u waits at a barrier that was not made, or for no threads; call pthread_barrier_init with their number",
         self().id);
  const unsigned round = barrier.let_through;
  // Two clocks in turn: whoever is slow to leave one round must not be ordered after early arrivals of the next.
  const void* clock = (round / barrier.parties) % 2 == 0 ? &barrier.arrived : &barrier.let_through;
  order_before(clock);
  trace(Op::barrier_wait, &barrier, pc);
  ++barrier.arrived;
  const bool last = barrier.arrived - round == barrier.parties;
  if (last) {
    barrier.let_through = barrier.arrived;
    wake_all(Wait::barrier, &barrier);
  }
  while (barrier.let_through == round) wait(Wait::barrier, &barrier, pc);
  ++barrier.left;
  order_after(clock);
  trace(Op::barrier_passed, &barrier, pc);
  return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int pthread_barrier_init(pthread_barrier_t* barrier, const pthread_barrierattr_t* attributes,
                                      unsigned parties) noexcept {
  if (rt.executing) forget_sync(barrier, sizeof *barrier);
  return RC_ORIGINAL(pthread_barrier_init)(barrier, attributes, parties);
}

RC_INTERPOSE int pthread_barrier_destroy(pthread_barrier_t* barrier) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_barrier_destroy)(barrier);
  enter(RC_CALLER, on(barrier, Access::write));
  if (anyone_waits(Wait::barrier, barrier))
    fail(Kind::sync_misuse, RC_CALLER, barrier, "T%u destroys a barrier at which a thread still waits; join it first",
         self().id);
  forget_sync(barrier, sizeof *barrier);
  return 0;
}

RC_INTERPOSE int pthread_barrier_wait(pthread_barrier_t* barrier) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_barrier_wait)(barrier);
  return wait_at_barrier(*reinterpret_cast<Barrier*>(barrier), RC_CALLER);
}
