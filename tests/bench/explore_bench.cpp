// Executions a second, on real std types: every execution creates and joins its threads. The same programs as in
// relacy_bench.cpp.
#include <racecourse/checkers/control/processors.h>
#include <racecourse/checkers/explore.h>
#include <racecourse/tests/bench/bench.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace racecourse::bench {
namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void atomic_increments() {
  std::atomic<int> counter{0};
  auto increment = [&] {
    for (int i = 0; i < 3; i++) counter.fetch_add(1);
  };
  std::thread first(increment), second(increment);
  first.join();
  second.join();
  check(counter.load() == 6);
}

void mutex_sections() {
  std::mutex mutex;
  int counter = 0;
  auto increment = [&] {
    for (int i = 0; i < 3; i++) {
      std::lock_guard guard(mutex);
      counter += 1;
    }
  };
  std::thread first(increment), second(increment);
  first.join();
  second.join();
  check(counter == 6);
}

void ping_pong() {
  std::mutex mutex;
  std::condition_variable changed;
  int turn = 0;
  auto play = [&](int me) {
    for (int i = 0; i < 10; i++) {
      std::unique_lock guard(mutex);
      while (turn % 2 != me) changed.wait(guard);
      turn += 1;
      changed.notify_one();
    }
  };
  std::thread ping(play, 0), pong(play, 1);
  ping.join();
  pong.join();
  check(turn == 20);
}

void many_threads() {
  std::mutex mutex;
  int counter = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 50; i++) {
    threads.emplace_back([&] {
      std::lock_guard guard(mutex);
      counter += 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  check(counter == 50);
}

void measure(const char* program, void (*body)(), double seconds, int workers, bool race_check) {
  Options options;
  options.executions = 0;  // as many as fit
  options.seconds = seconds;
  options.workers = workers;
  options.race_check = race_check;
  const Verdict verdict = search(body, options);
  if (verdict.state == State::failed || verdict.state == State::unreliable) {
    std::fprintf(stderr, "%s: %s\n", program, verdict.text.c_str());
    std::exit(1);
  }
  const std::string more = std::string(R"("race_check":)") + (race_check ? "true" : "false") + R"(,"strategy":")" +
                           options.strategy + R"(","workers":)" + std::to_string(workers) + ",";
  print(program, "explore", more, verdict.executions, verdict.seconds);
}

// With all processors, as by default, and with one worker.
void measure(const char* program, void (*body)(), double seconds) {
  const auto all = static_cast<int>(control::usable_processors());
  for (const bool race_check : {true, false}) {
    measure(program, body, seconds, all, race_check);
    if (all > 1) measure(program, body, seconds, 1, race_check);
  }
}

}  // namespace
}  // namespace racecourse::bench

int main(int argc, char** argv) {
  using namespace racecourse::bench;
  const double seconds = seconds_from(argc, argv);
  measure("atomic_increments_2x3", atomic_increments, seconds);
  measure("mutex_sections_2x3", mutex_sections, seconds);
  measure("condition_variable_ping_pong_10", ping_pong, seconds);
  measure("one_lock_50_threads", many_threads, seconds);
}
