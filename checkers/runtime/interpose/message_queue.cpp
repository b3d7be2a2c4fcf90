// POSIX message queues. To the kernel a queue is a descriptor: it is closed after the execution, and poll() knows it.
#include <errno.h>
#include <mqueue.h>
#include <racecourse/checkers/runtime/descriptors.h>
#include <racecourse/checkers/runtime/interpose/deadline.h>
#include <racecourse/checkers/runtime/interpose/filled.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/ready.h>
#include <racecourse/checkers/runtime/interpose/send.h>
#include <racecourse/checkers/runtime/process_state.h>
#include <signal.h>

#include <cstdarg>

extern "C" mqd_t __mq_open_2(const char* name, int flags) noexcept;

RC_DECLARE_ORIGINAL(mq_open)
RC_DECLARE_ORIGINAL(__mq_open_2)
RC_DECLARE_ORIGINAL(mq_close)
RC_DECLARE_ORIGINAL(mq_unlink)
RC_DECLARE_ORIGINAL(mq_getattr)
RC_DECLARE_ORIGINAL(mq_setattr)
RC_DECLARE_ORIGINAL(mq_notify)
RC_DECLARE_ORIGINAL(mq_receive)
RC_DECLARE_ORIGINAL(mq_timedreceive)
RC_DECLARE_ORIGINAL(mq_send)
RC_DECLARE_ORIGINAL(mq_timedsend)

