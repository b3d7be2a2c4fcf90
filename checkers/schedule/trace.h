// One execution as a sequence of transitions: which happened before which, and which two next to each other could have
// come the other way round.
#pragma once

#include <racecourse/checkers/schedule/arena.h>
#include <racecourse/checkers/schedule/footprint.h>

#include <cstdint>
#include <span>

namespace racecourse::schedule {

// The answer to a question inside a transition: which of `of` waiters a notify wakes.
struct Answer {
  std::uint32_t value;
  std::uint32_t of;
  friend bool operator==(const Answer&, const Answer&) = default;
};

// A transition.
struct Step {
  std::uint16_t thread;
  std::uint16_t spins;      // at which look at its thread that goes round a loop, and the step ends; 0: at none
  bool unknown;             // what its thread would do is not known: it was not let
  bool or_timeout;          // until `enabled_by` it waited, with a timeout that could have fired
  std::int32_t enabled_by;  // the step that started the thread, or woke it; -1: none since its last step
  std::uint32_t position;   // among the steps of its thread, from 1
  std::uint32_t first_effect, effect_count;
  std::uint32_t first_answer, answer_count;
  std::uint64_t reads, writes;  // see Footprint
};

// Two steps that depend on each other with nothing between them, so that another execution has them the other way
// round.
struct Reversible {
  std::uint32_t first, second;
};

class Trace {
 public:
  explicit Trace(Arena* arena);

  // Forgets all steps, so that those of another execution can be added, which are to be kept.
  void clear();
  void add(const Step& step, const Footprint& made, std::span<const Answer> answers);

  // ---- recording. The first `keep` steps of the last execution are expected to come again.
  void begin(std::uint32_t keep);
  void open(std::uint16_t thread);
  void touch(const Effect& effect);
  // The open step ends in front of something closed, which its thread waits for; if that was all, it is dropped.
  void want(const Effect& effect) { open_want_ = effect; }
  void enable(std::uint16_t thread, bool or_timeout);  // the open step starts or wakes it
  // The open step ends the execution, although `thread` could have gone on: with what, is not known.
  void leave(std::uint16_t thread) { left_.push_back(thread); }
  void answer(Answer answer) { open_answers_.push_back(answer); }
  // The open step turned out to be none: its thread found what it wants closed, and waits for it.
  void drop();
  void close();
  bool is_open() const { return is_open_; }
  // The open step ends where its thread was seen to spin. Of one that is expected, what was seen the first time counts.
  void spin(std::uint16_t look) { open_.spins = look; }
  bool is_expected() const { return done_ < kept_; }
  bool expected_to_spin(std::uint16_t look) const { return steps_[done_].spins == look; }
  bool open_is_empty() const { return open_effects_.empty(); }
  std::uint32_t open_answer_count() const { return static_cast<std::uint32_t>(open_answers_.size()); }
  // A step that should have come again was another one: the body is not deterministic.
  bool diverged() const { return diverged_; }

  // ---- the steps so far, closed ones only
  std::uint32_t done() const { return done_; }
  std::uint32_t kept() const { return kept_; }
  const Step& step(std::uint32_t i) const { return steps_[i]; }
  Footprint footprint(std::uint32_t i) const {
    const Step& step = steps_[i];
    return {{effects_.data() + step.first_effect, step.effect_count}, step.reads, step.writes};
  }
  std::span<const Answer> answers(std::uint32_t i) const {
    return {answers_.data() + steps_[i].first_answer, steps_[i].answer_count};
  }
  std::uint16_t threads() const { return threads_; }

  // ---- after the execution
  // Orders all steps, and lists the reversible pairs. What threads still wait for counts as steps of theirs behind the
  // last one, and so does what they would have done but for its end.
  void order(ArenaVector<Reversible>& pairs);
  // Whether the last step is known to have come after all others; only after order().
  bool ends_after_all() const;
  // Whether each step does what it would do in any other place, as far as it is known, and threads were started by one
  // thread only. Then a search can tell which executions are the same.
  bool is_exact() const;
  bool happens_before(std::uint32_t a, std::uint32_t b) const {
    return clock(b)[steps_[a].thread] >= steps_[a].position;
  }

 private:
  struct Entry {  // an effect in the chain of its object, the latest first
    std::uint32_t step;
    std::uint32_t effect;
    std::int32_t previous;
  };
  struct Chain {
    std::uint64_t object;
    std::uint64_t generation;
    std::int32_t latest;
  };
  struct Enabled {
    std::int32_t by = -1;
    bool or_timeout = false;
  };
  struct Before {  // a step that the one under consideration depends on
    std::uint32_t step;
    std::uint64_t object;
    bool reversible;
    bool beyond;  // only its reversal is meant: what closed the object lies between
  };

  std::uint32_t* clock(std::uint32_t step) { return clocks_.data() + std::size_t{step} * stride_; }
  const std::uint32_t* clock(std::uint32_t step) const { return clocks_.data() + std::size_t{step} * stride_; }
  bool knows(const std::uint32_t* clock, std::uint32_t step) const {
    return clock[steps_[step].thread] >= steps_[step].position;
  }
  void join(std::uint32_t* into, std::uint32_t step) const;
  Chain& chain(std::uint64_t object);
  void grow_chains();
  void enter(std::uint32_t step);
  void add_waiting();
  void add_behind(std::uint16_t thread, const Effect& effect, bool unknown);
  void find_before(const Effect& effect, const std::uint32_t* clock);
  void order_step(std::uint32_t step, ArenaVector<Reversible>& pairs);
  bool next_to_each_other(const Before& first) const;

  ArenaVector<Step> steps_;
  ArenaVector<Effect> effects_;
  ArenaVector<Answer> answers_;
  std::uint32_t kept_ = 0;
  std::uint32_t done_ = 0;
  std::uint16_t threads_ = 0;
  bool diverged_ = false;

  bool is_open_ = false;
  Step open_{};
  ArenaVector<Effect> open_effects_;
  ArenaVector<Answer> open_answers_;
  Effect open_want_{};
  ArenaVector<Enabled> enabled_;  // by thread, until its next step
  ArenaVector<std::uint16_t> left_;
  ArenaVector<Effect> waiting_;           // by thread: what it waits for; `needs` is 0 if nothing
  ArenaVector<std::uint32_t> positions_;  // by thread: its steps so far

  ArenaVector<std::uint32_t>
      clocks_;  // stride_ for each step: how many steps of each thread happened before, or are it
  std::uint32_t stride_ = 0;
  std::uint32_t ordered_ = 0;       // steps whose clocks are right
  ArenaVector<std::int32_t> last_;  // by thread: its last step so far
  ArenaVector<Chain> chains_;       // open addressing; a power of two
  std::uint64_t generation_ = 0;
  std::uint32_t chains_used_ = 0;
  ArenaVector<Entry> entries_;
  ArenaVector<Before> before_;
  ArenaVector<Reversible> pairs_;  // of ordered steps
};

}  // namespace racecourse::schedule
