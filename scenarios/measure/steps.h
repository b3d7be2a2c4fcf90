// Threads that take the same step again and again for a while: how long a step takes when all of them do.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

namespace racecourse::measure {

// What has been counted: by each thread for itself, and what came of it in the memory that they share.
struct Counted {
  long steps = 0;
  double ms = 0;
};

// `step(thread)` returns how many it took. All begin at the same time, and stop when `ms` of wall time are over:
// threads that have a fixed amount to do may be done before the next one has begun, and then never meet.
template <class Step>
Counted step_for(double ms, int threads, const Step& step) {
  using Clock = std::chrono::steady_clock;
  std::latch ready(threads + 1);
  std::atomic<bool> over{false};
  std::atomic<long> steps{0};
  Clock::time_point begin;
  {
    std::vector<std::jthread> running;
    for (int thread = 0; thread < threads; thread++) {
      running.emplace_back([&, thread] {
        ready.arrive_and_wait();
        long mine = 0;
        while (!over.load(std::memory_order_relaxed)) mine += step(thread);
        steps += mine;
      });
    }
    ready.arrive_and_wait();
    begin = Clock::now();
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(ms));
    over = true;
  }
  return {steps, std::chrono::duration<double, std::milli>(Clock::now() - begin).count()};
}

// Milliseconds for `unit` steps of all threads together. Throws std::logic_error if `total` is not what they counted.
inline double ms_per(long unit, const Counted& counted, long total) {
  if (counted.steps != total) throw std::logic_error("a step was lost");
  return counted.ms * static_cast<double>(unit) / static_cast<double>(std::max(counted.steps, 1L));
}

}  // namespace racecourse::measure
