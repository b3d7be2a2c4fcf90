// What a lock costs that four threads want all the time, by whom it lets in next.
#include <racecourse/scenarios/lock_convoy/locks.h>
#include <racecourse/scenarios/measure/measurement.h>
#include <racecourse/scenarios/measure/steps.h>

#include <mutex>
#include <string>

namespace racecourse::lock_convoy {
namespace {

template <class Lock, int batch = 1>
measure::Way way(const std::string& name, double ms) {
  return {name, [ms] {
            Counter<Lock, batch> counter;
            const measure::Counted counted = measure::step_for(ms, 4, [&](int) { return counter.step(); });
            return measure::ms_per(1'000'000, counted, counter.total());
          }};
}

const measure::MeasurementRegistration registration{{
    .name = "lock_convoy",
    .title = "Four threads and one lock",
    .parts =
        [](double scale) {
          const double ms = 200 * scale;
          return std::vector<measure::Part>{{"a million steps of all together",
                                             {way<InTurn>("in_turn", ms), way<std::mutex>("whoever_comes", ms),
                                              way<InTurn, 100>("in_batches", ms), way<HandedOver>("handed_over", ms)}}};
        },
}};

}  // namespace
}  // namespace racecourse::lock_convoy
