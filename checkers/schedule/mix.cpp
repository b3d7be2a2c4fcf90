// The default strategy: no single one wins everywhere, so executions take turns, more often those of strategies that
// still find new behaviour (turns.h). In every other execution threads that read in vain are let alone for a while. The
// first turn is that of the strategy that has most to learn from it.
#include <fmt/format.h>
#include <racecourse/checkers/schedule/exhaustive.h>
#include <racecourse/checkers/schedule/experience.h>
#include <racecourse/checkers/schedule/pct.h>
#include <racecourse/checkers/schedule/pos.h>
#include <racecourse/checkers/schedule/rff.h>
#include <racecourse/checkers/schedule/surw.h>
#include <racecourse/checkers/schedule/turns.h>
#include <racecourse/checkers/schedule/walk.h>

#include <stdexcept>

namespace racecourse::schedule {

namespace {

class Mix final : public Strategy {
 public:
  std::string_view name() const override { return "default"; }
  void begin(std::uint64_t execution, std::uint64_t seed, const Learnt& learnt) override {
    if (learnt.experience != nullptr) turns_.learn(*learnt.experience);
    turn_ = turns_.of(execution);
    current_ = strategies_[turn_];
    patient_ = is_patient(execution);
    current_->begin(execution, seed, learnt);
  }
  int pct_depth() const override { return current_->pct_depth(); }
  Strategy& turn() override { return *current_; }
  std::uint32_t number_of_turn() const override { return turn_; }
  Choice choose(const View& view) override { return current_->choose(view); }
  std::uint32_t pick(std::uint32_t n) override { return current_->pick(n); }
  bool wants_wakeups() const override { return current_->wants_wakeups(); }
  bool watches() const override { return current_->watches(); }
  Place* places() override { return current_->places(); }
  std::uint32_t patience() const override { return patient_ ? kPatience : 0; }

 private:
  // More than any wait spins that means to sleep; what reads so often in vain is taken to spin for good.
  static constexpr std::uint32_t kPatience = 32;
  // Half of all, of whatever turn: the multiples of the square root of 2 have nothing to do with those in turns.h.
  static bool is_patient(std::uint64_t execution) { return execution * 0x6A09E667F3BCC909u >> 63 != 0; }

  Surw surw_;
  Rff rff_;
  StickyWalk sticky_3_{1.0 / 3};
  StickyWalk sticky_8_{1.0 / 8};
  StickyWalk sticky_32_{1.0 / 32};
  UniformWalk uniform_;
  Pos pos_;
  Pct pct_2_{2};
  Pct pct_3_{3};
  Pct pct_5_{5};
  static constexpr std::uint32_t kStrategies = 10;
  Strategy* const strategies_[kStrategies] = {&surw_, &sticky_8_, &rff_,       &pct_3_, &uniform_,
                                              &pos_,  &sticky_3_, &sticky_32_, &pct_2_, &pct_5_};
  Turns turns_{{2, 2, 2, 1, 1, 1, 1, 1, 1, 1}};
  std::uint32_t turn_ = 0;
  Strategy* current_ = &surw_;
  bool patient_ = false;
};

}  // namespace

std::unique_ptr<Strategy> make_strategy(const Settings& settings) {
  if (settings.strategy == "default") return std::make_unique<Mix>();
  if (settings.strategy == "exhaustive") return std::make_unique<Exhaustive>(nullptr);  // workers have their own
  if (settings.strategy == "uniform") return std::make_unique<UniformWalk>();
  if (settings.strategy == "sticky") {
    if (!(settings.switch_probability > 0 && settings.switch_probability < 1))
      throw std::invalid_argument(
          fmt::format("switch_probability must lie between 0 and 1, not {}", settings.switch_probability));
    return std::make_unique<StickyWalk>(settings.switch_probability);
  }
  if (settings.strategy == "pos") return std::make_unique<Pos>();
  if (settings.strategy == "surw") return std::make_unique<Surw>();
  if (settings.strategy == "rff") return std::make_unique<Rff>();
  if (settings.strategy == "pct") {
    if (settings.depth < 1 || settings.depth > Pct::kMaxDepth)
      throw std::invalid_argument(
          fmt::format("depth must lie between 1 and {}, not {}", Pct::kMaxDepth, settings.depth));
    return std::make_unique<Pct>(settings.depth);
  }
  throw std::invalid_argument(fmt::format(
      "unknown strategy '{}': use default, uniform, sticky, pct, pos, surw, rff or exhaustive", settings.strategy));
}

}  // namespace racecourse::schedule
