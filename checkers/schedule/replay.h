// Follows a given schedule; where it does not fit, or after its end, the default rule of schedule.h.
#pragma once

#include <racecourse/checkers/schedule/schedule.h>
#include <racecourse/checkers/schedule/strategy.h>

namespace racecourse::schedule {

// The default rule: the running thread goes on until it blocks, ends or yields; then the enabled thread with the next
// higher number.
int default_choice(const View& view);

class Replay final : public Strategy {
 public:
  // `schedule` must outlive this.
  explicit Replay(const Schedule& schedule) : schedule_(schedule) {}
  std::string_view name() const override { return "replay"; }
  void begin(std::uint64_t, std::uint64_t, const Learnt&) override;
  Choice choose(const View& view) override;
  std::uint32_t pick(std::uint32_t n) override;
  bool counts_ticks() const override { return true; }

  // A segment named a thread that could not run, or a pick that was not among the alternatives.
  bool deviated() const { return deviated_; }

 private:
  const Schedule& schedule_;
  std::size_t next_segment_ = 0;
  std::size_t next_pick_ = 0;
  std::uint32_t pick_ordinal_ = 0;
  bool deviated_ = false;
};

}  // namespace racecourse::schedule
