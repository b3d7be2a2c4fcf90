// Waits that end and weak compare-exchanges that fail for no reason: code that is right does not notice.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <gtest/gtest.h>
#include <linux/futex.h>
#include <racecourse/checkers/explore.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace racecourse {
namespace {

Verdict searched(const std::function<void()>& body, std::optional<bool> spurious = {},
                 const char* strategy = "default") {
  Options options;
  options.executions = 2000;
  options.strategy = strategy;
  options.spurious = spurious;
  return search(body, options);
}

std::string kind(const Verdict& verdict) {
  return verdict.finding ? to_string(verdict.finding->kind) : to_string(verdict.state);
}

bool holds(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

// Exactly one notification, of exactly one waiter, after the change, under the mutex: nobody can steal it, and nothing
// but a spurious wakeup shows that `if` is not enough.
template <bool loops>
void wait_for_the_only_notification() {
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  std::thread waiter([&] {
    std::unique_lock lock(mutex);
    if constexpr (loops) {
      while (!done) changed.wait(lock);
    } else {
      if (!done) changed.wait(lock);  // BUG: no loop
    }
    assert(done);
  });
  {
    const std::lock_guard lock(mutex);
    done = true;
    changed.notify_one();
  }
  waiter.join();
}

TEST(Spurious, AWaitThatDoesNotLookAgain) {
  EXPECT_EQ(kind(searched(wait_for_the_only_notification<true>)), "not-found");
  const Verdict verdict = searched(wait_for_the_only_notification<false>);
  ASSERT_EQ(kind(verdict), "assertion");
  EXPECT_TRUE(holds(verdict.finding->picture, "by nobody: a spurious wakeup")) << verdict.finding->picture;
  EXPECT_TRUE(holds(verdict.finding->token, ".s0.")) << verdict.finding->token;
  EXPECT_EQ(kind(searched(wait_for_the_only_notification<false>, false)), "not-found");
}

TEST(Spurious, ThePictureOfALoneThreadShowsTheWaitThatEnded) {
  const Verdict verdict = searched([] {
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    const std::string long_enough_to_be_on_the_heap(100, 'x');
    const bool timed_out = never.wait_for(lock, std::chrono::seconds(1)) == std::cv_status::timeout;
    assert(timed_out && long_enough_to_be_on_the_heap == std::string(100, 'x'));
  });
  ASSERT_EQ(kind(verdict), "assertion");
  EXPECT_TRUE(holds(verdict.finding->picture, "wait  never")) << verdict.finding->picture;
  EXPECT_TRUE(holds(verdict.finding->picture, "by nobody: a spurious wakeup")) << verdict.finding->picture;
}

// Whatever the option says: the token does.
TEST(Spurious, ATokenReplaysIt) {
  const Verdict verdict = searched(wait_for_the_only_notification<false>);
  ASSERT_TRUE(verdict.finding.has_value()) << verdict.text;
  Options options;
  options.token = verdict.finding->token;
  options.spurious = false;
  const Verdict again = search(wait_for_the_only_notification<false>, options);
  ASSERT_TRUE(again.finding.has_value()) << again.text;
  EXPECT_EQ(again.finding->picture.substr(0, again.finding->picture.find("replay")),
            verdict.finding->picture.substr(0, verdict.finding->picture.find("replay")));
}

TEST(Spurious, AnExhaustiveSearchHasThemIfAskedTo) {
  const Verdict without = searched(wait_for_the_only_notification<false>, false, "exhaustive");
  EXPECT_EQ(kind(without), "proved");
  EXPECT_TRUE(holds(without.text, "no wait ends and no weak compare-exchange fails for no reason")) << without.text;
  EXPECT_EQ(kind(searched(wait_for_the_only_notification<false>, true, "exhaustive")), "assertion");
  const Verdict with = searched(wait_for_the_only_notification<true>, true, "exhaustive");
  EXPECT_EQ(kind(with), "proved");
  EXPECT_TRUE(holds(with.text, "no thread has more than one wait that ends")) << with.text;
  EXPECT_EQ(kind(searched(wait_for_the_only_notification<false>, {}, "exhaustive")), "proved");
  EXPECT_GT(with.executions, searched(wait_for_the_only_notification<true>, false, "exhaustive").executions);
}

TEST(Spurious, ATimedWaitMayEndEarlyWithoutATimeout) {
  const auto body = [](bool looks_again) {
    return [looks_again] {
      std::mutex mutex;
      std::condition_variable never;
      std::thread waiter([&] {
        std::unique_lock lock(mutex);
        const auto begin = std::chrono::steady_clock::now();
        const auto until = begin + std::chrono::seconds(1);
        std::cv_status status;
        do {
          status = never.wait_until(lock, until);
        } while (looks_again && status == std::cv_status::no_timeout);
        assert(std::chrono::steady_clock::now() >= until);
      });
      waiter.join();
    };
  };
  EXPECT_EQ(kind(searched(body(true))), "not-found");
  EXPECT_EQ(kind(searched(body(false))), "assertion");
}

TEST(Spurious, AFutexThatIsNotLookedAtAgain) {
  const auto body = [](bool loops) {
    return [loops] {
      std::atomic<int> word{0};
      std::thread sleeper([&] {
        do {
          syscall(SYS_futex, reinterpret_cast<int*>(&word), FUTEX_WAIT_PRIVATE, 0, nullptr);
        } while (loops && word == 0);
        assert(word == 1);
      });
      word = 1;
      syscall(SYS_futex, reinterpret_cast<int*>(&word), FUTEX_WAKE_PRIVATE, 1);
      sleeper.join();
    };
  };
  EXPECT_EQ(kind(searched(body(true))), "not-found");
  EXPECT_EQ(kind(searched(body(false))), "assertion");
}

// g++ tells the runtime which compare-exchanges are weak; clang++ makes no difference between them.
TEST(Spurious, AWeakCompareExchangeThatIsTriedOnce) {
  const auto body = [](bool strong) {
    return [strong] {
      std::atomic<int> value{0};
      int expected = 0;
      const bool done = strong ? value.compare_exchange_strong(expected, 1) : value.compare_exchange_weak(expected, 1);
      assert(done);
    };
  };
  EXPECT_EQ(kind(searched(body(true))), "proved");
#ifdef __clang__
  GTEST_SKIP() << "clang++ makes every compare-exchange a strong one";
#endif
  const Verdict verdict = searched(body(false));
  ASSERT_EQ(kind(verdict), "assertion") << verdict.text;
  EXPECT_TRUE(holds(verdict.finding->picture, "a weak one, for no reason")) << verdict.finding->picture;
}

TEST(Spurious, ALoopAroundAWeakOneIsRight) {
  EXPECT_EQ(kind(searched([] {
              std::atomic<int> value{0};
              const auto add = [&] {
                int seen = value;
                while (!value.compare_exchange_weak(seen, seen + 1)) continue;
              };
              std::thread one(add), two(add);
              one.join();
              two.join();
              assert(value == 2);
            })),
            "not-found");
}

TEST(Spurious, BadOptionsAreRefused) {
  ASSERT_EQ(setenv("RACECOURSE_OPTIONS", "spurious=maybe", 1), 0);
  EXPECT_THROW(search([] {}), std::invalid_argument);
  unsetenv("RACECOURSE_OPTIONS");
}

}  // namespace
}  // namespace racecourse
