#include <fcntl.h>
#include <poll.h>
#include <racecourse/checkers/runtime/interpose/cancel.h>
#include <racecourse/checkers/runtime/interpose/deadline.h>
#include <racecourse/checkers/runtime/interpose/ready.h>
#include <racecourse/checkers/runtime/interpose/stream.h>
#include <sys/syscall.h>

#include <algorithm>

namespace racecourse::runtime {

namespace {

constexpr std::uint64_t kLongestSlice = 3600 * kSecond;
constexpr int kMaxRounds = 5000;
constexpr std::uint64_t kNever = ~0ull;

// Whether another thread can still run, now or after a timeout of its own.
bool someone_else_can_run() { return rt.enabled_count > 1 || rt.timed_count > 0; }

bool is_ready(int descriptor, short events) {
  const long flags = raw_syscall(SYS_fcntl, descriptor, F_GETFL);
  if (flags < 0 || (flags & O_NONBLOCK) != 0) return true;
  pollfd request{descriptor, events, 0};
  timespec none{};
  return raw_syscall(SYS_ppoll, reinterpret_cast<long>(&request), 1, reinterpret_cast<long>(&none)) != 0;
}

}  // namespace

bool Patience::let_others_run() {
  if (deadline_ != 0 && deadline_ <= rt.now) return false;
  // With nobody else, a timeout is all that can come.
  std::uint64_t until = someone_else_can_run() ? rt.now + slice_ : kNever;
  for (const std::uint64_t timeout : {deadline_, next_timer()})
    if (timeout != 0) until = std::min(until, timeout);
  if (until == kNever || (deadline_ == 0 && ++rounds_ > kMaxRounds)) {
    if (descriptor_ >= 0)
      fail(Kind::uncontrolled_blocking, pc_, nullptr, "T%u would block in %s() on descriptor %d for ever", self().id,
           call_, descriptor_);
    fail(Kind::uncontrolled_blocking, pc_, nullptr, "T%u would block in %s() for ever", self().id, call_);
  }
  wait(Wait::sleep, &self(), pc_, until);
  after_cancellable_wait(pc_);
  slice_ = std::min(slice_ * 2, kLongestSlice);
  return true;
}

void wait_for_descriptor(const char* call, int descriptor, short events, std::uint64_t pc) {
  wait_until_ready(call, descriptor, 0, pc, [&] { return is_ready(descriptor, events); });
  order_after(descriptors_clock());
}

}  // namespace racecourse::runtime
