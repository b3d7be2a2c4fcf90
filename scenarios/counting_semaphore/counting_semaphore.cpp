// A lost wakeup in shipped code: std::counting_semaphore of libstdc++. The header is inline, so this program runs the
// installed library's own code.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <atomic>
#include <cassert>
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

// Another thread that comes by later and wakes whoever sleeps, by giving back a permit that was never taken.
void wake_by_an_extra_release() {
  std::counting_semaphore<> semaphore(1);
  std::atomic<int> inside{0};
  const auto take_and_return = [&] {
    semaphore.acquire();
    assert(++inside == 1);
    --inside;
    semaphore.release();
  };
  std::thread a(take_and_return), b(take_and_return);
  std::thread waker([&] { semaphore.release(); });
  a.join();
  b.join();
  waker.join();
}

// Of the default mix about one execution in six hundred hits the bug: this many miss it with probability e^-33.
Options long_search() {
  Options options;
  options.executions = 20'000;
  return options;
}

Entry installed_library() {
  const Expectation on_real_threads = may_find(
      Kind::hang,
      "every access is atomic, so there is no data race; the wakeup is lost in a window of a few instructions");
  Entry made =
      broken("installed_library", "The installed libstdc++ loses a wakeup: a thread sleeps beside a free permit.",
             three_share_one_permit<std::counting_semaphore<>>,
             {{Checker::explore, finds(Kind::lost_wakeup, {Kind::deadlock})}, {Checker::tsan, on_real_threads}});
  if (!kKnownToBeBroken) {
    made.summary = "It is not known whether the installed library loses wakeups.";
    made.expected[Checker::explore] =
        may_find(Kind::lost_wakeup, "releases of libstdc++ up to GCC 15 are known to", {Kind::deadlock});
  }
  return with(long_search(), made);
}

const ScenarioRegistration registration{{
    .name = "counting_semaphore",
    .title = "A thread sleeps beside a free permit",
    .family = "field-bug",
    .difficulty = 5,
    .from = "libstdc++ since GCC 11, the first with this class: GCC bugs 98033 and 104928; seen here with GCC 12",
    .story =
        "Three threads share one permit; each takes it and gives it back. Nobody holds it for ever, so nobody should "
        "wait for ever. With the semaphore of the installed library one of them can. For releases after GCC 15, and "
        "for other libraries, the declaration asks for nothing: run it and see.",
    .python = "Python's threading.Semaphore is a lock and a condition: the same as the right variant here.",
    .hints =
        {"acquire() has two parts: it tries to take a permit, and it sleeps if there is none. What does the thread "
         "sleep on?",
         "It sleeps until the count is no longer what it read. Which count may it have read?",
         "It read 1, lost that permit to another thread, and the permit came back before it fell asleep. The next "
         "release wakes sleepers only if the count was zero."},
    .explanation =
        "acquire() reads the count and, when it cannot take a permit, sleeps until the count is no longer what "
        "it read. release() adds one, and wakes sleepers only if the count was zero before. A waiter reads 1 "
        "and loses that permit to another thread; it fails to take one while it spins; the permit comes back, "
        "and the waiter goes to sleep on the value 1: a permit is free, and it sleeps. The next release turns "
        "1 into 2, or finds nobody whom it must wake. It needs two well-placed switches, which is why stress "
        "tests pass for years.",
    .rule = "A thread may sleep only on a value that means that it has to wait.",
    .fix =
        "Count the permits under a mutex, and let a sleeper look again each time it is woken: it sleeps only while the "
        "count is zero, and every release notifies.",
    .reading = {"GCC Bugzilla, bugs 98033 and 104928",
                "ArangoDB, issue 16642: why it stopped using std::counting_semaphore"},
    .variants =
        {
            installed_library(),
            with(long_search(),
                 right("locked", "A permit is counted under a mutex, and a sleeper looks again before it goes on.",
                       three_share_one_permit<LockedSemaphore>)),
            wrong_fix("extra_release", "Somebody releases once more from time to time, to wake who may sleep.",
                      "A permit that nobody took lets two threads in at a time.", wake_by_an_extra_release,
                      {{Checker::explore, finds(Kind::assertion, {Kind::deadlock, Kind::lost_wakeup})},
                       {Checker::tsan, may_find(Kind::assertion, "both must be inside at the same moment")}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
