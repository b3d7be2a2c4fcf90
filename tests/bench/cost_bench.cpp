// The cost of race checking on code of one thread, as a multiple of the same code unwatched; linked twice, with our
// runtime and with the compiler's ThreadSanitizer. A second thread is alive, or nothing would have to be checked.
#include <racecourse/checkers/explore.h>
#include <racecourse/tests/bench/cost_programs.h>
#include <racecourse/tests/bench/stopwatch.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <mutex>
#include <thread>

namespace racecourse::bench {
namespace {

constexpr int kTimes = 7;

// The second thread waits until all is done.
void beside_a_waiting_thread(const CostProgram& program, double& shortest) {
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  std::thread second([&] {
    std::unique_lock lock(mutex);
    while (!done) changed.wait(lock);
  });
  // The shortest of some runs: what disturbs one on a busy machine only adds to it. Memory is new in the first one.
  for (int i = 0; i < kTimes; i++) {
    const Stopwatch watch;
    program.run(program.size);
    shortest = std::min(shortest, watch.nanoseconds());
  }
  {
    std::lock_guard lock(mutex);
    done = true;
  }
  changed.notify_one();
  second.join();
}

double measure(const CostProgram& program, bool explored) {
  auto& shortest = Shared<double>::instance();
  shortest = std::numeric_limits<double>::max();
  if (!explored) {
    beside_a_waiting_thread(program, shortest);
    return shortest;
  }
  Options options;
  options.executions = 1;
  options.workers = 1;
  options.max_steps = 1'000'000'000;
  const Verdict verdict = search([&] { beside_a_waiting_thread(program, shortest); }, options);
  if (verdict.state != State::not_found) {
    std::fprintf(stderr, "%s: %s\n", program.name, verdict.text.c_str());
    std::exit(1);
  }
  return shortest;
}

}  // namespace
}  // namespace racecourse::bench

int main() {
  using namespace racecourse::bench;
  const char* const checker = racecourse::linked_checker();
  for (int i = 0; i < 3; i++) {
    const double plain = measure(kPlain[i], false);
    const double checked = measure(kInstrumented[i], std::strcmp(checker, "explore") == 0);
    std::printf(R"({"cost":"%s","checker":"%s","milliseconds":%.3f,"plain_milliseconds":%.3f,"times_plain":%.2f})"
                "\n",
                kPlain[i].name, checker, checked / 1e6, plain / 1e6, checked / plain);
    std::fflush(stdout);
  }
}
