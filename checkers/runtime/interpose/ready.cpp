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

// Threads that wait here without a deadline. When all who can still run are such, and each of them has looked since
// anything else happened and found nothing, all of them wait for ever.
struct Lookers {
  int asleep;
  std::uint32_t round;  // a new one begins when something else happens
  int looked;           // in this round
  void begin_round() {
    ++round;
    looked = 0;
  }
};
Lookers lookers;

bool is_ready(int descriptor, short events) {
  const long flags = raw_syscall(SYS_fcntl, descriptor, F_GETFL);
  if (flags < 0 || (flags & O_NONBLOCK) != 0) return true;
  pollfd request{descriptor, events, 0};
  timespec none{};
  return raw_syscall(SYS_ppoll, reinterpret_cast<long>(&request), 1, reinterpret_cast<long>(&none)) != 0;
}

}  // namespace

Patience::Patience(const char* call, int descriptor, std::uint64_t deadline, std::uint64_t pc)
    : call_(call), descriptor_(descriptor), deadline_(deadline), pc_(pc) {
  lookers.begin_round();
}
Patience::~Patience() { lookers.begin_round(); }

bool Patience::is_for_ever() {
  const bool timer = next_timer() != 0;
  if (timer || rt.enabled_count > 1 || rt.timed_count > lookers.asleep) {
    lookers.begin_round();
    return !timer && ++rounds_ > kMaxRounds;
  }
  if (looked_ != lookers.round) {
    looked_ = lookers.round;
    ++lookers.looked;
  }
  if (lookers.looked <= lookers.asleep) return false;
  // What was sent through the kernel may still be on its way.
  if (waited_) return true;
  waited_ = true;
  const timespec while_it_comes{0, 1'000'000};
  raw_syscall(SYS_nanosleep, reinterpret_cast<long>(&while_it_comes));
  lookers.begin_round();
  return false;
}

bool Patience::let_others_run() {
  if (deadline_ != 0 && deadline_ <= rt.now) return false;
  if (deadline_ == 0 && is_for_ever()) {
    if (descriptor_ >= 0)
      fail(Kind::uncontrolled_blocking, pc_, nullptr, "T%u would block in %s() on descriptor %d for ever", self().id,
           call_, descriptor_);
    fail(Kind::uncontrolled_blocking, pc_, nullptr, "T%u would block in %s() for ever", self().id, call_);
  }
  std::uint64_t timeout = deadline_;
  if (const std::uint64_t timer = next_timer(); timer != 0 && (timeout == 0 || timer < timeout)) timeout = timer;
  // With nobody else, a timeout is all that can come.
  const bool alone = timeout != 0 && rt.enabled_count == 1 && rt.timed_count == 0;
  std::uint64_t until = alone ? timeout : rt.now + slice_;
  if (timeout != 0) until = std::min(until, timeout);
  if (deadline_ == 0) ++lookers.asleep;
  wait(Wait::sleep, &self(), pc_, until);
  if (deadline_ == 0) --lookers.asleep;
  after_cancellable_wait(pc_);
  slice_ = std::min(slice_ * 2, kLongestSlice);
  return true;
}

void wait_for_descriptor(const char* call, int descriptor, short events, std::uint64_t pc) {
  wait_until_ready(call, descriptor, 0, pc, [&] { return is_ready(descriptor, events); });
  order_after(descriptors_clock());
}

}  // namespace racecourse::runtime
