// A condition variable that loses a signal: a late waiter of an old group takes the signal of a new one.
//
// glibc's condition variable keeps its waiters in two groups, so that a notification wakes only who waited before it.
// This is a small algorithm of our own with the same idea, and the same gap.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/sync/futex.h>
#include <racecourse/scenarios/scenario.h>

#include <array>
#include <atomic>
#include <cassert>
#include <climits>
#include <cstdint>
#include <mutex>
#include <thread>

namespace racecourse::catalogue {
namespace {

using Word = std::atomic<std::uint32_t>;

// How a waiter of group `mine` takes one of the signals in its slot.
struct TakesAny {
  static constexpr std::uint32_t tag(std::uint32_t) { return 0; }
  static bool may_take(std::uint32_t, const Word&, std::uint32_t) { return true; }  // BUG: whose signal?
};
struct LooksOnceMore {
  static constexpr std::uint32_t tag(std::uint32_t) { return 0; }
  static bool may_take(std::uint32_t, const Word& older, std::uint32_t mine) { return older.load() <= mine; }
};
struct Tagged {
  static constexpr std::uint32_t tag(std::uint32_t group) { return group << 8; }
  static bool may_take(std::uint32_t signals, const Word&, std::uint32_t mine) { return signals >> 8 == mine; }
};

// Groups are numbered. New waiters join the younger one; signals go to the older one, until all in it have got theirs.
// Then it is closed, and the two slots change places. A waiter whose group is closed has been signalled.
template <class Rule>
class GroupedCondition {
 public:
  void wait(std::unique_lock<std::mutex>& lock) {
    const std::uint32_t mine = join();
    lock.unlock();
    while (!signalled(mine)) continue;
    lock.lock();
  }

  void notify_one() {
    const std::lock_guard inside(mutex_);
    std::uint32_t older = older_;
    if (waiting_[older % 2] == 0) {
      if (waiting_[(older + 1) % 2] == 0) return;
      signals_[older % 2] = Rule::tag(older + 2);  // the next younger group has its slot
      older_ = ++older;
      signals_[older % 2] = Rule::tag(older);
    }
    --waiting_[older % 2];
    ++signals_[older % 2];
    ++changes_;
    sync::futex_wake(changes_, INT_MAX);
  }

 private:
  static constexpr std::uint32_t kCount = 0xff;  // of the word of a slot; the tag lies above

  std::uint32_t join() {
    const std::lock_guard inside(mutex_);
    const std::uint32_t younger = older_ + 1;
    ++waiting_[younger % 2];
    return younger;
  }

  // Sleeps if it is not; then the caller asks again.
  bool signalled(std::uint32_t mine) {
    const std::uint32_t changes = changes_;
    if (older_ > mine) return true;
    std::uint32_t signals = signals_[mine % 2];
    if ((signals & kCount) == 0 || !Rule::may_take(signals, older_, mine)) {
      sync::futex_wait(changes_, changes);
      return false;
    }
    return signals_[mine % 2].compare_exchange_strong(signals, signals - 1);
  }

  std::mutex mutex_;
  std::array<int, 2> waiting_{};  // guarded by mutex_: of each group, who has not been signalled yet
  Word older_{0};                 // written under mutex_
  std::array<Word, 2> signals_{Word(Rule::tag(0)), Word(Rule::tag(1))};
  Word changes_{0};  // grows with every notification: what waiters sleep on
};

// One takes a ticket, the other takes three; four are sold.
template <class Condition>
void four_tickets() {
  std::mutex mutex;
  Condition sold;
  int tickets = 0;  // guarded by mutex
  const auto take = [&](int wanted) {
    for (; wanted > 0; --wanted) {
      std::unique_lock lock(mutex);
      while (tickets == 0) sold.wait(lock);
      --tickets;
    }
  };
  std::thread one([&] { take(1); }), three([&] { take(3); });
  for (int i = 0; i < 4; ++i) {
    const std::lock_guard lock(mutex);
    ++tickets;
    sold.notify_one();
  }
  one.join();
  three.join();
  assert(tickets == 0);
}

// The default mix hits it about once in 30,000 executions, mostly in the turns of SURW; the uniform walk and PCT never
// did in 400,000. So many miss it with probability e^-16.
Options long_search() {
  Options options;
  options.executions = 500'000;
  options.deadline_seconds = 1;
  return options;
}

const std::map<Checker, Expectation> sleeps_beside_a_ticket{
    {Checker::explore, finds(Kind::deadlock)},
    {Checker::tsan, may_find(Kind::hang, "one thread must be held up while two groups come and go")},
};

const ScenarioRegistration registration{{
    .name = "condvar_stolen_signal",
    .title = "The signal that a late waiter steals",
    .family = "field-bug",
    .difficulty = 5,
    .from = "glibc bug 25847: pthread_cond_signal may wake nobody, in releases 2.25 to 2.40, mended in 2.41",
    .story =
        "Two threads buy tickets, a third sells four of them. Whoever finds none waits on a condition variable, in "
        "a loop, under the mutex, all as it should be. The condition variable keeps who waited before a "
        "notification apart from who came later, in two groups that take turns. Once in a blue moon the last "
        "ticket lies there, and the one who wants it sleeps.",
    .python = "threading.Condition gives every waiter a lock of its own, so its signals cannot go astray. But the "
              "interpreter's global lock waits on glibc's condition variable, and hangs of Python programs were "
              "reported with this bug.",
    .hints = {"The program around it is right. Look at how a waiter learns that it has been signalled.",
              "There are two slots for signals and many groups. Which groups share a slot?",
              "A waiter has seen that its group is not closed yet, and is held up before it looks at the slot. The "
              "groups change twice. Whose signal does it find there?"},
    .explanation =
        "A waiter of group 1 is signalled, but is held up between two looks: the group is not closed, and now the "
        "slot. "
        "Meanwhile group 1 is closed, group 2 comes and goes, and group 3 uses the slot of group 1. A signal for "
        "somebody in group 3 lies there. The late waiter takes it, although it needs none: its own group is closed. "
        "The one for whom it was sleeps on, and nobody signals again, since by the count all of group 3 have been "
        "signalled.",
    .rule = "If a place is used again, what is found there must say for whom it is.",
    .fix = "The word of a slot carries the number of its group beside the count, and the compare-exchange compares "
           "both. A late waiter sees that the signal is not its own, looks at its group again, and finds it closed.",
    .reading = {"glibc bug 25847: pthread_cond_signal failed to wake up pthread_cond_wait due to a bug in undoing "
                "stealing",
                "Release notes of glibc 2.41"},
    .variants =
        {
            with(long_search(), broken("takes_any", "A waiter takes whatever signal lies in its slot.",
                                       four_tickets<GroupedCondition<TakesAny>>, sleeps_beside_a_ticket)),
            with(long_search(),
                 right("tagged", "A signal carries the number of its group.", four_tickets<GroupedCondition<Tagged>>)),
            with(long_search(),
                 wrong_fix("looks_once_more",
                           "Looks at the number of the older group once more before it takes a signal.",
                           "The groups can change after that look just as well: the gap is smaller, and still there.",
                           four_tickets<GroupedCondition<LooksOnceMore>>, sleeps_beside_a_ticket)),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
