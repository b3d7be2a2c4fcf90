// The reentrant lock, right and broken: a section inside a section, both under the same lock.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/rlock/count_not_restored.h>
#include <racecourse/primitives/rlock/first_release_frees.h>
#include <racecourse/primitives/rlock/owner_and_count.h>
#include <racecourse/primitives/rlock/owner_cleared_late.h>
#include <racecourse/primitives/rlock/owner_not_cleared.h>
#include <racecourse/primitives/rlock/owner_plain_read.h>
#include <racecourse/primitives/rlock/released_by_stranger.h>
#include <racecourse/scenarios/primitives/declare.h>

#include <cassert>
#include <stdexcept>
#include <thread>

namespace racecourse::catalogue {
namespace {

// R1 and R2: the outer section goes on after the inner one has ended.
template <class RLock>
void nested_sections() {
  RLock lock;
  int counter = 0;  // guarded by lock
  auto outer_and_inner = [&] {
    lock.acquire();
    lock.acquire();
    counter++;
    lock.release();
    counter++;
    lock.release();
  };
  std::thread first(outer_and_inner), second(outer_and_inner);
  first.join();
  second.join();
  assert(counter == 4);
}

// R1 across sections that are not nested: a thread that comes again is a thread like any other.
template <class RLock>
void section_after_section() {
  RLock lock;
  int counter = 0;  // guarded by lock
  auto one_after_another = [&] {
    for (int i = 0; i < 2; i++) {
      lock.acquire();
      counter++;
      lock.release();
    }
  };
  std::thread first(one_after_another), second(one_after_another);
  first.join();
  second.join();
  assert(counter == 4);
}

// R2 where all holds are given back and taken again, as a wait on a condition does.
template <class RLock>
void inner_section_waits() {
  RLock lock;
  int counter = 0;  // guarded by lock
  std::thread waits([&] {
    lock.acquire();
    lock.acquire();
    const auto holds = lock.release_all();
    lock.restore(holds);
    lock.release();
    counter++;
    lock.release();
  });
  std::thread changes([&] {
    lock.acquire();
    counter++;
    lock.release();
  });
  waits.join();
  changes.join();
  assert(counter == 2);
}

// R3: who does not hold it is refused.
template <class RLock>
void stranger_releases() {
  RLock lock;
  int counter = 0;  // guarded by lock
  std::thread owner([&] {
    lock.acquire();
    counter++;
    lock.release();
  });
  std::thread stranger([&] {
    try {
      lock.release();
    } catch (const std::logic_error&) {
    }
    lock.acquire();
    counter++;
    lock.release();
  });
  owner.join();
  stranger.join();
  assert(counter == 2);
}

const Primitive primitive("rlock");

const Registration registration{{
    primitive.right("owner_and_count", "A lock, and beside it who holds it (atomic, relaxed) and how often.",
                    inner_section_waits<rlock::OwnerAndCount>, finds_nothing()),

    primitive.broken("first_release_frees",
                     "The inner release frees the lock; the rest of the outer section runs without it.",
                     nested_sections<rlock::FirstReleaseFrees>,
                     {
                         // The outer release then holds nothing, and is refused: that happens in every execution.
                         {Checker::explore, finds(Kind::data_race, {Kind::exception, Kind::assertion})},
                         {Checker::tsan, finds(Kind::exception, {Kind::data_race})},
                         {Checker::relacy, finds(Kind::data_race)},
                     }),
    primitive.broken("owner_plain_read", "Whoever comes compares a plain owner word that the holder is writing.",
                     nested_sections<rlock::OwnerPlainRead>,
                     {
                         {Checker::explore, finds(Kind::data_race)},
                         {Checker::tsan, finds(Kind::data_race)},
                         {Checker::relacy, finds(Kind::data_race)},
                     }),
    primitive.broken("owner_not_cleared", "The last owner's name stays on the free lock, and lets that thread in.",
                     section_after_section<rlock::OwnerNotCleared>,
                     {
                         // A thread that was let in so, and meets nobody, frees a lock that is free already.
                         {Checker::explore, finds(Kind::data_race, {Kind::exception, Kind::assertion})},
                         {Checker::tsan, finds(Kind::exception, {Kind::data_race, Kind::assertion})},
                         {Checker::relacy, finds(Kind::data_race)},
                     }),
    primitive.broken("owner_cleared_late", "Frees the lock first and then clears the owner, which is another by now.",
                     section_after_section<rlock::OwnerClearedLate>,
                     {
                         {Checker::explore, finds(Kind::exception)},
                         {Checker::tsan,
                          may_find(Kind::exception, "the next owner must come between two neighbouring instructions")},
                         {Checker::relacy, finds(Kind::exception)},
                     }),
    primitive.broken("count_not_restored", "Two holds given back for a wait come back as one.",
                     inner_section_waits<rlock::CountNotRestored>,
                     {
                         {Checker::explore, finds(Kind::data_race, {Kind::exception, Kind::assertion})},
                         {Checker::tsan, finds(Kind::exception, {Kind::data_race})},
                         {Checker::relacy, finds(Kind::data_race)},
                     }),
    primitive.broken("released_by_stranger", "Anybody may release, and takes the lock from under its owner.",
                     stranger_releases<rlock::ReleasedByStranger>,
                     {
                         {Checker::explore, finds(Kind::data_race, {Kind::exception, Kind::assertion, Kind::deadlock})},
                         {Checker::tsan, finds(Kind::data_race, {Kind::exception, Kind::assertion, Kind::hang})},
                         {Checker::relacy, finds(Kind::data_race)},
                     }),
}};

}  // namespace
}  // namespace racecourse::catalogue
