// Readers and a writer: as long as one reader comes before the last one leaves, the writer waits.
//
// No lock is ever held for long, and nobody does anything wrong. What is missing is a promise about order. "For ever"
// cannot be seen in a run that ends, so the bodies count: how many readers went in past a waiting writer?
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <cassert>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <thread>

namespace racecourse::catalogue {
namespace {

enum class First { readers, writers };

template <First first>
class ReadersWriterLock {
 public:
  void lock_shared() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return may_read(); });
    ++readers_;
    if (waiting_writers_ > 0) ++overtaken_;
  }
  void unlock_shared() {
    const std::lock_guard lock(mutex_);
    if (--readers_ == 0) changed_.notify_all();
  }
  void lock() {
    std::unique_lock lock(mutex_);
    ++waiting_writers_;
    changed_.wait(lock, [this] { return readers_ == 0 && !writing_; });
    --waiting_writers_;
    writing_ = true;
  }
  void unlock() {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    changed_.notify_all();
  }
  int overtaken() const { return overtaken_; }

 private:
  bool may_read() const {
    if (first == First::writers && waiting_writers_ > 0) return false;
    return !writing_;  // BUG: asks nobody who waits
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int readers_ = 0, waiting_writers_ = 0;  // guarded by mutex_
  int overtaken_ = 0;                      // guarded by mutex_: readers that went in while a writer waited
  bool writing_ = false;                   // guarded by mutex_
};

constexpr int kReads = 3;
constexpr int kPatience = 2;  // so many may overtake a writer; one that starves is overtaken without limit

void at_once() {}
void after_a_yield() { std::this_thread::yield(); }

template <First first, void rest()>
void two_readers_and_a_writer() {
  ReadersWriterLock<first> lock;
  int price = 100;
  const auto read = [&] {
    for (int i = 0; i < kReads; ++i) {
      {
        const std::shared_lock reading(lock);
        assert(price > 0);
      }
      rest();
    }
  };
  std::thread one(read), other(read);
  std::thread writer([&] {
    const std::lock_guard writing(lock);
    price = 90;
  });
  one.join();
  other.join();
  writer.join();
  assert(lock.overtaken() <= kPatience);
}

const std::map<Checker, Expectation> overtaken{
    {Checker::explore, finds(Kind::assertion)},
    {Checker::tsan, may_find(Kind::assertion, "the writer must come while the readers are busiest")},
};

const ScenarioRegistration registration{{
    .name = "writer_starves",
    .title = "The writer who lets everybody past",
    .family = "classic",
    .difficulty = 3,
    .from = "Courtois, Heymans and Parnas, 1971, who gave the problem in two forms for this reason",
    .story = "A price list is read all the time and changed once a day. Readers do not disturb each other, so any "
             "number of them may read at once; the writer waits until nobody reads. In the quiet of the test "
             "environment a change takes no time. In production it takes until the shop closes.",
    .hints = {"What does a reader ask before it goes in?",
              "The writer waits for the number of readers to be 0. Who takes care that it ever is?",
              "Two readers are enough: each comes back before the other has left. Whom should a reader let past?"},
    .explanation =
        "A reader goes in whenever nobody writes, even if a writer has been waiting for long. While readers overlap, "
        "there is no moment without one, and the writer's condition never comes true, or is false again before the "
        "writer has woken up. No run that ends can show \"never\": the check counts how many readers overtook the "
        "writer, and that number has no limit but the length of the run.",
    .rule = "A lock that many can share needs a promise about who is next.",
    .fix = "A reader waits not only while somebody writes, but also while a writer waits. Those who read already "
           "finish, and then it is the writer's turn: nobody overtakes it. The price: many writers can now keep the "
           "readers out, and only a queue is fair to both.",
    .reading = {"Courtois, Heymans, Parnas, Concurrent control with \"readers\" and \"writers\", CACM 14(10), 1971",
                "pthread_rwlockattr_setkind_np(3): what glibc prefers, and how to change it",
                "Herlihy, Shavit, The Art of Multiprocessor Programming, section 8.3: readers-writers locks"},
    .variants =
        {
            broken("readers_first", "A reader goes in whenever nobody writes.",
                   two_readers_and_a_writer<First::readers, at_once>, overtaken),
            right("writers_first", "A reader also waits while a writer waits.",
                  two_readers_and_a_writer<First::writers, at_once>),
            wrong_fix("readers_yield", "The readers yield between two reads.",
                      "A yield is a wish: the next reader is as likely to come as the writer.",
                      two_readers_and_a_writer<First::readers, after_a_yield>, overtaken),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
