// A queue whose bug needs ten items in flight: a test that takes out what it puts in never sees it full.
//
// The mistake is one character. What makes it hard to find is how far one thread must run while the other stands still:
// a schedule that chooses anew at each step, by the toss of a coin, practically never gets there.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <array>
#include <cassert>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace racecourse::catalogue {
namespace {

struct AtMost {
  bool operator()(int count, int room) const { return count <= room; }
};
struct LessThan {
  bool operator()(int count, int room) const { return count < room; }
};

template <int room, class HasRoom>
class Ring {
 public:
  void put(int item) {
    std::unique_lock lock(mutex_);
    taken_.wait(lock, [this] { return HasRoom()(count_, room); });  // BUG: with AtMost one too many
    items_[(first_ + count_++) % room] = item;
    put_.notify_one();
  }
  int get() {
    std::unique_lock lock(mutex_);
    put_.wait(lock, [this] { return count_ > 0; });
    const int item = items_[first_];
    first_ = (first_ + 1) % room;
    --count_;
    taken_.notify_one();
    return item;
  }

 private:
  std::mutex mutex_;
  std::condition_variable put_, taken_;
  std::array<int, room> items_{};  // guarded by mutex_
  int first_ = 0, count_ = 0;      // guarded by mutex_
};

void at_once() {}
void after_a_yield() { std::this_thread::yield(); }  // "let the consumer have its turn"

template <int room, class HasRoom, void rest()>
void all_arrive_in_order() {
  Ring<room, HasRoom> ring;
  constexpr int kItems = room + 2;
  std::thread producer([&] {
    for (int i = 1; i <= kItems; ++i) {
      ring.put(i);
      rest();
    }
  });
  for (int i = 1; i <= kItems; ++i) {
    const int item = ring.get();
    assert(item == i);
  }
  producer.join();
}

// With a yield after each item about one execution in 4,000 fills the queue: so many miss it with probability e^-12.
Options many_executions() {
  Options options;
  options.executions = 50'000;
  return options;
}

const std::map<Checker, Expectation> overwritten{
    {Checker::explore, finds(Kind::assertion)},
    {Checker::tsan, may_find(Kind::assertion, "the consumer must be held up while the whole queue fills")},
};

const ScenarioRegistration registration{{
    .name = "full_queue",
    .title = "The eleventh item",
    .family = "field-bug",
    .difficulty = 4,
    .from = "llvm issue 183200, which asks what a random scheduler can reach: some bugs need a queue to be full",
    .story = "A ring has room for ten items. Producer and consumer are about as quick as each other, so there are "
             "seldom more than two or three in it. It has passed every stress test for years. Then the consumer's disk "
             "is slow for a moment, and ten orders later somebody gets the wrong one.",
    .hints = {"Which lines of the ring have never been run by a test in which the queue is nearly empty?",
              "The ring has room for ten. With how many in it does put() still go ahead?",
              "With ten. Where does the eleventh item go, and what lay there?"},
    .explanation =
        "put() goes on while the count is at most the room, so also when the ring is full. The eleventh item goes into "
        "the slot after the tenth, which is the slot of the first, and overwrites it. All of it happens under the "
        "mutex: there is no data race and no lost wakeup, only a wrong answer to a question that is hardly ever asked. "
        "To ask it, the producer must run through eleven puts while the consumer does not move. If each step is chosen "
        "by a coin, the chance halves with each of some thirty steps; a search that lets one thread run on, or that "
        "gives threads priorities as PCT does, gets there in a few executions.",
    .rule = "Test a bounded structure where it is empty and where it is full, whatever the load of every day is.",
    .fix = "put() goes on while the count is less than the room. For the test: a small room makes the same line run "
           "after a few steps.",
    .reading = {"LLVM issue 183200: a simulating scheduler for ThreadSanitizer",
                "Burckhardt, Kothari, Musuvathi, Nagarakatte, A randomized scheduler with probabilistic guarantees of "
                "finding bugs, ASPLOS 2010 (PCT)"},
    .variants =
        {
            broken("one_too_many", "Puts while there are at most ten.", all_arrive_in_order<10, AtMost, at_once>,
                   overwritten),
            right("less_than_room", "Puts while there are fewer than ten.", all_arrive_in_order<10, LessThan, at_once>),
            wrong_fix("twice_the_room", "Makes the ring twice as large.",
                      "The same happens with the twenty-first item, and even fewer tests ever see it.",
                      all_arrive_in_order<20, AtMost, at_once>, overwritten),
            with(many_executions(),
                 wrong_fix("producer_yields", "The producer yields after each item, so that the consumer keeps up.",
                           "A yield does not make the consumer take anything.",
                           all_arrive_in_order<10, AtMost, after_a_yield>, overwritten)),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
