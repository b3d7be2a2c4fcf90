// Of a few threads that take a permit in every way there is, bring it back or give one, there are never more inside
// than permits (M1), none is lost or invented (M2), and all of them come back (M3). Alone, a semaphore is a number.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/semaphore/bounded.h>
#include <racecourse/primitives/semaphore/counting.h>
#include <racecourse/primitives/semaphore/parking.h>
#include <racecourse/scenarios/properties/any_schedule.h>
#include <racecourse/scenarios/properties/check_programs.h>
#include <racecourse/scenarios/properties/check_sequential.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <ostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>

namespace racecourse::catalogue {
namespace {

using property::Workload;

constexpr int kPermits = 2;

enum class Visit { acquire, try_acquire, try_acquire_for, look };
void showValue(Visit visit, std::ostream& out) {
  switch (visit) {
    case Visit::acquire:
      out << "semaphore.acquire(), semaphore.release()";
      break;
    case Visit::try_acquire:
      out << "if (semaphore.try_acquire()) semaphore.release()";
      break;
    case Visit::try_acquire_for:
      out << "if (semaphore.try_acquire_for(1ms)) semaphore.release()";
      break;
    case Visit::look:
      out << "assert(semaphore.value() <= 2)";
  }
}

template <class Semaphore>
bool entered(Semaphore& semaphore, Visit how) {
  if (how == Visit::try_acquire) return semaphore.try_acquire();
  if (how == Visit::try_acquire_for) return semaphore.try_acquire_for(std::chrono::milliseconds(1));
  semaphore.acquire();
  return true;
}

template <class Semaphore>
void permits_are_kept(const Workload<Visit>& workload) {
  Semaphore semaphore(kPermits);
  std::atomic<int> inside{0};  // relaxed, so that the check itself orders nothing
  property::run(workload, [&](Visit how) {
    if (how == Visit::look) {
      const int free = semaphore.value();
      assert(free >= 0 && free <= kPermits);
      return;
    }
    if (!entered(semaphore, how)) return;
    assert(inside.fetch_add(1, std::memory_order_relaxed) < kPermits);
    inside.fetch_sub(1, std::memory_order_relaxed);
    semaphore.release();
  });
  assert(semaphore.value() == kPermits);
}

// All permits are out, the threads want one each time, and another thread brings back as many. It waits for nobody.
struct Take {
  bool timed;
};
void showValue(Take take, std::ostream& out) {
  out << (take.timed ? "if (!semaphore.try_acquire_for(1ms)) refused++" : "semaphore.acquire()");
}

template <class Semaphore>
void nobody_is_forgotten(const Workload<Take>& workload) {
  int wanted = 0;
  for (const auto& thread : workload.threads) wanted += static_cast<int>(thread.size());
  Semaphore semaphore(wanted);
  for (int i = 0; i < wanted; i++) semaphore.acquire();
  std::atomic<int> refused{0};
  std::thread giver([&] {
    for (int i = 0; i < wanted; i++) semaphore.release();
  });
  property::run(workload, [&](Take take) {
    if (!take.timed) {
      semaphore.acquire();
    } else if (!semaphore.try_acquire_for(std::chrono::milliseconds(1))) {
      refused.fetch_add(1, std::memory_order_relaxed);
    }
  });
  giver.join();
  assert(semaphore.value() == refused.load(std::memory_order_relaxed));
}

// Alone: what is free, and who would have to wait.
struct Free {
  int permits = kPermits;
};

template <class Semaphore>
struct OfTwo : Semaphore {
  OfTwo() : Semaphore(kPermits) {}
};

template <class Semaphore>
struct TryAcquire : rc::state::Command<Free, OfTwo<Semaphore>> {
  int how = *rc::gen::inRange(0, 3);
  void apply(Free& model) const override { model.permits -= model.permits > 0 ? 1 : 0; }
  void run(const Free& model, OfTwo<Semaphore>& semaphore) const override {
    const bool free = model.permits > 0;
    if (how == 0) RC_ASSERT(semaphore.try_acquire() == free);
    if (how == 1) RC_ASSERT(semaphore.try_acquire_for(std::chrono::microseconds(1)) == free);
    if (how == 2 && free) semaphore.acquire();
  }
  void show(std::ostream& out) const override {
    constexpr const char* kCalls[] = {"semaphore.try_acquire()", "semaphore.try_acquire_for(1us)",
                                      "if (semaphore.value() > 0) semaphore.acquire()"};
    out << kCalls[how];
  }
};

template <class Semaphore>
struct Release : rc::state::Command<Free, OfTwo<Semaphore>> {
  static bool refused(const Free& model) {
    return std::is_same_v<Semaphore, semaphore::Bounded> && model.permits == kPermits;
  }
  void apply(Free& model) const override { model.permits += refused(model) ? 0 : 1; }
  void run(const Free& model, OfTwo<Semaphore>& semaphore) const override {
    if (refused(model)) {
      RC_ASSERT_THROWS_AS(semaphore.release(), std::logic_error);
    } else {
      semaphore.release();
    }
  }
  void show(std::ostream& out) const override { out << "semaphore.release()"; }
};

template <class Semaphore>
struct Look : rc::state::Command<Free, OfTwo<Semaphore>> {
  void run(const Free& model, OfTwo<Semaphore>& semaphore) const override {
    RC_ASSERT(semaphore.value() == model.permits);
  }
  void show(std::ostream& out) const override { out << "semaphore.value()"; }
};

template <class Semaphore>
void check_semaphore(const char* type, const char* name, std::uint64_t seed) {
  check_sequential<Free, OfTwo<Semaphore>, TryAcquire<Semaphore>, Release<Semaphore>, Look<Semaphore>>(name, seed);
  const std::string setup = std::string("racecourse::semaphore::") + type + " semaphore";
  const auto visits =
      rc::gen::element(Visit::acquire, Visit::acquire, Visit::try_acquire, Visit::try_acquire_for, Visit::look);
  check_programs<Visit>(
      name, seed, property::workloads(visits, {.least_threads = 3, .most_threads = 4, .most_operations = 2}),
      {"Semaphore", "PermitsAreKept", setup + "(2);", "EXPECT_EQ(semaphore.value(), 2);"}, permits_are_kept<Semaphore>);
  const auto takes = rc::gen::element(Take{false}, Take{false}, Take{true});
  const std::string giver =
      "(6); /* all acquired, and a thread that releases once for each acquire below */ std::atomic<int> refused{0};";
  check_programs<Take>(name, seed, property::workloads(takes, {.most_threads = 3, .most_operations = 2}),
                       {"Semaphore", "NobodyIsForgotten", setup + giver, "EXPECT_EQ(semaphore.value(), refused);"},
                       nobody_is_forgotten<Semaphore>);
}

void semaphore_counting(std::uint64_t seed) {
  check_semaphore<semaphore::Counting>("Counting", "semaphore/counting", seed);
}
void semaphore_parking(std::uint64_t seed) {
  check_semaphore<semaphore::Parking>("Parking", "semaphore/parking", seed);
}
void semaphore_bounded(std::uint64_t seed) {
  check_semaphore<semaphore::Bounded>("Bounded", "semaphore/bounded", seed);
}

const PropertyRegistration registrations[] = {
    any_schedule("semaphore", "counting", finds_nothing(), {semaphore_counting}),
    any_schedule("semaphore", "bounded", finds_nothing(), {semaphore_bounded}),
    any_schedule("semaphore", "parking", finds_nothing(), {semaphore_parking}),
    any_schedule("semaphore", "if_instead_of_while", finds(Kind::assertion, {Kind::deadlock})),
    any_schedule("semaphore", "signal_before_wait", finds(Kind::lost_wakeup, {Kind::deadlock})),
    any_schedule("semaphore", "racy_value_read", finds(Kind::data_race)),
    any_schedule("semaphore", "unbounded_release", finds(Kind::assertion)),
    any_schedule("semaphore", "wakes_only_from_zero",
                 finds(Kind::deadlock, {Kind::lost_wakeup, Kind::partial_deadlock})),
    any_schedule("semaphore", "relaxed_release", finds(Kind::data_race)),
};

}  // namespace
}  // namespace racecourse::catalogue
