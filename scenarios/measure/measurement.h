// Measurements: the same work done in several ways, each timed on real threads, with no checker near. A scenario whose
// bug costs nothing but time has one, and so has whatever is there to be looked at. One file a measurement,
// scenarios/NAME/measured.cpp; unlike the rest of a scenario it is compiled as a program would be, not instrumented.
//
//   const MeasurementRegistration registration{{
//       .name = "false_sharing",
//       .title = "Two threads and two counters",
//       .parts = [](double scale) { return std::vector<Part>{{"ms for a million steps", {{"padded", ...}}}}; },
//   }};
#pragma once

#include <racecourse/scenarios/measure/bars.h>

#include <functional>
#include <string>
#include <vector>

namespace racecourse::measure {

// The function does the work once and returns the time, in milliseconds, or throws std::logic_error if what it came to
// is wrong: nobody wants to know how fast that was.
struct Way {
  std::string name;  // of a scenario: its variant
  std::function<double()> ms;
};

// What is to be compared.
struct Part {
  std::string title;  // says what the milliseconds are for
  std::vector<Way> ways;
};

struct Measurement {
  std::string name;
  std::string title;
  // With a `scale` of 1 a way takes a tenth of a second or so; twice as much is twice as much work.
  std::function<std::vector<Part>(double scale)> parts;
};

// Declares a measurement at program start.
struct MeasurementRegistration {
  explicit MeasurementRegistration(Measurement measurement);
};

// All of them, by name.
std::vector<Measurement> measurements();

// Each way is tried once, and then timed `runs` times, all in turn: what else the machine does meets all of them. The
// median counts, which one disturbed run does not move.
std::vector<Panel> measured(const Measurement& measurement, double scale, int runs);

// How long `work` takes.
double ms_of(const std::function<void()>& work);

// The processors that this process may use.
int processors();

}  // namespace racecourse::measure
