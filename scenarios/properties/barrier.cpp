// However fast or slow each of a few threads is, nobody is a phase ahead of one who has not arrived (B1), all pass
// (B2), the places are given once (B3), and what was written before is seen after (B4). With threads that give up,
// break the barrier or leave: all come back (B5). Alone, a barrier is broken or not.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/barrier/generation_counted.h>
#include <racecourse/primitives/barrier/sense_reversing.h>
#include <racecourse/primitives/barrier/std_barrier.h>
#include <racecourse/scenarios/properties/any_schedule.h>
#include <racecourse/scenarios/properties/check_programs.h>
#include <racecourse/scenarios/properties/check_sequential.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <chrono>
#include <ostream>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace racecourse::catalogue {
namespace {

using barrier::BrokenBarrier;
using barrier::GenerationCounted;
using property::Workload;

// What a thread does before it arrives.
enum class Before { nothing, yield, sleep };
void showValue(Before before, std::ostream& out) {
  if (before == Before::yield) out << "std::this_thread::yield(), ";
  if (before == Before::sleep) out << "std::this_thread::sleep_for(1ms), ";
  out << "barrier.wait()";
}

template <class Workload>
std::size_t common_phases(const Workload& workload) {
  std::size_t phases = workload.threads.front().size();
  for (const auto& thread : workload.threads) phases = std::min(phases, thread.size());
  return phases;
}

// The place, where the barrier gives one; else the thread's own number.
template <class Barrier>
unsigned place_of(Barrier& barrier, std::size_t thread) {
  if constexpr (std::is_void_v<decltype(barrier.wait())>) {
    barrier.wait();
    return static_cast<unsigned>(thread);
  } else {
    return barrier.wait();
  }
}

template <class Barrier>
void all_in_step(const Workload<Before>& workload) {
  const std::size_t threads = workload.threads.size();
  const std::size_t phases = common_phases(workload);  // who has more to do leaves it: nobody else would come
  Barrier barrier(static_cast<unsigned>(threads));
  std::vector<std::vector<int>> done(phases, std::vector<int>(threads));  // plain: the barrier orders it
  std::vector<std::vector<unsigned>> places(phases, std::vector<unsigned>(threads));
  std::vector<std::size_t> phase(threads);  // one a thread
  property::run(workload, [&](std::size_t thread, Before before) {
    if (phase[thread] == phases) return;
    const std::size_t k = phase[thread]++;
    if (before == Before::yield) std::this_thread::yield();
    if (before == Before::sleep) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    done[k][thread] = 1;
    places[k][thread] = place_of(barrier, thread);
    for (const int part : done[k]) assert(part == 1);
  });
  for (auto& of_phase : places) {
    std::sort(of_phase.begin(), of_phase.end());
    for (unsigned place = 0; place < of_phase.size(); place++) assert(of_phase[place] == place);
  }
}

// What a thread does at a barrier that can break.
enum class Arrive { wait, timed, abort };
void showValue(Arrive arrive, std::ostream& out) {
  constexpr const char* kCalls[] = {"barrier.wait()", "barrier.wait_for(1ms)", "barrier.abort()"};
  out << kCalls[static_cast<int>(arrive)];
}

// Threads end after different numbers of phases, and abort on the way out, so that nobody waits for them.
void all_come_back(const Workload<Arrive>& workload) {
  const std::size_t threads = workload.threads.size();
  GenerationCounted barrier(static_cast<unsigned>(threads));
  std::vector<std::atomic<int>> arrived(threads);  // relaxed, so that the check itself orders nothing
  std::vector<std::size_t> steps(threads), passed(threads);
  bool all_wait = true;
  for (const auto& thread : workload.threads) {
    for (const Arrive arrive : thread) all_wait = all_wait && arrive == Arrive::wait;
  }
  property::run(workload, [&](std::size_t thread, Arrive arrive) {
    const bool last = ++steps[thread] == workload.threads[thread].size();
    try {
      if (arrive == Arrive::abort) {
        barrier.abort();
      } else {
        const int phase = arrived[thread].fetch_add(1, std::memory_order_relaxed) + 1;
        if (arrive == Arrive::wait) barrier.wait();
        if (arrive == Arrive::timed) barrier.wait_for(std::chrono::milliseconds(1));
        ++passed[thread];
        for (const auto& other : arrived) assert(other.load(std::memory_order_relaxed) >= phase);  // B1
      }
    } catch (const BrokenBarrier&) {
      assert(barrier.broken());
    }
    if (last) barrier.abort();
  });
  assert(barrier.n_waiting() == 0);
  if (!all_wait) return;
  for (const std::size_t phases : passed) assert(phases == common_phases(workload));  // B2, also while others leave
}

// Alone, at a barrier of one or of two.
struct State {
  bool broken = false;
};

template <unsigned n>
struct Of : GenerationCounted {
  Of() : GenerationCounted(n) {}
};

template <unsigned n>
struct WaitFor : rc::state::Command<State, Of<n>> {
  void apply(State& model) const override { model.broken = model.broken || n > 1; }
  void run(const State& model, Of<n>& barrier) const override {
    if (model.broken || n > 1) {
      RC_ASSERT_THROWS_AS(barrier.wait_for(std::chrono::microseconds(1)), BrokenBarrier);
    } else {
      RC_ASSERT(barrier.wait_for(std::chrono::microseconds(1)) == 0u);
    }
  }
  void show(std::ostream& out) const override { out << "barrier.wait_for(1us)"; }
};

template <unsigned n>
struct Abort : rc::state::Command<State, Of<n>> {
  void apply(State& model) const override { model.broken = true; }
  void run(const State&, Of<n>& barrier) const override { barrier.abort(); }
  void show(std::ostream& out) const override { out << "barrier.abort()"; }
};

template <unsigned n>
struct Reset : rc::state::Command<State, Of<n>> {
  void apply(State& model) const override { model.broken = false; }
  void run(const State&, Of<n>& barrier) const override { barrier.reset(); }
  void show(std::ostream& out) const override { out << "barrier.reset()"; }
};

template <unsigned n>
struct Look : rc::state::Command<State, Of<n>> {
  void run(const State& model, Of<n>& barrier) const override {
    RC_ASSERT(barrier.broken() == model.broken);
    RC_ASSERT(barrier.n_waiting() == 0u);
    RC_ASSERT(barrier.parties() == n);
  }
  void show(std::ostream& out) const override { out << "barrier.broken(), barrier.n_waiting()"; }
};

template <unsigned n>
void check_alone(std::uint64_t seed) {
  check_sequential<State, Of<n>, WaitFor<n>, Abort<n>, Reset<n>, Look<n>>(
      "barrier/generation_counted of " + std::to_string(n), seed);
}

template <class Barrier>
void check_barrier(const char* type, const char* name, std::uint64_t seed) {
  const std::string setup =
      std::string("/* one party a thread, as many phases as each has */ racecourse::barrier::") + type + " barrier(2);";
  const auto before = rc::gen::element(Before::nothing, Before::yield, Before::sleep);
  check_programs<Before>(name, seed, property::workloads(before, {.most_threads = 3}),
                         {"Barrier", "AllInStep", setup, ""}, all_in_step<Barrier>);
}

void barrier_generation_counted(std::uint64_t seed) {
  check_alone<1>(seed);
  check_alone<2>(seed);
  check_barrier<GenerationCounted>("GenerationCounted", "barrier/generation_counted", seed);
  const auto arrivals = rc::gen::element(Arrive::wait, Arrive::wait, Arrive::wait, Arrive::timed, Arrive::abort);
  check_programs<Arrive>("barrier/generation_counted", seed, property::workloads(arrivals, {.most_threads = 3}),
                         {"Barrier", "AllComeBack",
                          "/* one party a thread; each catches BrokenBarrier, and aborts at its end */ "
                          "racecourse::barrier::GenerationCounted barrier(2);",
                          "EXPECT_EQ(barrier.n_waiting(), 0u);"},
                         all_come_back);
}
void barrier_sense_reversing(std::uint64_t seed) {
  check_barrier<barrier::SenseReversing>("SenseReversing", "barrier/sense_reversing", seed);
}
void barrier_std_barrier(std::uint64_t seed) {
  check_barrier<barrier::StdBarrier>("StdBarrier", "barrier/std_barrier", seed);
}

const std::vector<Kind> kSleepers = {Kind::lost_wakeup, Kind::partial_deadlock};

const PropertyRegistration registrations[] = {
    any_schedule("barrier", "generation_counted", finds_nothing(), {barrier_generation_counted}),
    any_schedule("barrier", "sense_reversing", finds_nothing(), {barrier_sense_reversing}),
    any_schedule("barrier", "std_barrier", finds_nothing(), {barrier_std_barrier}),
    any_schedule("barrier", "no_generation", finds(Kind::deadlock, kSleepers)),
    any_schedule("barrier", "timeout_not_broken", finds(Kind::deadlock, kSleepers)),
    any_schedule("barrier", "reset_too_early", finds(Kind::deadlock, kSleepers)),
    any_schedule("barrier", "rearmed_too_late", finds(Kind::deadlock, kSleepers)),
    any_schedule("barrier", "relaxed_arrival", finds(Kind::data_race)),
};

}  // namespace
}  // namespace racecourse::catalogue
