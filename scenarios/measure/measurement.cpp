#include <racecourse/scenarios/measure/measurement.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>

namespace racecourse::measure {
namespace {

// A function, because registrations in other files may run before a global of this one is made.
std::vector<Measurement>& registered() {
  static std::vector<Measurement> measurements;
  return measurements;
}

double median(std::vector<double> times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, middle);
  return *middle;
}

Panel panel_of(const Part& part, int runs) {
  for (const Way& way : part.ways) way.ms();  // the first run pays for pages and caches
  std::vector<std::vector<double>> times(part.ways.size());
  for (int run = 0; run < runs; run++) {
    for (std::size_t i = 0; i < part.ways.size(); i++) times[i].push_back(part.ways[i].ms());
  }
  Panel panel{part.title, {}};
  for (std::size_t i = 0; i < part.ways.size(); i++) panel.bars.push_back({part.ways[i].name, median(times[i])});
  return panel;
}

}  // namespace

MeasurementRegistration::MeasurementRegistration(Measurement measurement) {
  registered().push_back(std::move(measurement));
}

std::vector<Measurement> measurements() {
  std::vector<Measurement> all = registered();
  std::ranges::sort(all, {}, &Measurement::name);
  return all;
}

std::vector<Panel> measured(const Measurement& measurement, double scale, int runs) {
  std::vector<Panel> panels;
  for (const Part& part : measurement.parts(scale)) panels.push_back(panel_of(part, runs));
  return panels;
}

double ms_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

int processors() {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

}  // namespace racecourse::measure
