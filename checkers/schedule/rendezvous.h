// Steers threads into a deadlock that was predicted (detect/lock_order.h): each is stopped before the lock that it is
// to wait for until all others stand before theirs. Then nobody can go on.
//
// As the second phase of DeadlockFuzzer (Joshi, Park, Sen, Naik, "A randomized dynamic program analysis technique for
// detecting real deadlocks", PLDI 2009), a random walk with pauses: whoever is paused goes on when everybody else waits
// for it. Deviations: a thread is known by its number and a lock by its address, which mean the same in every execution
// here; in every second execution a thread is stopped at that very time that was predicted, the nth, in the others at
// the first at which it holds the other lock. The walk mostly stays with a thread: what was predicted is what happens
// when each runs to its place.
#pragma once

#include <racecourse/checkers/schedule/strategy.h>

#include <cstdint>
#include <vector>

namespace racecourse::schedule {

class Rendezvous final : public Strategy {
 public:
  struct Member {
    std::uint16_t thread;
    std::uint64_t holds;
    std::uint64_t wants;
    std::uint32_t nth;  // times that it took what it wants, by a call that would wait, before
  };
  explicit Rendezvous(std::vector<Member> members);

  std::string_view name() const override { return "rendezvous"; }
  void begin(std::uint64_t execution, std::uint64_t seed, const Learnt&) override;
  Choice choose(const View& view) override;
  std::uint32_t pick(std::uint32_t n) override { return random_.below(n); }
  bool watches() const override { return true; }

 private:
  struct State {
    std::uint32_t taken;  // what it wants, by a call that would wait
    std::int32_t held;    // what it holds
    bool passed;          // it was there, and had to go on
  };

  bool is_there(std::size_t member, const View& view) const;
  bool is_paused(int thread, const View& view) const;
  Choice let_run(int thread, const View& view);
  int pick_among(const View& view);
  Choice give_up_one(const View& view);

  const std::vector<Member> members_;
  std::vector<State> states_;           // of the members
  std::vector<std::uint16_t> running_;  // enabled and not paused; here to need no allocation
  bool blocked_[256] = {};              // it tried the lock that it is to take next, and waits
  bool at_the_nth_ = false;
  bool all_there_ = false;
  bool stays_ = false;
  std::uint32_t yields_ = 0;  // since the last time that a pause was given up
  Random random_;
};

}  // namespace racecourse::schedule
