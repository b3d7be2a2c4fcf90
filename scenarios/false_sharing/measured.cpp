// What counters side by side cost, and counters apart.
#include <racecourse/scenarios/false_sharing/counters.h>
#include <racecourse/scenarios/measure/measurement.h>
#include <racecourse/scenarios/measure/steps.h>

#include <string>

namespace racecourse::false_sharing {
namespace {

template <class Counters>
measure::Way way(const std::string& name, double ms) {
  return {name, [ms] {
            Counters counters;
            const auto step = [&](int thread) {
              counters.add(thread, 100);
              return 100L;
            };
            const measure::Counted counted = measure::step_for(ms, 2, step);
            return measure::ms_per(10'000'000, counted, counters.total());
          }};
}

const measure::MeasurementRegistration registration{{
    .name = "false_sharing",
    .title = "Two threads, each with a counter of its own",
    .parts =
        [](double scale) {
          const double ms = 100 * scale;
          return std::vector<measure::Part>{
              {"10 million steps of both together",
               {way<SideBySide>("side_by_side", ms), way<Padded>("padded", ms), way<Relaxed>("relaxed", ms)}}};
        },
}};

}  // namespace
}  // namespace racecourse::false_sharing
