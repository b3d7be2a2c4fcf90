// The primitives as properties: the entry's own body holds under any schedule. RapidCheck makes the schedules and
// shrinks the one that falsifies to few switches; its token replays the entry. The right variants must hold for random
// programs as well.
#include <racecourse/checkers/property/check.h>
#include <racecourse/checkers/property/holds_under.h>
#include <racecourse/checkers/property/schedule_generator.h>
#include <racecourse/scenarios/catalogue.h>
#include <racecourse/scenarios/properties/workloads.h>

#include <string>
#include <utility>

namespace racecourse::catalogue {
namespace {

// A right variant is tried for well under a second. For a broken one this is patience: store_without_lock, the rarest,
// shows under about one schedule in ten thousand, so that it is missed with probability e^-10.
constexpr int kSchedules = 1'000;
constexpr int kSchedulesForBroken = 100'000;

PropertyRegistration any_schedule(const std::string& scenario, const std::string& variant, Expectation expected,
                                  void (*programs)(std::uint64_t seed) = nullptr) {
  const int tests = expected.says == Expectation::Says::nothing ? kSchedules : kSchedulesForBroken;
  return PropertyRegistration(scenario, variant, std::move(expected), [=](std::uint64_t seed) {
    const Entry& entry = *find(scenario, variant);
    const std::string name = scenario + "/" + variant;
    Options options = entry.options;
    options.name = name;
    options.replay_command = "racecourse replay " + name + " --token {token}";
    property::Schedules schedules(entry.body, options);
    property::check(name, {.seed = seed, .tests = tests},
                    [&](const schedule::Schedule& schedule) { schedules.require_holds(schedule); });
    if (programs) programs(seed);
  });
}

const PropertyRegistration registrations[] = {
    any_schedule("lock", "ttas", finds_nothing(), workloads::lock_ttas),
    any_schedule("lock", "ticket", finds_nothing(), workloads::lock_ticket),
    any_schedule("lock", "parking", finds_nothing(), workloads::lock_parking),
    any_schedule("lock", "test_then_set", finds(Kind::data_race, {Kind::assertion, Kind::exception})),
    any_schedule("lock", "relaxed_release", finds(Kind::data_race)),
    any_schedule("lock", "lost_wakeup", finds(Kind::deadlock, {Kind::lost_wakeup, Kind::partial_deadlock})),
    any_schedule("lock", "release_when_free", finds(Kind::non_termination, {Kind::livelock, Kind::step_limit})),

    any_schedule("account", "locked", finds_nothing(), workloads::account_locked),
    any_schedule("account", "cas_loop", finds_nothing(), workloads::account_cas_loop),
    any_schedule("account", "ordered_transfer", finds_nothing(), workloads::account_ordered_transfer),
    any_schedule("account", "check_then_act", finds(Kind::data_race, {Kind::assertion})),
    any_schedule("account", "atomic_but_not_together", finds(Kind::assertion)),
    any_schedule("account", "abba_transfer", finds(Kind::deadlock, {Kind::lock_order})),
    any_schedule("account", "read_balance_unlocked", finds(Kind::data_race)),

    any_schedule("stop_flag", "atomic_bool", finds_nothing(), workloads::stop_flag_atomic_bool),
    any_schedule("stop_flag", "stop_token", finds_nothing(), workloads::stop_flag_stop_token),
    any_schedule("stop_flag", "condition_variable", finds_nothing(), workloads::stop_flag_condition_variable),
    any_schedule("stop_flag", "plain_bool", finds(Kind::data_race)),
    any_schedule("stop_flag", "volatile_bool", finds(Kind::data_race)),
    any_schedule("stop_flag", "relaxed_flag_publishes_data", finds(Kind::data_race)),
    any_schedule("stop_flag", "store_without_lock", finds(Kind::deadlock, {Kind::lost_wakeup, Kind::partial_deadlock})),
    any_schedule("stop_flag", "flag_declared_after_thread", finds(Kind::data_race, {Kind::assertion})),
};

}  // namespace
}  // namespace racecourse::catalogue
