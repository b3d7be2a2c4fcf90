// A counter that two threads raise through a copy of their own: one of the two steps is lost.
//
// The sleep stands for the work between the two; it makes the loss likely, but it does not make it possible.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;

// Two downloads, each of which counts itself.
template <class AddOne>
void both_add_one(AddOne add_one) {
  std::thread first(add_one), second(add_one);
  first.join();
  second.join();
}

void tell(int x) { outcome("x is " + std::to_string(x)); }

void no_lock() {
  int x = 0;
  both_add_one([&] {
    int local = x;  // BUG: no lock
    local += 1;
    std::this_thread::sleep_for(1ms);
    x = local;
  });
  tell(x);
}

void locked() {
  int x = 0;
  std::mutex mutex;  // guards x
  both_add_one([&] {
    const std::lock_guard lock(mutex);
    int local = x;
    local += 1;
    std::this_thread::sleep_for(1ms);
    x = local;
  });
  tell(x);
}

void one_step() {
  std::atomic<int> x{0};
  both_add_one([&] {
    std::this_thread::sleep_for(1ms);
    x.fetch_add(1, std::memory_order_relaxed);  // relaxed: only the number counts, and join() orders the last look
  });
  tell(x);
}

void without_the_sleep() {
  int x = 0;
  both_add_one([&] {
    int local = x;
    local += 1;
    x = local;
  });
  tell(x);
}

void volatile_x() {
  volatile int x = 0;
  both_add_one([&] {
    int local = x;
    local += 1;
    std::this_thread::sleep_for(1ms);
    x = local;
  });
  tell(x);
}

void write_locked() {
  int x = 0;
  std::mutex mutex;
  both_add_one([&] {
    int local = x;
    local += 1;
    std::this_thread::sleep_for(1ms);
    const std::lock_guard lock(mutex);  // too late: local is old by now
    x = local;
  });
  tell(x);
}

void each_step_atomic() {
  std::atomic<int> x{0};
  both_add_one([&] {
    int local = x.load();
    local += 1;
    std::this_thread::sleep_for(1ms);
    x.store(local);
  });
  tell(x);
}

const std::map<Checker, Expectation> races_and_loses{
    // The race is there in every execution; the lost step is what the reader is to see.
    {Checker::explore, finds(Kind::forbidden_outcome, {Kind::data_race})},
    {Checker::tsan, finds(Kind::data_race, {Kind::forbidden_outcome})}};

const ScenarioRegistration registration{{
    .name = "shared_counter",
    .title = "A step that is lost between read and write",
    .family = "notes",
    .difficulty = 1,
    .from = "note 000, section 5",
    .story = "Each download counts itself: it copies the shared x, adds one to the copy, works for a moment and writes "
             "the copy back. After two downloads x should be 2. Sometimes it is 1.",
    .python = "Python loses the step too: its global lock is given away in the sleep, and between any two bytecodes. "
              "There the result is an old number. In C++ the two unlocked accesses are a data race, and then nothing "
              "is promised at all.",
    .outcomes = {{"x is 2", Outcome::Is::acceptable, "Both steps were counted."},
                 {"x is 1", Outcome::Is::forbidden, "Both read 0, and the later write hides the earlier one."}},
    .hints = {"Follow x and the two copies of it. Who has which number, and since when?",
              "Between the read and the write of one thread the other may do all that it does.",
              "Let both read before either writes. What does each of them write?"},
    .explanation =
        "Raising a number takes three steps: read, add, write. Both threads read 0, both add one to their copy, and "
        "both write 1. The second write does not know of the first, and buries it. Nobody did anything wrong alone; "
        "the two were only not kept apart.",
    .rule = "Read, change and write of shared data belong into one critical section.",
    .fix = "One mutex is held from the read to the write, so the second thread reads what the first has written. For a "
           "number alone fetch_add does the same in one step that cannot be divided.",
    .reading = {"C++ Core Guidelines, CP.2: avoid data races; CP.8: do not use volatile for synchronization",
                "Goetz et al., Java Concurrency in Practice, section 2.2: Atomicity",
                "Boehm, How to Miscompile Programs with \"Benign\" Data Races, HotPar 2011"},
    .variants =
        {
            broken("no_lock", "Read, add and write with nothing that keeps the other thread out.", no_lock,
                   races_and_loses),
            right("locked", "The lock is held from the read to the write.", locked),
            right("one_step", "fetch_add reads, adds and writes in one step.", one_step),
            wrong_fix("without_the_sleep", "The sleep is taken out, and the tests pass.",
                      "The window between read and write is smaller, not closed.", without_the_sleep, races_and_loses),
            wrong_fix("volatile_x", "x is volatile, so that no thread works with an old value.",
                      "The compiler must read x, but nothing keeps the other thread from writing it a moment later.",
                      volatile_x, races_and_loses),
            wrong_fix("write_locked", "Only the write is locked, because only writes do harm.",
                      "What is written was computed from a number that was read without the lock.", write_locked,
                      races_and_loses),
            wrong_fix(
                "each_step_atomic", "x is atomic, but it is loaded and stored in two steps.",
                "There is no data race any more, and the step is lost as before.", each_step_atomic,
                {{Checker::explore, finds(Kind::forbidden_outcome)}, {Checker::tsan, finds(Kind::forbidden_outcome)}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
