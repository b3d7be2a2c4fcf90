// The primitives' correct variants beside the nearest of their kind in well-known libraries, as ratios of one run.
#pragma once

#include <benchmark/benchmark.h>

#include <initializer_list>
#include <string>

namespace racecourse::bench {

// Registers `run` as GROUP/NAME for each number of threads; every thread runs it. `nearest` is the name, in the same
// group, of what it is compared with; empty for those themselves. `why` says, where a ratio above 2 is to be expected,
// what the time is spent on.
void compare(const std::string& group, const std::string& name, const std::string& nearest, const std::string& why,
             void (*run)(benchmark::State&), std::initializer_list<int> threads = {1, 2, 4});

// Runs what is registered, prints a table and then JSON lines with the field ratio_to_nearest. The time of a benchmark
// is the shortest of its repetitions: what disturbs it on a busy machine only adds to it.
int run_comparisons(int argc, char** argv);

}  // namespace racecourse::bench
