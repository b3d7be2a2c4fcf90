// Systematic searches: each execution is another one, and at the end all were seen. A search sees transitions only;
// exhaustive.h connects it to a program.
//
//   while (!search.exhausted()) {
//     search.begin();
//     while (some thread is able to go on) {
//       thread = search.choose(...);         // -1: give this execution up
//       ... run it to its next scheduling point, telling of what it does: touch(), enable(), answer() ...
//     }
//     search.end();
//   }
#pragma once

#include <racecourse/checkers/schedule/trace.h>

#include <atomic>
#include <cstdint>
#include <span>

namespace racecourse::schedule {

class Systematic {
 public:
  virtual ~Systematic() = default;

  virtual void begin() = 0;
  // Who makes the next transition, of the threads that are able to; -1 if nothing new can be seen from here on, so that
  // the execution may be given up. `current` ran last; leaving it while it is able to go on is a preemption.
  // `reluctant` is not chosen as long as there is somebody else, unless that would show something new.
  virtual int choose(std::span<const std::uint16_t> able, int current, int reluctant = -1) = 0;
  // The thread that was chosen last found what it wants closed (see want()), and nothing has happened. It is not able
  // until somebody opens it. Choose again.
  virtual void refuse() = 0;
  // `n` ways to go on inside the transition, n > 1: which one.
  virtual std::uint32_t answer(std::uint32_t n) = 0;
  // The execution is over.
  virtual void end() = 0;
  virtual bool exhausted() const = 0;
  // Begins anew, because what counts as a transition has changed.
  virtual void restart() = 0;
  // How many preemptions the executions may have that were searched to the end; -1: any number.
  virtual int preemptions() const { return -1; }

  void touch(const Effect& effect) { trace_.touch(effect); }
  void leave(std::uint16_t thread) { trace_.leave(thread); }
  void spin(std::uint16_t look) { trace_.spin(look); }
  void want(const Effect& effect) { trace_.want(effect); }
  bool nothing_happened() const { return trace_.open_is_empty(); }
  void enable(std::uint16_t thread, bool or_timeout = false) { trace_.enable(thread, or_timeout); }

  std::uint64_t traces() const { return traces_; }        // different executions seen to their end
  std::uint64_t redundant() const { return redundant_; }  // those that were given up, or seen again
  // Of the tree, as far as it is known: what is left to explore from each state of the last execution is taken to be as
  // large as what was explored (after Knuth, "Estimating the Efficiency of Backtrack Programs", Math. Comp. 29, 1975).
  // Brought up to date now and then; may be read from another process while the search goes on.
  double part_explored() const { return part_explored_.load(std::memory_order_relaxed); }
  bool diverged() const { return diverged_; }  // the same choices led to something else: no proof
  const Trace& trace() const { return trace_; }
  // Whether an execution has begun and not ended: its process may have died in it.
  bool in_execution() const { return in_execution_; }

  // Why the search proves nothing although it came to an end, in a few words; null: nothing speaks against it.
  const char* breach() const { return diverged_ ? "the same choices led to different executions" : breach_; }
  // `why` lives as long as the program.
  void set_breach(const char* why) { breach_ = why; }
  // Places in the code that read one value again and again, a number of times, before they do something else: whether
  // they are loops of the library that only delay what follows is found out outside.
  struct Loop {
    std::uint64_t pc;
    bool judged, only_delays;
  };
  static constexpr std::size_t kMaxLoops = 64;
  std::span<Loop> loops() { return {loops_, loop_count_}; }
  Loop* find_loop(std::uint64_t pc) {
    for (Loop& loop : loops())
      if (loop.pc == pc) return &loop;
    return nullptr;
  }
  void add_loop(std::uint64_t pc) {
    if (loop_count_ < kMaxLoops) loops_[loop_count_++] = {pc, false, false};
  }

  // An execution may end before all threads have, so that its end must be tried at every step of theirs.
  bool ends_early = false;
  // Executions may show a trace again, so that traces are counted by their names.
  bool repeats = false;
  // Something was learnt of the program by which the search must begin anew.
  virtual bool must_begin_anew() const { return false; }

 protected:
  // Of a state from which `explored` of `known` ways on were explored; from the first state to the last.
  struct Explored {
    double part = 0, share = 1;
    void add(double explored, double known) {
      part += share * explored / known;
      share /= known;
    }
  };
  bool is_to_estimate() const { return ((traces_ + redundant_) & 255) == 0; }

  explicit Systematic(Arena* arena) : arena_(*arena), trace_(arena) {}

  Arena& arena_;
  Trace trace_;
  std::uint64_t traces_ = 0;
  std::uint64_t redundant_ = 0;
  std::atomic<double> part_explored_{0};
  bool diverged_ = false;
  bool in_execution_ = false;
  const char* breach_ = nullptr;
  Loop loops_[kMaxLoops] = {};
  std::size_t loop_count_ = 0;
};

// For those who go on with one search after the other, or with parts of one.
class Searches {
 public:
  virtual ~Searches() = default;
  // The one that the next execution is of; null: nothing is left to explore.
  virtual Systematic* next() = 0;
  // What counts as a transition has changed: all begin anew.
  virtual void restart() = 0;
};

}  // namespace racecourse::schedule
