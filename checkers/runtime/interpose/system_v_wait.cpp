// System V semaphores and message queues, where threads may wait for each other: the kernel is asked without waiting,
// and the others run until it says yes.
#include <errno.h>
#include <racecourse/checkers/runtime/interpose/deadline.h>
#include <racecourse/checkers/runtime/interpose/filled.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/ready.h>
#include <racecourse/checkers/runtime/interpose/send.h>
#include <racecourse/checkers/runtime/interpose/system_v.h>
#include <sys/msg.h>
#include <sys/sem.h>

#include <algorithm>

RC_DECLARE_ORIGINAL(semop)
RC_DECLARE_ORIGINAL(semtimedop)
RC_DECLARE_ORIGINAL(semctl)
RC_DECLARE_ORIGINAL(msgsnd)
RC_DECLARE_ORIGINAL(msgrcv)

namespace racecourse::runtime {

namespace {

// `attempt` makes the call without waiting; `would_wait`, after a failure: whether the caller wants to wait. Returns
// the result, -1 with errno set.
template <class Attempt, class WouldWait>
long wait_for_kernel(const char* call, std::uint64_t deadline, std::uint64_t pc, Attempt attempt,
                     WouldWait would_wait) {
  long result = -1;
  bool waited = false;
  wait_until_ready(call, -1, deadline, pc, [&] {
    result = attempt();
    const bool waits = result < 0 && would_wait();
    waited |= waits;
    return !waits;
  });
  if (result >= 0) {
    if (!quiet()) note_progress();
  } else if (waited && errno == EINVAL) {
    errno = EIDRM;  // it was there, and somebody has removed it
  } else {
    const int error = errno;
    spun(pc);
    errno = error;
  }
  return result;
}

// Of operations that cannot be done now: whether the first that stands in the way may wait.
bool may_wait(int set, const sembuf* operations, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const sembuf& one = operations[i];
    int value = RC_ORIGINAL(semctl)(set, one.sem_num, GETVAL);
    for (std::size_t earlier = 0; earlier < i; ++earlier)
      if (operations[earlier].sem_num == one.sem_num) value += operations[earlier].sem_op;
    const bool stands_in_the_way = one.sem_op == 0 ? value != 0 : value + one.sem_op < 0;
    if (stands_in_the_way) return (one.sem_flg & IPC_NOWAIT) == 0;
  }
  return false;
}

// Who lowers a semaphore is ordered after those who raised it; who waits for zero, after those who lowered it.
void order_operations(int set, const sembuf* operations, std::size_t count) {
  const auto clock = [set](unsigned part) { return clock_of(KernelObject::semaphores, set, part); };
  order_after(clock(kWholeSet));
  for (std::size_t i = 0; i < count; ++i) {
    if (operations[i].sem_op < 0) order_after(clock(raised(operations[i].sem_num)));
    if (operations[i].sem_op == 0) order_after(clock(lowered(operations[i].sem_num)));
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (operations[i].sem_op < 0) order_before(clock(lowered(operations[i].sem_num)));
    if (operations[i].sem_op > 0) order_before(clock(raised(operations[i].sem_num)));
  }
}

int operate(const char* call, int set, const sembuf* operations, std::size_t count, std::uint64_t deadline,
            std::uint64_t pc) {
  constexpr std::size_t kMost = 500;
  if (count > kMost) {
    errno = E2BIG;
    return -1;
  }
  reads(operations, count * sizeof *operations, pc);
  sembuf asked[kMost];
  std::copy(operations, operations + count, asked);
  std::for_each(asked, asked + count, [](sembuf& one) { one.sem_flg |= IPC_NOWAIT; });
  const Uncancelled uncancelled;
  const long result = wait_for_kernel(
      call, deadline, pc, [&] { return RC_ORIGINAL(semop)(set, asked, count); },
      [&] {
        if (errno != EAGAIN) return false;
        const bool waits = may_wait(set, operations, count);
        errno = EAGAIN;
        return waits;
      });
  if (result == 0) order_operations(set, operations, count);
  return static_cast<int>(result);
}

const void* sent(int queue) { return clock_of(KernelObject::queue, queue, 0); }
const void* made_room(int queue) { return clock_of(KernelObject::queue, queue, 1); }

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE_UNRESERVED int semop(int set, sembuf* operations, size_t count) noexcept {
  if (!rt.executing) return RC_ORIGINAL(semop)(set, operations, count);
  return operate("semop", set, operations, count, 0, RC_CALLER);
}

RC_INTERPOSE_UNRESERVED int semtimedop(int set, sembuf* operations, size_t count, const timespec* timeout) noexcept {
  if (!rt.executing) return RC_ORIGINAL(semtimedop)(set, operations, count, timeout);
  if (timeout == nullptr) return operate("semtimedop", set, operations, count, 0, RC_CALLER);
  if (!is_valid(*timeout) || timeout->tv_sec < 0) {
    errno = EINVAL;
    return -1;
  }
  return operate("semtimedop", set, operations, count, deadline_after(to_nanoseconds(*timeout)), RC_CALLER);
}

// A message begins with its type.
RC_INTERPOSE_UNRESERVED int msgsnd(int queue, const void* message, size_t size, int flags) {
  if (!rt.executing) return RC_ORIGINAL(msgsnd)(queue, message, size, flags);
  reads(message, sizeof(long) + size, RC_CALLER);
  const long result = wait_for_kernel(
      "msgsnd", 0, RC_CALLER, [&] { return RC_ORIGINAL(msgsnd)(queue, message, size, flags | IPC_NOWAIT); },
      [&] { return errno == EAGAIN && (flags & IPC_NOWAIT) == 0; });
  if (result == 0) {
    order_after(made_room(queue));
    order_before(sent(queue));
  }
  return static_cast<int>(result);
}

RC_INTERPOSE_UNRESERVED ssize_t msgrcv(int queue, void* message, size_t room, long type, int flags) {
  if (!rt.executing) return RC_ORIGINAL(msgrcv)(queue, message, room, type, flags);
  open_for_kernel(message, sizeof(long) + room);
  const long result = wait_for_kernel(
      "msgrcv", 0, RC_CALLER, [&] { return RC_ORIGINAL(msgrcv)(queue, message, room, type, flags | IPC_NOWAIT); },
      [&] { return errno == ENOMSG && (flags & IPC_NOWAIT) == 0; });
  if (result >= 0) {
    order_after(sent(queue));
    order_before(made_room(queue));
    filled(message, sizeof(long) + static_cast<std::size_t>(result), RC_CALLER);
  }
  return result;
}
