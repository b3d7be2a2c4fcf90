// Clocks, sleeps and yields. Time is virtual: it stands still while threads work, moves on a little when a clock is
// read, and jumps to the next deadline when the scheduler lets a sleeper or a timeout go first.
#include <errno.h>
#include <racecourse/checkers/runtime/interpose/cancel.h>
#include <racecourse/checkers/runtime/interpose/clock.h>
#include <racecourse/checkers/runtime/interpose/filled.h>
#include <sched.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

RC_DECLARE_ORIGINAL(clock_gettime)
RC_DECLARE_ORIGINAL(gettimeofday)
RC_DECLARE_ORIGINAL(time)
RC_DECLARE_ORIGINAL(timespec_get)
RC_DECLARE_ORIGINAL(nanosleep)
RC_DECLARE_ORIGINAL(clock_nanosleep)
RC_DECLARE_ORIGINAL(usleep)
RC_DECLARE_ORIGINAL(sleep)
RC_DECLARE_ORIGINAL(sched_yield)

namespace racecourse::runtime {

namespace {

constexpr std::uint64_t kReadCost = 50;  // ns, about that of a real clock

// A thread that reads the clock again and again waits for time to pass: it passes ever faster, so that a busy wait of
// a second is some hundred steps.
std::uint64_t read_cost() {
  const std::uint32_t doublings = self().idle / 16;
  return kReadCost << (doublings < 20 ? doublings : 20);
}

}  // namespace

std::uint64_t read_clock(std::uint64_t pc) {
  rt.now += read_cost();
  const std::uint64_t time = rt.now;
  trace(Op::clock, nullptr, pc, time);
  spun(pc);
  return time;
}

std::uint64_t deadline_of_sleep(const timespec& time, bool absolute) {
  if (!is_valid(time) || time.tv_sec < 0) return kInvalidTime;
  return absolute ? absolute_deadline(time) : deadline_after(to_nanoseconds(time));
}

int sleep_until(std::uint64_t deadline, std::uint64_t pc) {
  if (deadline == kInvalidTime) return -EINVAL;
  enter(pc, {});
  cancellation_point(pc);
  trace(Op::sleep, nullptr, pc, deadline > rt.now ? deadline - rt.now : 0);
  wait(Wait::sleep, &self(), pc, deadline);
  after_cancellable_wait(pc);
  trace(Op::sleep_done, nullptr, pc);
  return 0;
}

void give_way(std::uint64_t pc) {
  if (!quiet()) yield(pc);
}

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int clock_gettime(clockid_t clock, timespec* time) noexcept {
  if (!rt.executing) return RC_ORIGINAL(clock_gettime)(clock, time);
  *time = to_timespec(read_clock(RC_CALLER));
  filled(time, sizeof *time, RC_CALLER);
  return 0;
}

RC_INTERPOSE int timespec_get(timespec* time, int base) noexcept {
  if (!rt.executing || base != TIME_UTC) return RC_ORIGINAL(timespec_get)(time, base);
  *time = to_timespec(read_clock(RC_CALLER));
  filled(time, sizeof *time, RC_CALLER);
  return base;
}

RC_INTERPOSE int gettimeofday(timeval* time, void* zone) noexcept {
  if (!rt.executing) return RC_ORIGINAL(gettimeofday)(time, zone);
  const timespec now = to_timespec(read_clock(RC_CALLER));
  *time = {now.tv_sec, now.tv_nsec / 1000};
  filled(time, sizeof *time, RC_CALLER);
  return 0;
}

RC_INTERPOSE time_t time(time_t* result) noexcept {
  if (!rt.executing) return RC_ORIGINAL(time)(result);
  const auto now = static_cast<time_t>(read_clock(RC_CALLER) / kSecond);
  if (result == nullptr) return now;
  *result = now;
  filled(result, sizeof *result, RC_CALLER);
  return now;
}

RC_INTERPOSE int nanosleep(const timespec* duration, timespec* remaining) {
  if (!rt.executing) return RC_ORIGINAL(nanosleep)(duration, remaining);
  if (sleep_until(deadline_of_sleep(*duration, false), RC_CALLER) == 0) return 0;
  errno = EINVAL;
  return -1;
}

RC_INTERPOSE int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* remaining) {
  if (!rt.executing) return RC_ORIGINAL(clock_nanosleep)(clock, flags, time, remaining);
  return -sleep_until(deadline_of_sleep(*time, (flags & TIMER_ABSTIME) != 0), RC_CALLER);
}

RC_INTERPOSE_UNRESERVED int usleep(useconds_t microseconds) {
  if (!rt.executing) return RC_ORIGINAL(usleep)(microseconds);
  return sleep_until(deadline_after(std::uint64_t{microseconds} * 1000), RC_CALLER);
}

RC_INTERPOSE_UNRESERVED unsigned sleep(unsigned seconds) {
  if (!rt.executing) return RC_ORIGINAL(sleep)(seconds);
  return static_cast<unsigned>(sleep_until(deadline_after(std::uint64_t{seconds} * kSecond), RC_CALLER));
}

RC_INTERPOSE int sched_yield() noexcept {
  if (!rt.executing) return RC_ORIGINAL(sched_yield)();
  give_way(RC_CALLER);
  return 0;
}

#if !__GLIBC_PREREQ(2, 34)
RC_INTERPOSE int pthread_yield() noexcept { return sched_yield(); }
#endif
