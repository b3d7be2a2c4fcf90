// Waiting for several descriptors: poll, select, epoll. Their timeouts are in virtual time.
#include <errno.h>
#include <poll.h>
#include <racecourse/checkers/runtime/interpose/deadline.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/ready.h>
#include <racecourse/checkers/runtime/interpose/stream.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include <optional>

extern "C" {
int __poll_chk(pollfd* requests, nfds_t count, int milliseconds, size_t room);
int __ppoll_chk(pollfd* requests, nfds_t count, const timespec* timeout, const sigset_t* mask, size_t room);
}

RC_DECLARE_ORIGINAL(poll)
RC_DECLARE_ORIGINAL(ppoll)
RC_DECLARE_ORIGINAL(select)
RC_DECLARE_ORIGINAL(pselect)
RC_DECLARE_ORIGINAL(epoll_wait)
RC_DECLARE_ORIGINAL(epoll_pwait)

namespace racecourse::runtime {

namespace {

// Nanoseconds; none: wait for ever.
using Timeout = std::optional<std::uint64_t>;

Timeout from_milliseconds(int milliseconds) {
  if (milliseconds < 0) return std::nullopt;
  return static_cast<std::uint64_t>(milliseconds) * 1'000'000;
}

Timeout from_timespec(const timespec* time) {
  if (time == nullptr) return std::nullopt;
  return to_nanoseconds(*time);
}

// Repeats `attempt` (the call with a timeout of zero) until it returns something or time is up.
template <class Attempt>
int wait_for_any(const char* call, const Timeout& timeout, std::uint64_t pc, Attempt attempt) {
  int result = 0;
  const std::uint64_t deadline = timeout ? rt.now + *timeout : 0;
  wait_until_ready(call, -1, deadline, pc, [&] {
    result = attempt();
    return result != 0;
  });
  if (result == 0) spun(pc);
  order_after(descriptors_clock());
  return result;
}

struct Sets {
  explicit Sets(fd_set* const (&sets)[3]) : original(sets) {
    for (int i = 0; i < 3; ++i)
      if (original[i] != nullptr) wanted[i] = *original[i];
  }
  // select overwrites what it was asked with what it answers.
  void ask_again() {
    for (int i = 0; i < 3; ++i)
      if (original[i] != nullptr) *original[i] = wanted[i];
  }
  fd_set* const (&original)[3];
  fd_set wanted[3];
};

int select_any(const char* call, int count, fd_set* const (&sets)[3], const Timeout& timeout, std::uint64_t pc) {
  Sets kept(sets);
  return wait_for_any(call, timeout, pc, [&] {
    kept.ask_again();
    timeval none{};
    return RC_ORIGINAL(select)(count, sets[0], sets[1], sets[2], &none);
  });
}

int poll_any(const char* call, pollfd* requests, nfds_t count, const Timeout& timeout, std::uint64_t pc) {
  open_for_kernel(requests, count * sizeof *requests);
  return wait_for_any(call, timeout, pc, [&] { return RC_ORIGINAL(poll)(requests, count, 0); });
}

int epoll_any(const char* call, int descriptor, epoll_event* events, int room, int milliseconds, std::uint64_t pc) {
  if (room > 0) open_for_kernel(events, static_cast<std::size_t>(room) * sizeof *events);
  return wait_for_any(call, from_milliseconds(milliseconds), pc,
                      [&] { return RC_ORIGINAL(epoll_wait)(descriptor, events, room, 0); });
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int poll(pollfd* requests, nfds_t count, int milliseconds) {
  if (!rt.executing) return RC_ORIGINAL(poll)(requests, count, milliseconds);
  return poll_any("poll", requests, count, from_milliseconds(milliseconds), RC_CALLER);
}

RC_INTERPOSE int __poll_chk(pollfd* requests, nfds_t count, int milliseconds, size_t room) {
  if (room / sizeof *requests < count) std::abort();
  if (!rt.executing) return RC_ORIGINAL(poll)(requests, count, milliseconds);
  return poll_any("poll", requests, count, from_milliseconds(milliseconds), RC_CALLER);
}

RC_INTERPOSE int ppoll(pollfd* requests, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  if (!rt.executing) return RC_ORIGINAL(ppoll)(requests, count, timeout, mask);
  return poll_any("ppoll", requests, count, from_timespec(timeout), RC_CALLER);
}

RC_INTERPOSE int __ppoll_chk(pollfd* requests, nfds_t count, const timespec* timeout, const sigset_t* mask,
                             size_t room) {
  if (room / sizeof *requests < count) std::abort();
  if (!rt.executing) return RC_ORIGINAL(ppoll)(requests, count, timeout, mask);
  return poll_any("ppoll", requests, count, from_timespec(timeout), RC_CALLER);
}

RC_INTERPOSE_UNRESERVED int select(int count, fd_set* readable, fd_set* writable, fd_set* exceptional,
                                   timeval* timeout) {
  if (!rt.executing) return RC_ORIGINAL(select)(count, readable, writable, exceptional, timeout);
  Timeout nanoseconds;
  if (timeout != nullptr) nanoseconds = to_nanoseconds({timeout->tv_sec, timeout->tv_usec * 1000});
  return select_any("select", count, {readable, writable, exceptional}, nanoseconds, RC_CALLER);
}

RC_INTERPOSE int pselect(int count, fd_set* readable, fd_set* writable, fd_set* exceptional, const timespec* timeout,
                         const sigset_t* mask) {
  if (!rt.executing) return RC_ORIGINAL(pselect)(count, readable, writable, exceptional, timeout, mask);
  return select_any("pselect", count, {readable, writable, exceptional}, from_timespec(timeout), RC_CALLER);
}

RC_INTERPOSE int epoll_wait(int descriptor, epoll_event* events, int room, int milliseconds) {
  if (!rt.executing) return RC_ORIGINAL(epoll_wait)(descriptor, events, room, milliseconds);
  return epoll_any("epoll_wait", descriptor, events, room, milliseconds, RC_CALLER);
}

RC_INTERPOSE int epoll_pwait(int descriptor, epoll_event* events, int room, int milliseconds, const sigset_t* mask) {
  if (!rt.executing) return RC_ORIGINAL(epoll_pwait)(descriptor, events, room, milliseconds, mask);
  return epoll_any("epoll_pwait", descriptor, events, room, milliseconds, RC_CALLER);
}
