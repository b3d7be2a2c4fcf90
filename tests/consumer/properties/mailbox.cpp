// What holds under any schedule, and what is proved.
#include <racecourse/checkers/property/check.h>
#include <racecourse/checkers/property/holds_under.h>
#include <racecourse/checkers/property/schedule_generator.h>
#include <racecourse/scenarios/catalogue.h>

namespace racecourse::catalogue {
namespace {

std::function<void(std::uint64_t)> under_any_schedule(const char* variant, int tests) {
  return [=](std::uint64_t seed) {
    property::Schedules schedules(find("mailbox", variant)->body);
    property::check(variant, {.seed = seed, .tests = tests},
                    [&](const schedule::Schedule& schedule) { schedules.require_holds(schedule); });
  };
}

const PropertyRegistration properties[] = {
    {"mailbox", "released", finds_nothing(), under_any_schedule("released", 100)},
    {"mailbox", "relaxed", finds(Kind::data_race), under_any_schedule("relaxed", 10'000)},
};

const ProofRegistration proof{"mailbox", "released", proves("one thread writes, another looks once")};

}  // namespace
}  // namespace racecourse::catalogue
