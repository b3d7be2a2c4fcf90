#include <racecourse/checkers/property/check.h>
#include <racecourse/checkers/property/holds_under.h>
#include <racecourse/checkers/property/schedule_generator.h>
#include <racecourse/scenarios/properties/any_schedule.h>

#include <utility>

namespace racecourse::catalogue {
namespace {

// A right variant is tried for well under a second. For a broken one this is patience: store_without_lock, the rarest,
// shows under about one schedule in ten thousand, and in one of forty thousand at -O0, where a thread makes more
// accesses; so it is missed with probability e^-12.
constexpr int kSchedules = 1'000;
constexpr int kSchedulesForBroken = 500'000;

}  // namespace

PropertyRegistration any_schedule(const std::string& scenario, const std::string& variant, Expectation expected,
                                  std::vector<Workloads> workloads) {
  const bool nothing = expected.says == Expectation::Says::nothing || expected.says == Expectation::Says::cannot_see;
  const int tests = nothing ? kSchedules : kSchedulesForBroken;
  return PropertyRegistration(scenario, variant, std::move(expected), [=](std::uint64_t seed) {
    const Entry& entry = *find(scenario, variant);
    const std::string name = scenario + "/" + variant;
    Options options = entry.options;
    options.name = name;
    options.replay_command = "racecourse replay " + name + " --token {token}";
    property::Schedules schedules(entry.body, options);
    property::check(name, {.seed = seed, .tests = tests},
                    [&](const schedule::Schedule& schedule) { schedules.require_holds(schedule); });
    for (const Workloads hold : workloads) hold(seed);
  });
}

}  // namespace racecourse::catalogue
