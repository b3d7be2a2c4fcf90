// Dining philosophers: three sit around a table, a fork lies between each two, and nobody eats with one fork.
//
// Everybody follows the same sensible rule, left fork first; and just because all do the same, they can all wait.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <mutex>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;

constexpr int kSeats = 3;

// Fork i lies to the left of seat i.
struct Table {
  std::array<std::mutex, kSeats> forks;
  std::array<bool, kSeats> has_eaten{};
};

template <void dine(Table&, int)>
void dinner() {
  Table table;
  std::thread first([&] { dine(table, 0); });
  std::thread second([&] { dine(table, 1); });
  std::thread third([&] { dine(table, 2); });
  first.join();
  second.join();
  third.join();
  assert(table.has_eaten[0] && table.has_eaten[1] && table.has_eaten[2]);
}

void left_then_right(Table& table, int seat) {
  const std::lock_guard left(table.forks[seat]);
  const std::lock_guard right(table.forks[(seat + 1) % kSeats]);  // BUG: a circle of waits
  table.has_eaten[seat] = true;
}

void lower_number_first(Table& table, int seat) {
  const int right = (seat + 1) % kSeats;
  const std::lock_guard first(table.forks[std::min(seat, right)]);
  const std::lock_guard second(table.forks[std::max(seat, right)]);
  table.has_eaten[seat] = true;
}

void both_at_once(Table& table, int seat) {
  const std::scoped_lock both(table.forks[seat], table.forks[(seat + 1) % kSeats]);
  table.has_eaten[seat] = true;
}

void one_after_another(Table& table, int seat) {
  std::this_thread::sleep_for(seat * 1ms);  // "the others will be done by then"
  left_then_right(table, seat);
}

void puts_left_fork_back(Table& table, int seat) {
  for (int attempt = 0; attempt < 3; ++attempt) {  // a fourth would be as good as this
    const std::lock_guard left(table.forks[seat]);
    std::unique_lock right(table.forks[(seat + 1) % kSeats], std::try_to_lock);
    if (!right) continue;
    table.has_eaten[seat] = true;
    return;
  }
}

Options hangs_on_real_threads() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

const std::map<Checker, Expectation> all_wait{
    {Checker::explore, finds(Kind::deadlock, {Kind::lock_order})},
    // The three orders together are reported even if nobody ever waits.
    {Checker::tsan, finds(Kind::lock_order, {Kind::hang})},
};

const ScenarioRegistration registration{{
    .name = "dining_philosophers",
    .title = "Dining philosophers",
    .family = "classic",
    .difficulty = 2,
    .from = "Dijkstra's examination question of 1965; Hoare gave it its forks",
    .story = "Three philosophers sit around a table with three forks, one between each two of them. Who wants to eat "
             "takes the fork on the left, then the one on the right, eats, and puts both back. Most dinners go well. "
             "Once in a while everybody sits there for ever with one fork in hand.",
    .hints = {"Nobody ever puts down a fork before having eaten. What if all begin at the same moment?",
              "When each holds the left fork, whose left fork is it that the neighbour waits for?",
              "The waits form a circle: first for second, second for third, third for first. What would have to differ "
              "for one philosopher, so that no circle can close?"},
    .explanation =
        "Each thread holds one mutex and waits for the next. If all three take their left fork before anybody takes a "
        "right one, every fork is held and every philosopher waits for a neighbour, around the table. Nobody can go "
        "on, and nobody gives anything back. Four things must come together: forks are not shared, one is held while "
        "waiting for another, none is taken away by force, and the waits form a circle. Break one of the four, and it "
        "cannot happen.",
    .rule = "Take locks that are held together in one global order, the same for everybody.",
    .fix = "Forks are numbered, and everybody takes the lower number first. For the last philosopher that is the right "
           "fork. Whoever holds the highest fork that is taken waits for nobody, so somebody can always go on. Or "
           "std::scoped_lock takes both: it never waits with one in hand.",
    .reading = {"Dijkstra, Hierarchical ordering of sequential processes, Acta Informatica 1, 1971",
                "Hoare, Communicating Sequential Processes, 1985, section 2.5",
                "Coffman, Elphick, Shoshani, System deadlocks, ACM Computing Surveys 3(2), 1971: the four conditions",
                "C++ Core Guidelines, CP.21: use std::lock() or std::scoped_lock to acquire multiple mutexes"},
    .variants =
        {
            with(hangs_on_real_threads(),
                 broken("left_then_right", "Everybody takes the left fork first.", dinner<left_then_right>, all_wait)),
            right("lower_number_first", "Everybody takes the fork with the lower number first.",
                  dinner<lower_number_first>),
            right("both_at_once", "std::scoped_lock takes both forks, and never waits with one in hand.",
                  dinner<both_at_once>),
            with(hangs_on_real_threads(),
                 wrong_fix("one_after_another", "Each sits down a little later than the one before.",
                           "A thread may be late for many reasons, and the circle closes all the same.",
                           dinner<one_after_another>, all_wait)),
            wrong_fix("puts_left_fork_back", "Puts the left fork back if the right one is taken, and tries again.",
                      "All can take, fail and put back in step: nobody waits, and somebody never eats.",
                      dinner<puts_left_fork_back>,
                      {{Checker::explore, finds(Kind::assertion)},
                       {Checker::tsan, may_find(Kind::assertion, "the right fork must be taken at every attempt")}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
