// PCT: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of Finding
// Bugs", ASPLOS 2010.
//
// Every thread has a random priority; the enabled thread with the highest one runs. At d - 1 random points the running
// thread's priority falls below all others. A bug of depth d (one that d ordering constraints suffice to show) is found
// with probability at least 1 / (n k^(d-1)) in each execution, for n threads and k points.
//
// Deviations: n and k are those of earlier executions, not given. A thread that yields, or that is seen to spin, falls
// below all others, because it waits for one of them. A pending timeout may fire before all threads are blocked.
#pragma once

#include <racecourse/checkers/schedule/event_priorities.h>

#include <array>

namespace racecourse::schedule {

class Pct final : public Strategy {
 public:
  static constexpr int kMaxDepth = static_cast<int>(kMaxDepths) - 1;
  // 1 <= depth <= kMaxDepth.
  explicit Pct(int depth) : depth_(depth) {}
  std::string_view name() const override { return "pct"; }
  int pct_depth() const override { return depth_; }
  void begin(std::uint64_t execution, std::uint64_t seed, const Learnt& learnt) override;
  Choice choose(const View& view) override;
  std::uint32_t pick(std::uint32_t n) override { return random_.below(n); }
  bool wants_wakeups() const override { return true; }
  bool looks_ahead() const override { return false; }
  bool prefers(int woken, int current) override { return priority_of(woken) > priority_of(current); }

 private:
  std::int64_t priority_of(int thread);
  void insert(std::uint32_t point, int count);

  int depth_;
  Random random_;
  // Initial priorities are positive and random; lowered ones are negative, each lower than all before. 0: not drawn.
  std::array<std::int64_t, 256> priority_{};
  int highest_seen_ = 0;          // greatest thread number whose priority was drawn
  static constexpr int kFew = 8;  // so many are cleared by a few stores
  std::int64_t lowest_ = 0;
  static constexpr std::uint32_t kNoMore = 0xffffffff;
  std::array<std::uint32_t, kMaxDepth + 1> change_points_{};  // ascending, then kNoMore
  int next_change_ = 0;
};

}  // namespace racecourse::schedule
