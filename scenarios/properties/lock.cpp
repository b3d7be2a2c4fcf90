// Of a few threads that take a lock in every way it offers, each that got in is counted exactly once (L1, L2), and all
// of them come back (L3), also after a stray release.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/lock/parking.h>
#include <racecourse/primitives/lock/ticket.h>
#include <racecourse/primitives/lock/ttas.h>
#include <racecourse/scenarios/properties/any_schedule.h>
#include <racecourse/scenarios/properties/check_programs.h>

#include <cassert>
#include <chrono>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace racecourse::catalogue {
namespace {

using property::Workload;

enum class Take { acquire, try_acquire, try_acquire_for };
void showValue(Take take, std::ostream& out) {
  switch (take) {
    case Take::acquire:
      out << "lock.acquire(), counter++, lock.release()";
      break;
    case Take::try_acquire:
      out << "if (lock.try_acquire()) counter++, lock.release()";
      break;
    case Take::try_acquire_for:
      out << "if (lock.try_acquire_for(1ms)) counter++, lock.release()";
  }
}

template <class Lock>
bool taken(Lock& lock, Take how) {
  if (how == Take::try_acquire) return lock.try_acquire();
  if (how == Take::try_acquire_for) return lock.try_acquire_for(std::chrono::milliseconds(1));
  lock.acquire();
  return true;
}

template <class Lock>
void each_is_counted_once(const Workload<Take>& workload) {
  Lock lock;
  int counter = 0;                                    // guarded by lock
  std::vector<int> entered(workload.threads.size());  // one a thread, so that the check itself orders nothing
  try {
    lock.release();
    assert(false);  // a stray release is refused
  } catch (const std::logic_error&) {
  }
  property::run(workload, [&](std::size_t thread, Take how) {
    if (!taken(lock, how)) return;
    ++counter;
    lock.release();
    ++entered[thread];
  });
  int expected = 0;
  for (const int part : entered) expected += part;
  assert(counter == expected);
  assert(!lock.locked());
}

template <class Lock>
void check_lock(const char* name, const char* setup, std::uint64_t seed) {
  const auto how = rc::gen::element(Take::acquire, Take::try_acquire, Take::try_acquire_for);
  check_programs<Take>(name, seed, property::workloads(how, {.most_threads = 3, .most_operations = 2}),
                       {"Lock", "EachIsCountedOnce", setup, "assert(!lock.locked());"}, each_is_counted_once<Lock>);
}

void lock_ttas(std::uint64_t seed) {
  check_lock<lock::Ttas>("lock/ttas", "racecourse::lock::Ttas lock; int counter = 0;", seed);
}
void lock_ticket(std::uint64_t seed) {
  check_lock<lock::Ticket>("lock/ticket", "racecourse::lock::Ticket lock; int counter = 0;", seed);
}
void lock_parking(std::uint64_t seed) {
  check_lock<lock::Parking>("lock/parking", "racecourse::lock::Parking lock; int counter = 0;", seed);
}

const PropertyRegistration registrations[] = {
    any_schedule("lock", "ttas", finds_nothing(), {lock_ttas}),
    any_schedule("lock", "ticket", finds_nothing(), {lock_ticket}),
    any_schedule("lock", "parking", finds_nothing(), {lock_parking}),
    any_schedule("lock", "test_then_set", finds(Kind::data_race, {Kind::assertion, Kind::exception})),
    any_schedule("lock", "relaxed_release", finds(Kind::data_race)),
    any_schedule("lock", "lost_wakeup", finds(Kind::deadlock, {Kind::lost_wakeup, Kind::partial_deadlock})),
    any_schedule("lock", "release_when_free", finds(Kind::non_termination, {Kind::livelock, Kind::step_limit})),
};

}  // namespace
}  // namespace racecourse::catalogue
