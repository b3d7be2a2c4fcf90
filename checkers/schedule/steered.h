// Follows somebody's decisions, one visible operation at a time, and stops where the next one is due.
//
// A decision is due at a scheduling point with at least two ways to go on: a thread that can run, or one that waits
// with a deadline, whose time may run out. Where there is only one way it is taken. A thread that was just started runs
// up to its first operation at once: until then it does nothing that others could see.
#pragma once

#include <racecourse/checkers/schedule/strategy.h>

#include <bitset>
#include <cstdint>
#include <span>

namespace racecourse::schedule {

struct Decision {
  std::uint16_t thread = 0;
  // What its step is answered when it asks which of several waiters it wakes; the last one if there are not so many.
  std::uint32_t answer = 0;
  friend bool operator==(const Decision&, const Decision&) = default;
};

// Where the decisions led. Plain data, to be copied out of a process that is about to end.
struct Outlook {
  std::uint32_t taken = 0;           // decisions that were followed
  bool unfit = false;                // the next one named a thread that could not go on: the execution stopped there
  bool stopped = false;              // a decision is due; otherwise the execution came to its end
  std::uint32_t alternatives = 0;    // most that the step of the last decision was asked to choose from; 0: not asked
  std::uint32_t questions = 0;       // asked so far in this execution
  std::uint32_t first_question = 0;  // of those of the last decision's step, by number from 0
  std::uint32_t option_count = 0;
  std::uint16_t options[256];  // who may go on, by number
};

class Steered final : public Strategy {
 public:
  enum class After : std::uint8_t { stop, run_on };  // run_on: by the default rule of schedule.h

  // Both outlive this object. `outlook` is kept up to date, for executions that end the process.
  Steered(std::span<const Decision> decisions, After after, Outlook& outlook)
      : decisions_(decisions), after_(after), outlook_(outlook) {}

  std::string_view name() const override { return "steered"; }
  void begin(std::uint64_t, std::uint64_t, const Learnt&) override;
  Choice choose(const View& view) override;
  std::uint32_t pick(std::uint32_t n) override;
  bool watches() const override { return true; }

 private:
  void list_options(const View& view);

  std::span<const Decision> decisions_;
  After after_;
  Outlook& outlook_;
  std::bitset<256> begun_;
};

}  // namespace racecourse::schedule
