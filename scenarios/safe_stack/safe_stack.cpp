// SafeStack: a small lock-free stack that was posted as a riddle, and has become the yardstick of every search.
//
// It is forty lines long, every operation is atomic and sequentially consistent, and it takes three threads, two rounds
// each and about five switches in the right places to make it fail.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <atomic>
#include <cassert>
#include <cstdint>
#include <thread>

namespace racecourse::catalogue {
namespace {

constexpr int kCells = 3, kNone = -1;

struct Cell {
  std::atomic<int> next{kNone};
  int owner = 0;  // plain: whoever has taken the cell has it alone
};

struct Always {
  void operator()(std::atomic<int>& place, int next) const { place = next; }
};
struct OnlyIfStillNone {
  void operator()(std::atomic<int>& place, int next) const {
    int expected = kNone;
    place.compare_exchange_strong(expected, next);
  }
};

// A stack of free cells, named by their numbers. All orders are the default.
template <class PutBack>
class SafeStack {
 public:
  SafeStack() {
    for (int i = 0; i + 1 < kCells; ++i) cells[i].next = i + 1;
  }
  int pop() {
    while (count_ > 1) {  // the last cell is left, so that the head always points to one
      const int top = head_;
      const int next = cells[top].next.exchange(kNone);  // keeps others from taking it meanwhile
      if (next == kNone) continue;
      int expected = top;
      if (head_.compare_exchange_strong(expected, next)) {  // BUG: same cell, other stack
        --count_;
        return top;
      }
      PutBack()(cells[top].next, next);
    }
    return kNone;
  }
  void push(int cell) {
    int top = head_;
    do cells[cell].next = top;
    while (!head_.compare_exchange_strong(top, cell));
    ++count_;
  }

  Cell cells[kCells];

 private:
  std::atomic<int> head_{0}, count_{kCells};
};

// A tag that grows with every change of the head, and a `next` that only the owner of a cell writes.
class TaggedStack {
 public:
  TaggedStack() {
    for (int i = 0; i + 1 < kCells; ++i) cells[i].next = i + 1;
  }
  int pop() {
    std::uint64_t top = head_;
    while (true) {
      const int cell = cell_of(top);
      if (cell == kNone) return kNone;
      if (head_.compare_exchange_strong(top, tagged(top, cells[cell].next))) return cell;
    }
  }
  void push(int cell) {
    std::uint64_t top = head_;
    do cells[cell].next = cell_of(top);
    while (!head_.compare_exchange_strong(top, tagged(top, cell)));
  }

  Cell cells[kCells];

 private:
  static int cell_of(std::uint64_t word) { return static_cast<int>(static_cast<std::uint32_t>(word)); }
  static std::uint64_t tagged(std::uint64_t before, int cell) {
    return ((before >> 32) + 1) << 32 | static_cast<std::uint32_t>(cell);
  }

  std::atomic<std::uint64_t> head_{0};
};

// Each takes a cell, has it alone, and puts it back: twice.
template <class Stack>
void three_take_and_return() {
  Stack stack;
  const auto twice = [&stack](int me) {
    for (int round = 0; round < 2; ++round) {
      int cell = stack.pop();
      for (; cell == kNone; cell = stack.pop()) std::this_thread::yield();
      stack.cells[cell].owner = me;
      assert(stack.cells[cell].owner == me);
      stack.push(cell);
    }
  };
  std::thread first(twice, 1), second(twice, 2), third(twice, 3);
  first.join();
  second.join();
  third.join();
}

// A bug of many switches is found by switching often: the uniform walk hits this one about once in 60,000 executions,
// and the wrong fix once in 140,000, where the default mix needs six times as many. These budgets are for the mix, too:
// it misses either with a probability below e^-10. Most searches end after a second or two.
Options uniform_walk(std::uint64_t executions = 5'000'000) {
  Options options;
  options.strategy = "uniform";
  options.executions = executions;
  return options;
}

const std::map<Checker, Expectation> two_owners{
    {Checker::explore, finds(Kind::data_race, {Kind::assertion})},
    {Checker::tsan,
     may_find(Kind::data_race, "the window is a few instructions wide, in three threads at once", {Kind::assertion})},
};

const ScenarioRegistration registration{{
    .name = "safe_stack",
    .title = "The stack that is almost safe",
    .family = "classic",
    .difficulty = 5,
    .from = "Vyukov's riddle of 2010; since then a yardstick for systematic testing",
    .story =
        "A program keeps a few numbered cells in a lock-free stack. A pop takes the successor out of the top cell, "
        "so that nobody else can pop it, and then moves the head on; if the head has changed, it puts the "
        "successor back. Its author tested it for days on eight processors. Some weeks later two threads wrote "
        "into the same cell.",
    .hints =
        {"A pop reads the head, and is held up at once. Everything may happen before it goes on.",
         "It takes out the successor of a cell. May that cell be in the hands of a thread that is just pushing it?",
         "The push fails once, writes another successor and tries again. The head is now the cell that the pop "
         "remembers: what does its compare-exchange compare?"},
    .explanation =
        "A pop reads the head, cell A, and sleeps. Another thread pops A and begins to push it: it writes the "
        "successor "
        "B into A. Now the pop goes on and takes out B. The head has moved meanwhile, so the push writes another "
        "successor and tries again, and succeeds: A is on top once more. The compare-exchange of the pop finds A, as "
        "it expects, and makes B the head, which by then may belong to somebody. Or it fails, and writes B back over "
        "the right successor. Either way the stack leads to a cell that has an owner, and the next pop gives it to a "
        "second one. The search shows the two owners as a data race. It has to switch threads often: full_queue is the "
        "opposite case, which is found by letting one thread run.",
    .rule = "A compare-exchange compares a value, not what happened in between: what can come back needs a tag.",
    .fix = "The head carries a tag that grows with every change, so an old view of it never matches; and the successor "
           "of a cell is written by its owner alone. The tag must be wide enough not to come around.",
    .reading = {"Thomson, Donaldson, Betts, Concurrency testing using controlled schedulers: an empirical study, ACM "
                "TOPC 2(4), 2016",
                "Treiber, Systems programming: coping with parallelism, IBM RJ 5118, 1986",
                "Michael, Hazard pointers: safe memory reclamation for lock-free objects, IEEE TPDS 15(6), 2004"},
    .variants =
        {
            with(uniform_walk(), broken("puts_next_back",
                                        "A pop takes the successor out of the top cell, and puts it back if it fails.",
                                        three_take_and_return<SafeStack<Always>>, two_owners)),
            with(uniform_walk(2'000'000), right("tagged", "The head carries a tag that grows with every change.",
                                                three_take_and_return<TaggedStack>)),
            with(uniform_walk(10'000'000),
                 wrong_fix("puts_back_if_none", "Puts the successor back only if nobody has written another one.",
                           "A cell in somebody's hands has none either; and the compare-exchange can succeed when it "
                           "should not.",
                           three_take_and_return<SafeStack<OnlyIfStillNone>>, two_owners)),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
