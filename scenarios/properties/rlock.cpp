// Of a few threads that hold a lock once, twice, or give it back in the middle, each is counted exactly as often as it
// was inside (R1, R2, R4), and all of them come back (R5). Alone, a reentrant lock is a number of holds.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/rlock/owner_and_count.h>
#include <racecourse/scenarios/properties/any_schedule.h>
#include <racecourse/scenarios/properties/check_programs.h>
#include <racecourse/scenarios/properties/check_sequential.h>

#include <cassert>
#include <chrono>
#include <ostream>
#include <stdexcept>
#include <vector>

namespace racecourse::catalogue {
namespace {

using property::Workload;
using rlock::OwnerAndCount;

// What one thread does, from its first acquire to its last release. The counter goes up once in each.
enum class Section { once, twice, tried, timed, waiting, stray };
void showValue(Section section, std::ostream& out) {
  switch (section) {
    case Section::once:
      out << "lock.acquire(), counter++, lock.release()";
      break;
    case Section::twice:
      out << "lock.acquire(), lock.acquire(), lock.release(), counter++, lock.release()";
      break;
    case Section::tried:
      out << "if (lock.try_acquire()) lock.acquire(), lock.release(), counter++, lock.release()";
      break;
    case Section::timed:
      out << "if (lock.try_acquire_for(1ms)) counter++, lock.release()";
      break;
    case Section::waiting:
      out << "lock.acquire(), lock.acquire(), lock.restore(lock.release_all()), lock.release(), counter++, "
             "lock.release()";
      break;
    case Section::stray:
      out << "EXPECT_THROW(lock.release(), std::logic_error)";
  }
}

void again(OwnerAndCount& lock) {
  assert(lock.held_here());
  lock.acquire();
  lock.release();
}

// True if this thread holds the lock now, once.
bool entered(OwnerAndCount& lock, Section section) {
  switch (section) {
    case Section::once:
      lock.acquire();
      return true;
    case Section::twice:
      lock.acquire();
      again(lock);
      return true;
    case Section::tried:
      if (!lock.try_acquire()) return false;
      again(lock);
      return true;
    case Section::timed:
      return lock.try_acquire_for(std::chrono::milliseconds(1));
    case Section::waiting:
      lock.acquire();
      lock.acquire();
      lock.restore(lock.release_all());
      lock.release();
      return true;
    case Section::stray:
      try {
        lock.release();
      } catch (const std::logic_error&) {
        return false;
      }
      assert(false);  // R3
  }
  return false;
}

void each_is_counted_once(const Workload<Section>& workload) {
  OwnerAndCount lock;
  int counter = 0;                                   // guarded by lock
  std::vector<int> inside(workload.threads.size());  // one a thread, so that the check itself orders nothing
  property::run(workload, [&](std::size_t thread, Section section) {
    assert(!lock.held_here());
    if (!entered(lock, section)) return;
    ++counter;
    lock.release();
    ++inside[thread];
  });
  int expected = 0;
  for (const int part : inside) expected += part;
  assert(counter == expected);
  assert(lock.try_acquire());
  lock.release();
}

struct Holds {
  std::uint32_t count = 0;
};

struct Acquire : rc::state::Command<Holds, OwnerAndCount> {
  int how = *rc::gen::inRange(0, 3);
  void apply(Holds& model) const override { ++model.count; }
  void run(const Holds&, OwnerAndCount& lock) const override {
    if (how == 0) lock.acquire();
    if (how == 1) RC_ASSERT(lock.try_acquire());
    if (how == 2) RC_ASSERT(lock.try_acquire_for(std::chrono::milliseconds(1)));
    RC_ASSERT(lock.held_here());
  }
  void show(std::ostream& out) const override {
    constexpr const char* kCalls[] = {"lock.acquire()", "lock.try_acquire()", "lock.try_acquire_for(1ms)"};
    out << kCalls[how];
  }
};

struct Release : rc::state::Command<Holds, OwnerAndCount> {
  void apply(Holds& model) const override { model.count -= model.count > 0 ? 1 : 0; }
  void run(const Holds& model, OwnerAndCount& lock) const override {
    if (model.count == 0) RC_ASSERT_THROWS_AS(lock.release(), std::logic_error);
    if (model.count > 0) lock.release();
    RC_ASSERT(lock.held_here() == (model.count > 1));
  }
  void show(std::ostream& out) const override { out << "lock.release()"; }
};

struct GiveBackAndTake : rc::state::Command<Holds, OwnerAndCount> {
  void run(const Holds& model, OwnerAndCount& lock) const override {
    if (model.count == 0) {
      RC_ASSERT_THROWS_AS(lock.release_all(), std::logic_error);
      return;
    }
    const std::uint32_t holds = lock.release_all();
    RC_ASSERT(holds == model.count);
    RC_ASSERT(!lock.held_here());
    lock.restore(holds);
    RC_ASSERT(lock.held_here());
  }
  void show(std::ostream& out) const override { out << "lock.restore(lock.release_all())"; }
};

void rlock_owner_and_count(std::uint64_t seed) {
  check_sequential<Holds, OwnerAndCount, Acquire, Release, GiveBackAndTake>("rlock/owner_and_count", seed);
  const auto sections =
      rc::gen::element(Section::once, Section::twice, Section::tried, Section::timed, Section::waiting, Section::stray);
  check_programs<Section>("rlock/owner_and_count", seed,
                          property::workloads(sections, {.most_threads = 3, .most_operations = 2}),
                          {"RLock", "EachIsCountedOnce", "racecourse::rlock::OwnerAndCount lock; int counter = 0;",
                           "EXPECT_TRUE(lock.try_acquire()); lock.release();"},
                          each_is_counted_once);
}

const PropertyRegistration registrations[] = {
    // A section that was left without the lock is refused its release under any schedule; the race needs a certain one.
    any_schedule("rlock", "owner_and_count", finds_nothing(), {rlock_owner_and_count}),
    any_schedule("rlock", "first_release_frees", finds(Kind::exception, {Kind::data_race, Kind::assertion})),
    any_schedule("rlock", "owner_plain_read", finds(Kind::data_race)),
    any_schedule("rlock", "owner_not_cleared", finds(Kind::exception, {Kind::data_race, Kind::assertion})),
    any_schedule("rlock", "owner_cleared_late", finds(Kind::exception)),
    any_schedule("rlock", "count_not_restored", finds(Kind::exception, {Kind::data_race, Kind::assertion})),
    any_schedule("rlock", "released_by_stranger",
                 finds(Kind::data_race, {Kind::exception, Kind::assertion, Kind::deadlock})),
};

}  // namespace
}  // namespace racecourse::catalogue
