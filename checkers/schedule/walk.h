// Random walks: the plain one and the one that stays.
#pragma once

#include <racecourse/checkers/schedule/strategy.h>

namespace racecourse::schedule {

// A thread other than the current one, uniformly, or a timer; the current one if there is nobody else.
int random_other(const View& view, Random& random);

// Any enabled thread, uniformly, at every point. No guarantee. Favours orders in which short threads end early, and
// hardly ever lets one thread run far ahead: a queue never fills.
class UniformWalk final : public Strategy {
 public:
  std::string_view name() const override { return "uniform"; }
  void begin(std::uint64_t execution, std::uint64_t seed, const Learnt&) override {
    random_.reseed(seed ^ execution << 20);
  }
  Choice choose(const View& view) override;
  bool looks_ahead() const override { return false; }
  std::uint32_t pick(std::uint32_t n) override { return random_.below(n); }

 private:
  Random random_;
};

// Switches with a fixed probability at each point. A small one finds bugs that need one thread to run far at the right
// moment; which is small enough depends on the bug, so several are tried.
class StickyWalk final : public Strategy {
 public:
  explicit StickyWalk(double switch_probability);
  std::string_view name() const override { return "sticky"; }
  void begin(std::uint64_t execution, std::uint64_t seed, const Learnt&) override {
    random_.reseed(seed ^ execution << 20);
  }
  Choice choose(const View& view) override;
  bool looks_ahead() const override { return false; }
  std::uint32_t pick(std::uint32_t n) override { return random_.below(n); }

 private:
  static constexpr int kQuantiles = 256;
  std::uint32_t run_length_[kQuantiles];
  Random random_;
};

}  // namespace racecourse::schedule
