// POS: Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling", CAV 2018.
//
// Every pending event has a random priority of its own; the enabled event with the greatest one happens. Then the
// thread that it belonged to draws for its next event, and so does every thread whose pending event races with it (the
// same object, and one of the two may change it): the order of the two events said nothing of what comes later, and a
// thread that lost one race is not bound to lose the next. Unlike the walks it does not count how many events a thread
// has that meet nobody: each partial order of k events of n threads is sampled with a probability that is bounded below
// and is exponentially better than a walk's at best. It is not uniform over partial orders, and hardly ever lets one
// thread do twice in a row what another waits to do as often: bugs in which a thread overtakes all others are rare.
//
// Deviations: events are what the runtime calls scheduling points, so locks and calls that may block are events beside
// reads and writes, and races are judged by schedule::conflict(). A thread that yields, or that is seen to spin, comes
// after all others once, because it waits for one of them. A pending timeout may fire before all threads are blocked.
#pragma once

#include <racecourse/checkers/schedule/event_priorities.h>

namespace racecourse::schedule {

class Pos final : public Strategy {
 public:
  std::string_view name() const override { return "pos"; }
  void begin(std::uint64_t execution, std::uint64_t seed, const Learnt& learnt) override;
  Choice choose(const View& view) override;
  std::uint32_t pick(std::uint32_t n) override { return random_.below(n); }

 private:
  Random random_;
  EventPriorities priorities_;
  Pending executed_;  // the event that happened last
};

}  // namespace racecourse::schedule
