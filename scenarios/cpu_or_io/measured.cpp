// CPU-bound or I/O-bound: the same tasks one after the other, in threads and in processes. There is no bug to find
// here: run it on machines with one, two and many processors, and look. README.md, beside this file, says what there is
// to be seen.
#include <racecourse/scenarios/cpu_or_io/ways.h>
#include <racecourse/scenarios/measure/measurement.h>

#include <chrono>
#include <stdexcept>
#include <string>

namespace racecourse::cpu_or_io {
namespace {

constexpr int kTasks = 8;

measure::Part part(const std::string& title, const Work& work) {
  measure::Part part{title, {}};
  const long expected = kTasks * work();
  for (const Way way : kWays) {
    part.ways.push_back({to_string(way), [=] {
                           return measure::ms_of([&] {
                             if (run(way, work, kTasks) != expected) throw std::logic_error("a task was lost");
                           });
                         }});
  }
  return part;
}

const measure::MeasurementRegistration registration{{
    .name = "cpu_or_io",
    .title = "Eight tasks, directly, in threads and in processes",
    .parts =
        [](double scale) {
          const std::chrono::duration<double, std::milli> answer(100 * scale);
          const long limit = static_cast<long>(200'000 * scale);
          return std::vector{part("I/O-bound: each task waits for a server", [=] { return ask_a_server(answer); }),
                             part("CPU-bound: each task counts primes", [=] { return count_primes(limit); })};
        },
}};

}  // namespace
}  // namespace racecourse::cpu_or_io
