// However many threads watch a stop flag and however many raise it, every watcher ends (S1) and sees what was written
// before the request (S2).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/stop_flag/atomic_bool.h>
#include <racecourse/primitives/stop_flag/condition_variable.h>
#include <racecourse/primitives/stop_flag/stop_token.h>
#include <racecourse/scenarios/properties/any_schedule.h>
#include <racecourse/scenarios/properties/check_programs.h>

#include <cassert>
#include <chrono>
#include <ostream>
#include <thread>

namespace racecourse::catalogue {
namespace {

using property::Workload;

// A watcher looks at the flag, or sleeps where the flag offers that. A raiser raises it; so does a thread of the body.
enum class Role { watch, wait, raise };
void showValue(Role role, std::ostream& out) {
  switch (role) {
    case Role::watch:
      out << "while (!flag.requested()) std::this_thread::yield()";
      break;
    case Role::wait:
      out << "flag.wait()";
      break;
    case Role::raise:
      out << "flag.request()";
  }
}

template <class Flag>
constexpr bool kCanSleep = requires(Flag flag) {
  flag.wait();
};

template <class Flag>
void act(Flag& flag, Role role) {
  if (role == Role::raise) {
    flag.request();
    return;
  }
  if constexpr (kCanSleep<Flag>) {
    if (role == Role::wait) {
      flag.wait();
      return;
    }
  }
  while (!flag.requested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

template <class Flag>
void all_watchers_end(const Workload<Role>& workload) {
  Flag flag;
  assert(!flag.requested());
  int last_order = 0;
  last_order = 42;
  std::thread first_raiser([&] { flag.request(); });
  property::run(workload, [&](Role role) {
    act(flag, role);
    assert(flag.requested());
    assert(last_order == 42);
  });
  first_raiser.join();
}

template <class Flag>
void check_flag(const char* name, const char* setup, std::uint64_t seed) {
  const auto role = rc::gen::element(Role::watch, Role::wait, Role::raise);
  check_programs<Role>(name, seed, property::workloads(role, {.most_threads = 3, .most_operations = 2}),
                       {"StopFlag", "AllWatchersEnd", setup, "first_raiser.join();"}, all_watchers_end<Flag>);
}

void stop_flag_atomic_bool(std::uint64_t seed) {
  check_flag<stop_flag::AtomicBool>(
      "stop_flag/atomic_bool",
      "racecourse::stop_flag::AtomicBool flag; std::thread first_raiser([&] { flag.request(); });", seed);
}
void stop_flag_stop_token(std::uint64_t seed) {
  check_flag<stop_flag::StopToken>(
      "stop_flag/stop_token",
      "racecourse::stop_flag::StopToken flag; std::thread first_raiser([&] { flag.request(); });", seed);
}
void stop_flag_condition_variable(std::uint64_t seed) {
  check_flag<stop_flag::ConditionVariable>(
      "stop_flag/condition_variable",
      "racecourse::stop_flag::ConditionVariable flag; std::thread first_raiser([&] { flag.request(); });", seed);
}

const PropertyRegistration registrations[] = {
    any_schedule("stop_flag", "atomic_bool", finds_nothing(), {stop_flag_atomic_bool}),
    any_schedule("stop_flag", "stop_token", finds_nothing(), {stop_flag_stop_token}),
    any_schedule("stop_flag", "condition_variable", finds_nothing(), {stop_flag_condition_variable}),
    any_schedule("stop_flag", "plain_bool", finds(Kind::data_race)),
    any_schedule("stop_flag", "volatile_bool", finds(Kind::data_race)),
    any_schedule("stop_flag", "relaxed_flag_publishes_data", finds(Kind::data_race)),
    any_schedule("stop_flag", "store_without_lock", finds(Kind::lost_wakeup, {Kind::deadlock})),
    any_schedule("stop_flag", "flag_declared_after_thread", finds(Kind::data_race, {Kind::assertion})),
};

}  // namespace
}  // namespace racecourse::catalogue
