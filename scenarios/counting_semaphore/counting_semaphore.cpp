// A lost wakeup in shipped code: std::counting_semaphore of libstdc++.
//
// The story: three threads share one permit; each takes it and gives it back. Nobody holds it for ever, so nobody
// should wait for ever. With the semaphore of the installed library one of them can.
//
// How: acquire() reads the count and, when it cannot take a permit, sleeps *until the count is no longer what it read*.
// release() adds one, and wakes sleepers only if the count was zero before. A waiter reads 1 and loses that permit to
// another thread; it fails to take one while it spins; the permit comes back, and the waiter goes to sleep on the value
// 1: a permit is free, and it sleeps. The next release turns 1 into 2, or finds nobody whom it must wake: the wakeup is
// lost. It needs two well-placed switches, which is why stress tests pass for years.
//
// The rule: a thread may sleep only on a value that means that it has to wait.
//
// Affected: libstdc++ since GCC 11, the first with this class (GCC bugs 98033 and 104928); seen here with GCC 12. The
// header is inline, so this program runs the installed library's own code. For releases after GCC 15, and for other
// libraries, the declaration asks for nothing: run it and see. The right variant is made of a mutex and a condition
// variable.
#include <racecourse/scenarios/catalogue.h>

#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <thread>

namespace racecourse::catalogue {
namespace {

class LockedSemaphore {
 public:
  explicit LockedSemaphore(int permits) : permits_(permits) {}
  void acquire() {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [this] { return permits_ > 0; });
    --permits_;
  }
  void release() {
    const std::lock_guard lock(mutex_);
    ++permits_;
    freed_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  int permits_;  // guarded by mutex_
};

template <class Semaphore>
void three_share_one_permit() {
  Semaphore semaphore(1);
  const auto take_and_return = [&] {
    semaphore.acquire();
    semaphore.release();
  };
  std::thread a(take_and_return), b(take_and_return), c(take_and_return);
  a.join();
  b.join();
  c.join();
}

#if defined(_GLIBCXX_RELEASE) && _GLIBCXX_RELEASE >= 11 && _GLIBCXX_RELEASE <= 15
constexpr bool kKnownToBeBroken = true;
#else
constexpr bool kKnownToBeBroken = false;
#endif

Entry entry(std::string variant, bool broken, std::string summary, std::function<void()> body,
            std::map<Checker, Expectation> expected) {
  Entry made;
  made.scenario = "counting_semaphore";
  made.variant = std::move(variant);
  made.family = "field-bug";
  made.broken = broken;
  made.summary = std::move(summary);
  made.body = std::move(body);
  made.expected = std::move(expected);
  // Of the default mix about one execution in six hundred hits the bug: this many miss it with probability e^-33.
  made.options.executions = 20'000;
  return made;
}

Expectation no_relacy() { return not_run("the library's code is written with std types, which Relacy does not see"); }

Entry installed_library() {
  const std::string why_tsan =
      "every access is atomic, so there is no data race; the wakeup is lost in a window of a few instructions";
  if (kKnownToBeBroken)
    return entry("installed_library", true,
                 "The installed libstdc++ loses a wakeup: a thread sleeps beside a free permit.",
                 three_share_one_permit<std::counting_semaphore<>>,
                 {{Checker::explore, finds(Kind::deadlock)},
                  {Checker::tsan, may_find(Kind::hang, why_tsan)},
                  {Checker::relacy, no_relacy()}});
  return entry("installed_library", true, "It is not known whether the installed library loses wakeups.",
               three_share_one_permit<std::counting_semaphore<>>,
               {{Checker::explore, may_find(Kind::deadlock, "releases of libstdc++ up to GCC 15 are known to")},
                {Checker::tsan, may_find(Kind::hang, why_tsan)},
                {Checker::relacy, no_relacy()}});
}

const Registration registration{{
    installed_library(),
    entry("locked", false, "A permit is counted under a mutex, and a sleeper looks again before it goes on.",
          three_share_one_permit<LockedSemaphore>,
          {{Checker::explore, finds_nothing()}, {Checker::tsan, finds_nothing()}, {Checker::relacy, no_relacy()}}),
}};

}  // namespace
}  // namespace racecourse::catalogue
