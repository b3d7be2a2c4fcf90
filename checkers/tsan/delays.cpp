#include <linux/futex.h>
#include <pthread.h>
#include <racecourse/checkers/tsan/delays.h>
#include <racecourse/checkers/tsan/interface.h>
#include <sys/syscall.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <ctime>

namespace racecourse::tsan {

constinit bool delays_on = false;

namespace {

// Enough for a body that synchronises all the time to stay far below its deadline.
constexpr std::int64_t kBudgetOfRun = 150'000'000;  // ns slept by all threads together
constexpr std::int64_t kLongestHold = 5'000'000;    // ns from a thread's creation
constexpr std::int64_t kStagger = 2'000'000;        // ns

enum class Start : std::uint8_t { together, one_by_one, as_they_come };

struct Plan {
  std::uint64_t seed;
  Start start;
  unsigned one_in;       // a delay point sleeps once in so many times
  std::int64_t longest;  // ns
  std::int64_t hold;     // ns: how long `together` holds a thread that nobody joins
};

constinit Plan plan{};
constinit std::atomic<std::int64_t> budget = 0;
constinit std::atomic<unsigned> threads = 0;
constinit std::atomic<unsigned> joins = 0;
constinit std::atomic<std::int64_t> begin_at = 0;  // threads held at their start begin at this time
constinit std::atomic<std::uint32_t> begin_now = 0;

// splitmix64: small, and every seed will do.
struct Random {
  std::uint64_t state;
  std::uint64_t next() {
    state += 0x9e3779b97f4a7c15;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t n) { return next() % n; }
};

constinit unsigned forks = 0;           // by this process
constinit unsigned process_number = 0;  // 0: the one that runs the body
constinit thread_local unsigned thread_number = 0;
constinit thread_local Random thread_random{};
constinit thread_local bool thread_seeded = false;

Random& random_of_thread() {
  if (!thread_seeded) {
    thread_seeded = true;
    thread_random.state = plan.seed ^ (std::uint64_t{thread_number} << 32) ^ (std::uint64_t{process_number} << 48);
  }
  return thread_random;
}

// Processes that the body forks would otherwise be delayed in step: each has a copy of the generator.
void before_fork() { forks++; }
void begin_process() {
  process_number = process_number * 16 + forks;
  thread_seeded = false;
}

std::int64_t now_ns() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000'000ll + time.tv_nsec;
}

// As a bare system call: to ThreadSanitizer a sleep is a hint that somebody means to synchronise by it.
void sleep_ns(std::int64_t ns) {
  if (ns <= 0 || budget.fetch_sub(ns, std::memory_order_relaxed) < ns) return;  // relaxed: only a number
  const int saved = errno;
  const timespec time{0, static_cast<long>(ns)};
  system_call()(SYS_nanosleep, &time, nullptr);
  errno = saved;
}

// Every magnitude up to `longest` is as likely as any other: what window the bug needs is not known.
std::int64_t some_time(Random& random, std::int64_t longest) {
  const std::int64_t most = std::max<std::int64_t>(longest >> random.below(8), 2);
  return most / 2 + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(most / 2)));
}

void wait_at_start() {
  while (begin_now.load(std::memory_order_relaxed) == 0) {  // relaxed: orders nothing, and must order nothing
    const std::int64_t left = begin_at.load(std::memory_order_relaxed) - now_ns();
    if (left <= 0) return;
    const timespec time{0, static_cast<long>(left)};
    system_call()(SYS_futex, &begin_now, FUTEX_WAIT_PRIVATE, 0, &time, nullptr, 0);
  }
}

}  // namespace

void start_delays(std::uint64_t seed, std::uint64_t run) {
  Random random{seed * 0x2545f4914f6cdd1d + run};
  plan.seed = random.next();
  constexpr Start kStarts[] = {Start::together, Start::together, Start::one_by_one, Start::as_they_come};
  plan.start = kStarts[random.below(4)];
  plan.one_in = 1u << random.below(4);
  constexpr std::int64_t kLongest[] = {20'000, 100'000, 500'000, 2'000'000};
  plan.longest = kLongest[random.below(4)];
  // Mostly until the body joins; now and then a thread that was created first begins alone.
  plan.hold = random.below(4) == 0 ? some_time(random, kLongestHold) : kLongestHold;
  budget = kBudgetOfRun;
  threads = 0;
  joins = 0;
  pthread_atfork(before_fork, nullptr, begin_process);  // each run is a process of its own: once is enough
  delays_on = true;
}

void stop_delays() { delays_on = false; }

void delay_now() noexcept {
  Random& random = random_of_thread();
  if (random.below(plan.one_in) == 0) sleep_ns(some_time(random, plan.longest));
}

unsigned next_thread_number() noexcept {
  if (delays_on && plan.start == Start::together) {
    begin_now = 0;
    begin_at = now_ns() + plan.hold;
  }
  return threads.fetch_add(1, std::memory_order_relaxed) + 1;
}

void begin_thread(unsigned number) {
  thread_number = number;
  if (!delays_on) return;
  const int saved = errno;
  switch (plan.start) {
    case Start::together:
      wait_at_start();
      break;
    case Start::one_by_one:
      sleep_ns(kStagger * static_cast<std::int64_t>(std::min(number, 8u)));
      break;
    case Start::as_they_come:
      break;
  }
  errno = saved;
  delay_now();
}

unsigned this_thread_number() { return thread_number; }

void count_join() noexcept { joins.fetch_add(1, std::memory_order_relaxed); }  // relaxed: must order nothing

bool all_joined() { return joins == threads; }

void let_threads_begin() {
  if (!delays_on || plan.start != Start::together) return;
  if (begin_now.exchange(1) != 0) return;
  const int saved = errno;
  system_call()(SYS_futex, &begin_now, FUTEX_WAKE_PRIVATE, 1'000'000, nullptr, nullptr, 0);
  errno = saved;
}

}  // namespace racecourse::tsan
