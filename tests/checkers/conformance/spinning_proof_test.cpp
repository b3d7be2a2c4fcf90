// An exhaustive search ends although a thread spins: it sees that the thread stands where it stood, by the bytes of its
// stack, which hold what the compiler of the runtime leaves there.
#include <atomic>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

Options exhaustive() {
  Options options;
  options.strategy = "exhaustive";
  options.executions = 100'000;
  return options;
}

template <class Pause>
void two_take_turns(Pause pause) {
  std::atomic<bool> taken{false};
  int count = 0;
  auto add = [&] {
    while (taken.exchange(true, std::memory_order_acquire))
      while (taken.load(std::memory_order_relaxed)) pause();
    ++count;
    taken.store(false, std::memory_order_release);
  };
  std::thread a(add), b(add);
  a.join();
  b.join();
  EXPECT_EQ(count, 2);
}

TEST(SpinningProof, EndsWhereAThreadYields) {
  RACECOURSE_EXPLORE_ONLY("there is no exhaustive search on real threads");
  const Verdict verdict = search([] { two_take_turns([] { std::this_thread::yield(); }); }, exhaustive());
  EXPECT_EQ(verdict.state, State::proved) << verdict.text;
}
TEST(SpinningProof, EndsWhereAThreadLooksAgain) {
  RACECOURSE_EXPLORE_ONLY("there is no exhaustive search on real threads");
  const Verdict verdict = search([] { two_take_turns([] {}); }, exhaustive());
  EXPECT_EQ(verdict.state, State::proved) << verdict.text;
}

}  // namespace
}  // namespace racecourse::conformance