namespace racecourse::runtime {

namespace {

// With this deadline the kernel never waits.
constexpr timespec kPast{};

// Who takes a message makes room, for which a sender may have waited: a clock, of which the address is all that is
// used. One for all queues, since which descriptors mean the same queue is not known.
char made_room;

// A queue is changed also by those who only read from it.
void uses_queues(std::uint64_t pc) {
  uses_files(pc);
  if (rt.executing) note_named();
}

bool refuses(const timespec& deadline) {
  if (is_valid(deadline) && deadline.tv_sec >= 0) return false;
  errno = EINVAL;
  return true;
}

// Repeats `attempt` until the kernel would not wait; returns its result, -1 with errno set. The deadline is in virtual
// time; 0: none.
template <class Attempt>
long wait_for_queue(const char* call, mqd_t queue, std::uint64_t deadline, std::uint64_t pc, Attempt attempt) {
  long result = -1;
  wait_until_ready(call, queue, deadline, pc, [&] {
    result = attempt();
    return result >= 0 || errno != ETIMEDOUT;
  });
  if (result < 0) {
    const int error = errno;
    spun(pc);
    errno = error;
  }
  return result;
}

ssize_t receive(const char* call, mqd_t queue, char* buffer, std::size_t room, unsigned* priority,
                std::uint64_t deadline, std::uint64_t pc) {
  open_for_kernel(buffer, room);
  open_for_kernel(priority, sizeof *priority);
  const long size = wait_for_queue(call, queue, deadline, pc,
                                   [&] { return RC_ORIGINAL(mq_timedreceive)(queue, buffer, room, priority, &kPast); });
  if (size < 0) return size;
  order_after(descriptors_clock());
  order_before(&made_room);
  if (size > 0) filled(buffer, static_cast<std::size_t>(size), pc);
  if (priority != nullptr) filled(priority, sizeof *priority, pc);
  return size;
}

int send(const char* call, mqd_t queue, const char* data, std::size_t size, unsigned priority, std::uint64_t deadline,
         std::uint64_t pc) {
  reads(data, size, pc);
  const long result = wait_for_queue(call, queue, deadline, pc,
                                     [&] { return RC_ORIGINAL(mq_timedsend)(queue, data, size, priority, &kPast); });
  if (result == 0) {
    order_after(&made_room);
    order_before(descriptors_clock());
  }
  trace(Op::output, descriptor_object(queue), pc, static_cast<std::uint64_t>(result));
  return static_cast<int>(result);
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE_UNRESERVED mqd_t mq_open(const char* name, int flags, ...) noexcept {
  va_list list;  // read also where there is nothing: arguments of any value
  va_start(list, flags);
  const mode_t mode = va_arg(list, mode_t);
  mq_attr* const attributes = va_arg(list, mq_attr*);
  va_end(list);
  uses_queues(RC_CALLER);
  return note_opened(RC_ORIGINAL(mq_open)(name, flags, mode, attributes));
}

RC_INTERPOSE mqd_t __mq_open_2(const char* name, int flags) noexcept {
  uses_queues(RC_CALLER);
  return note_opened(RC_ORIGINAL(__mq_open_2)(name, flags));
}

RC_INTERPOSE_UNRESERVED int mq_close(mqd_t queue) noexcept {
  if (!rt.executing) return RC_ORIGINAL(mq_close)(queue);
  return close_descriptor(queue, RC_CALLER);
}

RC_INTERPOSE_UNRESERVED int mq_unlink(const char* name) noexcept {
  uses_queues(RC_CALLER);
  return RC_ORIGINAL(mq_unlink)(name);
}

RC_INTERPOSE_UNRESERVED int mq_getattr(mqd_t queue, mq_attr* attributes) noexcept {
  uses_files(RC_CALLER);
  open_for_kernel(attributes, sizeof *attributes);
  const int result = RC_ORIGINAL(mq_getattr)(queue, attributes);
  if (rt.executing && result == 0) filled(attributes, sizeof *attributes, RC_CALLER);
  return result;
}

RC_INTERPOSE_UNRESERVED int mq_setattr(mqd_t queue, const mq_attr* attributes, mq_attr* old) noexcept {
  uses_files(RC_CALLER);
  open_for_kernel(old, sizeof *old);
  return RC_ORIGINAL(mq_setattr)(queue, attributes, old);
}

RC_INTERPOSE_UNRESERVED int mq_notify(mqd_t queue, const sigevent* event) noexcept {
  if (!rt.executing || event == nullptr || event->sigev_notify == SIGEV_NONE)
    return RC_ORIGINAL(mq_notify)(queue, event);
  fail(
      Kind::nondeterminism, RC_CALLER, nullptr,
      "T%u calls mq_notify(): its signal or thread would come when the kernel likes, beyond the search's control; call "
      "mq_receive() in a thread of the program's own instead",
      self().id);
}

RC_INTERPOSE_UNRESERVED ssize_t mq_receive(mqd_t queue, char* buffer, size_t room, unsigned* priority) {
  if (!rt.executing) return RC_ORIGINAL(mq_receive)(queue, buffer, room, priority);
  return receive("mq_receive", queue, buffer, room, priority, 0, RC_CALLER);
}

RC_INTERPOSE_UNRESERVED ssize_t mq_timedreceive(mqd_t queue, char* buffer, size_t room, unsigned* priority,
                                                const timespec* deadline) {
  if (!rt.executing) return RC_ORIGINAL(mq_timedreceive)(queue, buffer, room, priority, deadline);
  if (refuses(*deadline)) return -1;
  return receive("mq_timedreceive", queue, buffer, room, priority, absolute_deadline(*deadline), RC_CALLER);
}

RC_INTERPOSE_UNRESERVED int mq_send(mqd_t queue, const char* data, size_t size, unsigned priority) {
  if (!rt.executing) return RC_ORIGINAL(mq_send)(queue, data, size, priority);
  return send("mq_send", queue, data, size, priority, 0, RC_CALLER);
}

RC_INTERPOSE_UNRESERVED int mq_timedsend(mqd_t queue, const char* data, size_t size, unsigned priority,
                                         const timespec* deadline) {
  if (!rt.executing) return RC_ORIGINAL(mq_timedsend)(queue, data, size, priority, deadline);
  if (refuses(*deadline)) return -1;
  return send("mq_timedsend", queue, data, size, priority, absolute_deadline(*deadline), RC_CALLER);
}
