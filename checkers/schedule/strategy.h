// Who runs next. A strategy sees the threads and their pending operations, never the program.
#pragma once

#include <racecourse/checkers/schedule/footprint.h>
#include <racecourse/checkers/schedule/pending.h>
#include <racecourse/checkers/schedule/reads_from.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace racecourse::schedule {

// Why choose() is called.
enum class Reason : std::uint8_t {
  started,  // first choice of an execution
  budget,   // the points granted by the last choice are used up
  blocked,  // the current thread cannot go on
  ended,    // the current thread has ended
  yielded,  // the current thread said that it waits for others (yield, or a spin that was recognised)
  woke,     // another thread became able to run, and the strategy asked to hear of it
};

struct View {
  std::span<const std::uint16_t> enabled;  // threads that can run, in no particular order; may hold the current one
  std::span<const std::uint16_t> timed;    // threads that wait with a deadline, earliest deadline first:
                                           // choosing one makes its timeout fire
  int current;                             // the thread that ran last, or -1
  bool current_enabled;
  Reason reason;
  std::uint32_t point;  // scheduling points passed so far in this execution
  // By thread number: what each that is enabled or blocked does next. Of a blocked one: what it waits to do, or for.
  std::span<const Pending> pending{};
};

// Run `thread` until it has passed `points` scheduling points (or blocks, ends or yields): a budget, so that the common
// case costs a decrement and no call.
struct Choice {
  int thread;  // -1: the execution is given up, for nothing new can be seen from here on
  std::uint32_t points;
};
inline constexpr std::uint32_t kUnlimited = 1u << 30;

struct Experience;

// What earlier executions taught, measured at fixed execution numbers so that a seed always means the same.
struct Learnt {
  std::uint32_t threads = 2;         // most threads alive in one execution
  std::uint32_t points = 16;         // most scheduling points in one execution
  std::uint64_t origin = 0;          // the execution that the search began with
  Experience* experience = nullptr;  // experience.h; null: there is none
};

// A small, fast generator; one per execution. xorshift64* seeded through splitmix64.
class Random {
 public:
  explicit Random(std::uint64_t seed = 1) { reseed(seed); }
  void reseed(std::uint64_t seed) {
    seed += 0x9E3779B97F4A7C15u;
    seed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9u;
    seed = (seed ^ (seed >> 27)) * 0x94D049BB133111EBu;
    state_ = (seed ^ (seed >> 31)) | 1;
  }
  std::uint64_t next() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545F4914F6CDD1Du;
  }
  // Uniform in [0, n); n must be positive.
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(((next() >> 32) * n) >> 32); }
  // Uniform in [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

 private:
  std::uint64_t state_;
};

class Strategy {
 public:
  virtual ~Strategy() = default;
  virtual std::string_view name() const = 0;
  // Starts execution number `execution` (from 0) of this strategy.
  virtual void begin(std::uint64_t execution, std::uint64_t seed, const Learnt& learnt) = 0;
  // The depth of bugs that PCT looks for in this execution; 0 if it is not PCT's.
  virtual int pct_depth() const { return 0; }
  // The one to ask in this execution: one that is made of several passes on whose turn it is,
  virtual Strategy& turn() { return *this; }
  // and which of them that is, below kMaxTurns.
  virtual std::uint32_t number_of_turn() const { return 0; }
  // Not asked when there is nothing to choose: the points that it granted last stand.
  virtual Choice choose(const View& view) = 0;
  // One of n alternatives (n >= 2), for example which waiter a notify wakes.
  virtual std::uint32_t pick(std::uint32_t n) = 0;
  // Whether it is told of threads that become enabled.
  virtual bool wants_wakeups() const { return false; }
  // Told that `woken` became enabled: whether choose() is called (with Reason::woke) at the next point of `current`.
  virtual bool prefers([[maybe_unused]] int woken, [[maybe_unused]] int current) { return true; }
  // Whether it sees all: it is asked at every point, also where only one thread can run, and told of threads.
  virtual bool watches() const { return false; }
  // Told that `parent` started `thread`, if it watches.
  virtual void started([[maybe_unused]] int thread, [[maybe_unused]] int parent) {}
  // Where it wants to be told the code of the pending operations, by thread number; null: nowhere. It must watch.
  virtual Place* places() { return nullptr; }
  // Whether it is told what threads do to objects; it must watch, and grant one point at a time.
  virtual bool records() const { return false; }
  virtual void touched([[maybe_unused]] const Effect& effect) {}
  // The running thread found what it wants closed, and waits for it. Nothing has happened.
  virtual void wants([[maybe_unused]] const Effect& effect) {}
  // The running thread reads again at `pc` what it read there last: whether that is no step of its own, because the
  // loop around it only puts off what follows.
  virtual bool only_delays([[maybe_unused]] std::uint64_t pc) { return false; }
  // At a point: a digest of where the running thread stands and of all that is its own. When it is there again and has
  // changed nothing that others see, it goes round a loop, until somebody changes what it reads there.
  virtual void stands([[maybe_unused]] std::uint64_t digest) {}
  // The running thread changed memory that is not its stack.
  virtual void changed() {}
  // The execution has passed the step limit, and goes on without the strategy.
  virtual void passes_limit() {}
  // Something happened of which not all orders are searched: `why` (a string literal) is told instead of a proof.
  virtual void proves_nothing([[maybe_unused]] const char* why) {}
  // The running thread ends the execution, while others might still go on: T0 at its end, with threads that were not
  // joined or are detached; any thread by a finding.
  virtual void leaves_threads() {}
  // Memory raced that had not before: from now on its accesses are points.
  virtual void learnt_race() {}
  // After an execution.
  virtual void end() {}
  // There is nothing left to search.
  virtual bool exhausted() const { return false; }
  // How many reads in a row that show nothing new, and the yields between them, are one scheduling point of this
  // execution. 0: each is its own. See runtime::spins_patiently().
  virtual std::uint32_t patience() const { return 0; }
  // Whether Choice::points counts ticks (every instrumented access, see schedule.h) instead of scheduling points. True
  // for replays: what counts as a point depends on what a search has learnt, a tick does not.
  virtual bool counts_ticks() const { return false; }
  // Whether it looks at View::pending. Where nobody does, nobody keeps it up to date.
  virtual bool looks_ahead() const { return true; }

  // The answers that are the same as long as the strategy lives (for one that is made of several: of each of these).
  // Asked once: so many calls before every execution would cost as much as its choices.
  struct Nature {
    bool counts_ticks;
    bool wants_wakeups;
    bool watches;
    bool records;
    bool looks_ahead;
  };
  const Nature& nature() {
    if (!knows_nature_) nature_ = {counts_ticks(), wants_wakeups(), watches(), records(), looks_ahead()};
    knows_nature_ = true;
    return nature_;
  }

 private:
  Nature nature_{};
  bool knows_nature_ = false;
};

class Systematic;

// What pct_depth() and number_of_turn() stay below.
inline constexpr std::uint32_t kMaxDepths = 17;
inline constexpr std::uint32_t kMaxTurns = 16;

struct Settings {
  std::string_view strategy = "default";
  double switch_probability = 0.125;
  int depth = 3;
  Systematic* search = nullptr;  // of `exhaustive`: what it has seen, in memory that outlives the strategy
};
// Throws std::invalid_argument for an unknown name. No allocation happens after this call.
std::unique_ptr<Strategy> make_strategy(const Settings& settings);

}  // namespace racecourse::schedule
