// Squares, then negates: each task holds the lock from its first element to its last, and the result is wrong. A lock
// says that sections do not mix. It does not say which comes first.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/checkers/explore.h>
#include <racecourse/scenarios/scenario.h>

#include <array>
#include <cassert>
#include <chrono>
#include <latch>
#include <mutex>
#include <string>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;

class Numbers {
 public:
  void square() {
    const std::lock_guard lock(mutex_);
    for (int& number : numbers_) number *= number;
  }
  void negate() {
    const std::lock_guard lock(mutex_);
    for (int& number : numbers_) number = -number;
  }
  // The lock is free between two elements.
  void square_one_by_one() {
    for (int& number : numbers_) {
      const std::lock_guard lock(mutex_);
      number *= number;
    }
  }
  void negate_one_by_one() {
    for (int& number : numbers_) {
      const std::lock_guard lock(mutex_);
      number = -number;
    }
  }
  void report() const { outcome(std::to_string(numbers_[0]) + " " + std::to_string(numbers_[1])); }

 private:
  std::mutex mutex_;
  std::array<int, 2> numbers_{2, 3};  // guarded by mutex_ while the tasks run
};

void each_locks_its_task() {
  Numbers numbers;
  std::thread squares([&] { numbers.square(); });
  std::thread negates([&] { numbers.negate(); });  // BUG: perhaps first
  squares.join();
  negates.join();
  numbers.report();
}

void joined_first() {
  Numbers numbers;
  std::thread squares([&] { numbers.square(); });
  squares.join();
  std::thread negates([&] { numbers.negate(); });
  negates.join();
  numbers.report();
}

void told_by_a_latch() {
  Numbers numbers;
  std::latch squared(1);
  std::thread squares([&] {
    numbers.square();
    squared.count_down();
  });
  std::thread negates([&] {
    squared.wait();
    numbers.negate();
  });
  squares.join();
  negates.join();
  numbers.report();
}

void bigger_lock() {
  Numbers numbers;
  std::mutex whole_task;
  std::thread squares([&] {
    const std::lock_guard lock(whole_task);
    numbers.square();
  });
  std::thread negates([&] {
    const std::lock_guard lock(whole_task);
    numbers.negate();
  });
  squares.join();
  negates.join();
  numbers.report();
}

void started_later() {
  Numbers numbers;
  std::thread squares([&] { numbers.square(); });
  std::this_thread::sleep_for(10ms);  // "by then it has the lock"
  std::thread negates([&] { numbers.negate(); });
  squares.join();
  negates.join();
  numbers.report();
}

void smaller_lock() {
  Numbers numbers;
  std::thread squares([&] { numbers.square_one_by_one(); });
  std::thread negates([&] { numbers.negate_one_by_one(); });
  squares.join();
  negates.join();
  numbers.report();
}

Expectation seldom() {
  return may_find(Kind::forbidden_outcome, "the thread that was started first nearly always locks first");
}

const ScenarioRegistration registration{{
    .name = "squares_then_negates",
    .title = "Squares, then negates",
    .family = "notes",
    .difficulty = 2,
    .from = "note 000, section 11",
    .story = "An array holds 2 and 3. One task squares every number, another changes every sign; the result is to be "
             "-4 and -9. The tasks share a lock and hold it for all their work, as one should. Now and then the result "
             "is 4 and 9.",
    .python = "The original has two processes and an Array in shared memory. They behave the same: its lock too is "
              "taken by whoever comes first.",
    .outcomes = {{"-4 -9", Outcome::Is::acceptable, "Squared first, then negated, as it was meant."},
                 {"4 9", Outcome::Is::forbidden, "Negated first: squaring takes the signs away again."},
                 {"-4 9", Outcome::Is::forbidden, "A mixture: the second number was negated before it was squared."},
                 {"4 -9", Outcome::Is::forbidden, "A mixture: the first number was negated before it was squared."}},
    .hints = {"No access is without the lock. What does the lock promise, and what not?",
              "Both tasks are whole. In which orders can two whole tasks be run?",
              "Nothing here makes the one that negates wait for the one that squares."},
    .explanation =
        "The lock does its work: while one task changes the array, the other waits, so each sees what the other left "
        "complete. But the order of the two is whoever locks first. The thread that was started first usually is the "
        "first, but nothing makes it so. If the signs change first, the squares are positive.",
    .rule = "A lock keeps critical sections apart; it does not put them in order. If the order matters, say so.",
    .fix = "Something that only the end of the first task brings about lets the second begin: main joins the one "
           "before it starts the other, or a latch is counted down after the squares. Then there is one order left.",
    .reading = {"C++ Core Guidelines, CP.4: think in terms of tasks, rather than threads",
                "Allen B. Downey, The Little Book of Semaphores, chapter 1: serialization with messages"},
    .variants =
        {
            broken("each_locks_its_task", "Each task holds the lock for all its work; they run in either order.",
                   each_locks_its_task,
                   {{Checker::explore, finds(Kind::forbidden_outcome)}, {Checker::tsan, seldom()}}),
            right("joined_first", "The second task starts when the first has been joined.", joined_first),
            right("told_by_a_latch", "The second task waits for a latch that the first counts down.", told_by_a_latch),
            wrong_fix("bigger_lock", "A second lock is held around each whole task.",
                      "It excludes what was excluded before, and orders as little.", bigger_lock,
                      {{Checker::explore, finds(Kind::forbidden_outcome)}, {Checker::tsan, seldom()}}),
            wrong_fix("started_later", "The second task is started a little later.",
                      "The first may not have come to its lock by then, and the second overtakes it.", started_later,
                      {{Checker::explore, finds(Kind::forbidden_outcome)}, {Checker::tsan, seldom()}}),
            wrong_fix("smaller_lock", "The lock is taken for each number, so that the first task gets in early.",
                      "Now the tasks can overtake each other at every number, and even mix.", smaller_lock,
                      {{Checker::explore, finds(Kind::forbidden_outcome)}, {Checker::tsan, seldom()}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
