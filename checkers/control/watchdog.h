// Decides when a worker has stopped making progress.
#pragma once

#include <racecourse/checkers/runtime/shared_block.h>
#include <sys/types.h>

#include <cstdint>

namespace racecourse::control {

class Watchdog {
 public:
  // `limit` in seconds, of processor time or of sleep.
  Watchdog(const runtime::SharedBlock& block, double limit) : block_(block), limit_(limit) {}

  // From now on; what was before does not count.
  void begin() { first_ = true; }
  // Called at every look. True when the worker must be stopped.
  bool expired(pid_t process);
  bool mostly_asleep() const { return asleep_ > busy_; }
  bool in_execution() const;

 private:
  std::uint64_t progress() const;

  const runtime::SharedBlock& block_;
  const double limit_;
  bool first_ = true;
  bool was_asleep_ = false;
  std::uint64_t mark_ = 0;
  double busy_ = 0;
  double asleep_ = 0;
  double processor_seconds_ = 0;
  double time_ = 0;
};

}  // namespace racecourse::control
