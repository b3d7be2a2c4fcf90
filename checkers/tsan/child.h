// A run's own process, forked for it: the body once, on real threads.
#pragma once

#include <racecourse/checkers/tsan/run_block.h>

#include <cstdint>
#include <functional>

namespace racecourse::tsan {

struct RunConfig {
  std::uint64_t seed = 1;
  std::uint64_t run = 1;       // from 1
  int report_descriptor = -1;  // where ThreadSanitizer is to write
};

// Whether this thread belongs to a body that is running: false in the program that called explore().
bool in_body();

// Runs the body and ends the process.
[[noreturn]] void live_as_run(const std::function<void()>& body, const RunConfig& config, RunBlock& block);

// Ends the process at once, from any thread; the notes say why. Without the checks of a regular end: threads that were
// cut short are no leak.
[[noreturn]] void stop_run(RunBlock& block);

}  // namespace racecourse::tsan
