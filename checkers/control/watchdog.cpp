#include <racecourse/checkers/control/process.h>
#include <racecourse/checkers/control/watchdog.h>

#include <algorithm>

namespace racecourse::control {

namespace {

constexpr double kOutsideFactor = 10;  // patience outside an execution, where only our own code runs
constexpr double kLongestLook = 0.5;   // who was away for longer does not know what the worker did meanwhile

}  // namespace

bool Watchdog::expired(pid_t process) {
  const Activity seen = activity(process);
  const double time = now();
  const std::uint64_t mark = progress();
  if (mark != mark_ || first_) {
    mark_ = mark;
    busy_ = asleep_ = 0;
  } else {
    // Time spent waiting for a processor counts for neither: a loaded machine is no hang.
    busy_ += seen.processor_seconds - processor_seconds_;
    if (seen.asleep && was_asleep_) asleep_ += std::min(time - time_, kLongestLook);
  }
  first_ = false;
  processor_seconds_ = seen.processor_seconds;
  was_asleep_ = seen.asleep;
  time_ = time;
  return busy_ + asleep_ >= limit_ * (in_execution() ? 1 : kOutsideFactor);
}

bool Watchdog::in_execution() const {
  return block_.stage.load() == static_cast<std::uint32_t>(runtime::Stage::executing);
}

// Changes whenever the worker gets anywhere. The plain fields are written by the worker at this very moment; any value
// will do, it only has to differ.
std::uint64_t Watchdog::progress() const {
  const auto* ticks = static_cast<const volatile std::uint64_t*>(&block_.ticks);
  const auto* segments = static_cast<const volatile std::uint32_t*>(&block_.segment_count);
  return block_.execution.load() * 0x9E3779B97F4A7C15u + block_.completed.load() * 0xBF58476D1CE4E5B9u +
         block_.stage.load() * 0x94D049BB133111EBu + *ticks * 0x2545F4914F6CDD1Du + *segments;
}

}  // namespace racecourse::control
