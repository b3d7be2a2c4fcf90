// timerfd_create() and the like. To those who read it, such a descriptor is an eventfd to which somebody adds the
// number of times that it fired.
#include <errno.h>
#include <fcntl.h>
#include <racecourse/checkers/runtime/descriptors.h>
#include <racecourse/checkers/runtime/interpose/clock.h>
#include <racecourse/checkers/runtime/interpose/filled.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/send.h>
#include <racecourse/checkers/runtime/interpose/timer_descriptor.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>

RC_DECLARE_ORIGINAL(timerfd_create)
RC_DECLARE_ORIGINAL(timerfd_settime)
RC_DECLARE_ORIGINAL(timerfd_gettime)

namespace racecourse::runtime {

namespace {

struct Timer {
  int descriptors;    // 0: free
  std::uint64_t due;  // 0: not set
  std::uint64_t interval;
};
// A descriptor of a timer; several are of one where one was duplicated.
struct Handle {
  int descriptor;
  int timer;
};
// Set back like other variables: no descriptor outlives the execution that opened it.
constexpr int kMost = 256;
Timer timers[kMost];
Handle handles[kMost];
int handle_count = 0;

const Handle* handle_of(int descriptor) {
  for (int i = 0; i < handle_count; ++i)
    if (handles[i].descriptor == descriptor) return &handles[i];
  return nullptr;
}

void add_handle(int descriptor, int timer) {
  if (handle_count == kMost) return;
  handles[handle_count++] = {descriptor, timer};
  ++timers[timer].descriptors;
}

itimerspec left_of(const Timer& timer) {
  const std::uint64_t left = timer.due > rt.now ? timer.due - rt.now : 0;
  return {to_timespec(timer.interval), to_timespec(left)};
}

void forget_expirations(int descriptor) {
  std::uint64_t count;
  const long flags = raw_syscall(SYS_fcntl, descriptor, F_GETFL);
  raw_syscall(SYS_fcntl, descriptor, F_SETFL, flags | O_NONBLOCK);
  raw_syscall(SYS_read, descriptor, reinterpret_cast<long>(&count), sizeof count);
  raw_syscall(SYS_fcntl, descriptor, F_SETFL, flags);
}

int set_timer(const Handle& handle, bool absolute, const itimerspec& value, itimerspec* old, std::uint64_t pc) {
  Timer& timer = timers[handle.timer];
  if (!is_valid(value.it_value) || !is_valid(value.it_interval)) {
    errno = EINVAL;
    return -1;
  }
  before_telling(pc);
  if (old != nullptr) {
    *old = left_of(timer);
    filled(old, sizeof *old, pc);
  }
  forget_expirations(handle.descriptor);
  const bool on = value.it_value.tv_sec != 0 || value.it_value.tv_nsec != 0;
  timer.due = on ? deadline_of_sleep(value.it_value, absolute) : 0;
  timer.interval = to_nanoseconds(value.it_interval);
  return 0;
}

}  // namespace

int create_timer(clockid_t clock, int flags, std::uint64_t pc) {
  uses_files(pc);
  const bool known = clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME ||
                     clock == CLOCK_REALTIME_ALARM || clock == CLOCK_BOOTTIME_ALARM;
  const bool has_room = handle_count < kMost;
  if (!known || (flags & ~(TFD_NONBLOCK | TFD_CLOEXEC)) != 0 || !has_room) {
    errno = has_room ? EINVAL : EMFILE;
    return -1;
  }
  static_assert(int{TFD_NONBLOCK} == int{EFD_NONBLOCK} && int{TFD_CLOEXEC} == int{EFD_CLOEXEC});
  const int descriptor = note_opened(from_kernel(raw_syscall(SYS_eventfd2, 0, flags)));
  if (descriptor < 0) return -1;
  int timer = 0;
  while (timers[timer].descriptors > 0) ++timer;
  timers[timer] = {};
  add_handle(descriptor, timer);
  return descriptor;
}

std::uint64_t next_timer() {
  std::uint64_t first = 0;
  for (int i = 0; i < handle_count; ++i) {
    const std::uint64_t due = timers[handles[i].timer].due;
    if (due != 0 && (first == 0 || due < first)) first = due;
  }
  return first;
}

void fire_timers() {
  for (int i = 0; i < handle_count; ++i) {
    Timer& timer = timers[handles[i].timer];
    if (timer.due == 0 || timer.due > rt.now) continue;
    const std::uint64_t times = timer.interval != 0 ? (rt.now - timer.due) / timer.interval + 1 : 1;
    raw_syscall(SYS_write, handles[i].descriptor, reinterpret_cast<long>(&times), sizeof times);
    timer.due = timer.interval != 0 ? timer.due + times * timer.interval : 0;
  }
}

void forget_timer(int descriptor) {
  const Handle* const known = handle_of(descriptor);
  if (known == nullptr) return;
  --timers[known->timer].descriptors;
  handles[known - handles] = handles[--handle_count];
}

void share_timer(int from, int to) {
  forget_timer(to);
  if (const Handle* const handle = handle_of(from)) add_handle(to, handle->timer);
}

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int timerfd_create(clockid_t clock, int flags) noexcept {
  if (!rt.executing) return RC_ORIGINAL(timerfd_create)(clock, flags);
  return create_timer(clock, flags, RC_CALLER);
}

RC_INTERPOSE int timerfd_settime(int descriptor, int flags, const itimerspec* value, itimerspec* old) noexcept {
  const Handle* const handle = rt.executing ? handle_of(descriptor) : nullptr;
  if (handle == nullptr) return RC_ORIGINAL(timerfd_settime)(descriptor, flags, value, old);
  return set_timer(*handle, (flags & TFD_TIMER_ABSTIME) != 0, *value, old, RC_CALLER);
}

// Who asks again and again waits for time to pass.
RC_INTERPOSE int timerfd_gettime(int descriptor, itimerspec* value) noexcept {
  const Handle* const handle = rt.executing ? handle_of(descriptor) : nullptr;
  if (handle == nullptr) return RC_ORIGINAL(timerfd_gettime)(descriptor, value);
  read_clock(RC_CALLER);
  uses_files(RC_CALLER);
  fire_timers();
  *value = left_of(timers[handle->timer]);
  filled(value, sizeof *value, RC_CALLER);
  return 0;
}
