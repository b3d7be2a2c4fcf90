// A notification that came while nobody waited: each time the twin that looks before it sleeps, and the one that does
// not.
#include <gtest/gtest.h>
#include <linux/futex.h>
#include <racecourse/checkers/explore.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace racecourse {
namespace {

Verdict searched(const std::function<void()>& body, const char* strategy = "default") {
  Options options;
  options.executions = 2000;
  options.strategy = strategy;
  return search(body, options);
}

std::string kind(const Verdict& verdict) {
  return verdict.finding ? to_string(verdict.finding->kind) : to_string(verdict.state);
}

bool holds(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

struct Event {
  std::mutex mutex;
  std::condition_variable happened;
  bool flag = false;  // guarded by mutex

  void raise() {
    {
      const std::lock_guard lock(mutex);
      flag = true;
    }
    happened.notify_one();
  }
};

template <class Wait>
auto raise_and(Wait wait) {
  return [wait] {
    Event event;
    std::thread waiter([&] {
      std::unique_lock lock(event.mutex);
      wait(event, lock);
    });
    std::thread raiser([&] { event.raise(); });
    waiter.join();
    raiser.join();
  };
}

const auto looks = raise_and(
    [](Event& event, std::unique_lock<std::mutex>& lock) { event.happened.wait(lock, [&] { return event.flag; }); });
const auto does_not_look =
    raise_and([](Event& event, std::unique_lock<std::mutex>& lock) { event.happened.wait(lock); });

TEST(LostWakeup, NotifiedBeforeTheWait) {
  EXPECT_EQ(kind(searched(looks)), "not-found");
  const Verdict verdict = searched(does_not_look);
  ASSERT_EQ(kind(verdict), "lost-wakeup");
  const std::string& text = verdict.finding->report;
  EXPECT_TRUE(holds(text, "T1 sleeps on happened, and missed the notify_one by T2 (lost_wakeup_test.cpp:")) << text;
  EXPECT_TRUE(holds(text, "first T2 notified at ")) << text;
  EXPECT_TRUE(holds(text, "then T1 fell asleep at ")) << text;
  EXPECT_TRUE(holds(verdict.finding->picture, "woke nobody")) << verdict.finding->picture;
}

TEST(LostWakeup, ASystematicSearchFindsItToo) {
  EXPECT_EQ(kind(searched(looks, "exhaustive")), "proved");
  EXPECT_EQ(kind(searched(does_not_look, "exhaustive")), "lost-wakeup");
}

// The token leads to the same judgement in a replay.
TEST(LostWakeup, TheTokenShowsItAgain) {
  const Verdict verdict = searched(does_not_look);
  ASSERT_TRUE(verdict.finding.has_value());
  Options options;
  options.token = verdict.finding->token;
  const Verdict again = search(does_not_look, options);
  ASSERT_TRUE(again.finding.has_value()) << again.text;
  EXPECT_EQ(again.finding->kind, Kind::lost_wakeup);
  EXPECT_EQ(again.finding->message, verdict.finding->message);
}

// The one who raises may be gone before the waiter is even started.
TEST(LostWakeup, NotifiedBeforeTheWaiterWasThere) {
  const auto body = [](bool looks) {
    return [looks] {
      Event event;
      std::thread raiser([&] { event.raise(); });
      raiser.join();
      std::thread waiter([&] {
        std::unique_lock lock(event.mutex);
        while (!looks || !event.flag) event.happened.wait(lock);
      });
      waiter.join();
    };
  };
  EXPECT_EQ(kind(searched(body(true))), "not-found");
  EXPECT_EQ(kind(searched(body(false))), "lost-wakeup");
}

// The look and the sleep are one step for all who change the flag under the mutex, and for nobody else.
TEST(LostWakeup, StoredWithoutTheMutex) {
  const auto body = [](bool locks) {
    return [locks] {
      std::mutex mutex;
      std::condition_variable raised;
      std::atomic<bool> flag{false};
      std::thread waiter([&] {
        std::unique_lock lock(mutex);
        while (!flag) raised.wait(lock);
      });
      if (locks) mutex.lock();
      flag = true;
      if (locks) mutex.unlock();
      raised.notify_all();
      waiter.join();
    };
  };
  EXPECT_EQ(kind(searched(body(true))), "not-found");
  EXPECT_EQ(kind(searched(body(false))), "lost-wakeup");
}

// Nobody waited for the first two notifications, but the consumer looked at the queue after both: it sleeps because
// nothing more comes.
TEST(LostWakeup, WhoLookedHasMissedNothing) {
  const auto body = [](int wanted) {
    return [wanted] {
      std::mutex mutex;
      std::condition_variable not_empty;
      std::deque<int> items;
      std::thread consumer([&] {
        for (int i = 0; i < wanted; i++) {
          std::unique_lock lock(mutex);
          not_empty.wait(lock, [&] { return !items.empty(); });
          items.pop_front();
        }
      });
      for (int i = 0; i < 2; i++) {
        {
          const std::lock_guard lock(mutex);
          items.push_back(i);
        }
        not_empty.notify_one();
      }
      consumer.join();
    };
  };
  EXPECT_EQ(kind(searched(body(2))), "not-found");
  EXPECT_EQ(kind(searched(body(3))), "deadlock");
}

TEST(LostWakeup, TheWrongConditionIsNamed) {
  const auto body = [](bool right) {
    return [right] {
      std::mutex mutex;
      std::condition_variable not_empty, not_full;
      int items = 0;
      std::thread consumer([&] {
        std::unique_lock lock(mutex);
        not_empty.wait(lock, [&] { return items > 0; });
      });
      {
        const std::lock_guard lock(mutex);
        items = 1;
        (right ? not_empty : not_full).notify_one();
      }
      consumer.join();
    };
  };
  EXPECT_EQ(kind(searched(body(true))), "not-found");
  const Verdict verdict = searched(body(false));
  ASSERT_EQ(kind(verdict), "deadlock");
  const std::string& text = verdict.finding->report;
  EXPECT_TRUE(holds(text, "T0 notified not_full at ")) << text;
  EXPECT_TRUE(holds(text, "where nobody waited,")) << text;
  EXPECT_TRUE(holds(text, "not_full -> woke nobody")) << text;  // in the picture
}

// ---- futexes

long futex(std::atomic<int>& word, int operation, int value) {
  return syscall(SYS_futex, reinterpret_cast<int*>(&word), operation | FUTEX_PRIVATE_FLAG, value, nullptr);
}

// The word goes to 1 and back. Who looks at it as it wakes others sees it; who only compares sleeps for ever.
TEST(LostWakeup, AFutexWokenTooEarly) {
  const auto body = [](bool leaves_trace) {
    return [leaves_trace] {
      std::atomic<int> word{0};
      std::thread sleeper([&] { futex(word, FUTEX_WAIT, 0); });
      word = 1;
      futex(word, FUTEX_WAKE, 1);
      if (!leaves_trace) word = 0;
      sleeper.join();
    };
  };
  EXPECT_EQ(kind(searched(body(true))), "not-found");
  const Verdict verdict = searched(body(false));
  ASSERT_EQ(kind(verdict), "lost-wakeup");
  EXPECT_TRUE(holds(verdict.finding->message, "because it was 0, and missed the wake by T0"))
      << verdict.finding->message;
}

}  // namespace
}  // namespace racecourse
