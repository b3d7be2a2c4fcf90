// The programs of explore_bench.cpp in Relacy's types. Its threads are fibers that live through all executions, so
// unlike ours it creates and joins none.
#include <racecourse/checkers/relacy/check.h>
#include <racecourse/primitives/sync/sync.h>
#include <racecourse/tests/bench/bench.h>

#include <algorithm>
#include <mutex>

namespace racecourse::bench {
namespace {

struct AtomicIncrements : relacy::Suite<AtomicIncrements, 2> {
  sync::atomic<int> counter{0};
  void run(unsigned) {
    for (int i = 0; i < 3; i++) counter.fetch_add(1);
  }
  void after() { RL_ASSERT(counter.load() == 6); }
};

struct MutexSections : relacy::Suite<MutexSections, 2> {
  sync::mutex mutex;
  sync::var<int> counter{0};
  void run(unsigned) {
    for (int i = 0; i < 3; i++) {
      std::lock_guard guard(mutex);
      counter += 1;
    }
  }
  void after() { RL_ASSERT(counter == 6); }
};

struct PingPong : relacy::Suite<PingPong, 2> {
  sync::mutex mutex;
  rl::condition_variable changed;
  sync::var<int> turn{0};
  void run(unsigned me) {
    for (int i = 0; i < 10; i++) {
      mutex.lock();
      while (turn % 2 != static_cast<int>(me)) changed.wait(mutex, RL_INFO);
      turn += 1;
      changed.notify_one(RL_INFO);
      mutex.unlock();
    }
  }
  void after() { RL_ASSERT(turn == 20); }
};

struct ManyThreads : relacy::Suite<ManyThreads, 50> {
  sync::mutex mutex;
  sync::var<int> counter{0};
  void run(unsigned) {
    std::lock_guard guard(mutex);
    counter += 1;
  }
  void after() { RL_ASSERT(counter == 50); }
};

template <class Suite>
void measure(const char* program, double seconds) {
  // A first, short run tells how many executions fill the time.
  const relacy::Verdict trial = relacy::check<Suite>({.executions = 2'000});
  const double wanted = 2'000 / trial.seconds * seconds;
  const relacy::Verdict verdict = relacy::check<Suite>({.executions = std::max<std::uint64_t>(wanted, 1), .seed = 2});
  if (trial.kind || verdict.kind) {
    std::fprintf(stderr, "%s: Relacy found a bug in a program that has none\n", program);
    std::exit(1);
  }
  print(program, "relacy", "", verdict.executions, verdict.seconds);
}

}  // namespace
}  // namespace racecourse::bench

int main(int argc, char** argv) {
  using namespace racecourse::bench;
  const double seconds = seconds_from(argc, argv);
  measure<AtomicIncrements>("atomic_increments_2x3", seconds);
  measure<MutexSections>("mutex_sections_2x3", seconds);
  measure<PingPong>("condition_variable_ping_pong_10", seconds);
  measure<ManyThreads>("one_lock_50_threads", seconds);
}
