// Values and arrays that processes share, right and broken: explored with threads that stand for processes (worlds.h),
// and run with real processes in the tsan link.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/shared_value/lock_free.h>
#include <racecourse/primitives/shared_value/locks_each_access.h>
#include <racecourse/primitives/shared_value/process_shared.h>
#include <racecourse/primitives/shared_value/unlocked_read_modify_write.h>
#include <racecourse/scenarios/primitives/declare.h>
#include <racecourse/scenarios/primitives/worlds.h>

#include <array>
#include <cassert>
#include <chrono>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using shared_value::LockFree;
using shared_value::LocksEachAccess;
using shared_value::ProcessShared;
using shared_value::UnlockedReadModifyWrite;

// V1: one adds 100, the other 200, and computing takes a while.
template <class Value, class World>
void two_sums() {
  Value number(0.0);
  auto add = [number](double amount) mutable {
    number.update([amount](double& value) {
      std::this_thread::sleep_for(1ms);
      value += amount;
    });
  };
  typename World::Running first([add]() mutable { add(100); });
  typename World::Running second([add]() mutable { add(200); });
  first.ends(Ending::well);
  second.ends(Ending::well);
  assert(number.get() == 300);
}

// The course notes' two tasks on a number and an array, and a third process that dies in the middle of its change (V3).
// Squares then negates, or the other way round: either order is right, a mixture is not (V2).
template <class World>
void number_and_array() {
  ProcessShared<double> number(0.0);
  ProcessShared<std::array<int, 3>> array({1, 2, 3});
  typename World::Running first([number, array]() mutable {
    number.update([](double& value) { value += 100; });
    array.update([](auto& elements) {
      for (int& element : elements) element *= element;
    });
  });
  typename World::Running second([number, array]() mutable {
    number.update([](double& value) { value += 200; });
    array.update([](auto& elements) {
      for (int& element : elements) element = -element;
    });
  });
  typename World::Running victim([array]() mutable {
    array.update([](auto& elements) {
      elements[0] = 666;
      World::die();
    });
  });
  first.ends(Ending::well);
  second.ends(Ending::well);
  victim.ends(Ending::killed);
  assert(number.get() == 300);
  const auto elements = array.get();
  const int sign = elements[0];
  assert((sign == 1 || sign == -1) && elements[1] == sign * 4 && elements[2] == sign * 9);
}

Expectation no_processes() { return not_run("it lies in memory that processes share, which Relacy does not have"); }

const Primitive primitive("shared_value");

const Registration registration{{
    in_both_worlds<number_and_array<Threads>, number_and_array<Processes>>(primitive.right(
        "process_shared", "A number and an array under a robust lock; a change counts when its one last store is made.",
        {}, no_processes())),
    in_both_worlds<two_sums<LockFree<double>, Threads>, two_sums<LockFree<double>, Processes>>(primitive.right(
        "lock_free", "An atomic in shared memory: the exchange succeeds only if the value is still the one read.", {},
        no_processes())),

    in_both_worlds<two_sums<UnlockedReadModifyWrite<double>, Threads>,
                   two_sums<UnlockedReadModifyWrite<double>, Processes>>(
        primitive.broken("unlocked_read_modify_write", "Two processes read the same old value; one update is lost.", {},
                         {
                             {Checker::explore, finds(Kind::assertion, {Kind::data_race})},
                             // ThreadSanitizer watches one process at a time, and sees no race between two.
                             {Checker::tsan, finds(Kind::assertion)},
                             {Checker::relacy, no_processes()},
                         })),
    in_both_worlds<two_sums<LocksEachAccess<double>, Threads>, two_sums<LocksEachAccess<double>, Processes>>(
        primitive.broken("locks_each_access",
                         "Reading and writing take the lock one after the other: no data race, and an update is lost.",
                         {},
                         {
                             {Checker::explore, finds(Kind::assertion)},
                             {Checker::tsan, finds(Kind::assertion)},
                             {Checker::relacy, no_processes()},
                         })),
}};

}  // namespace
}  // namespace racecourse::catalogue
