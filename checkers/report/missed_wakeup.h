// A wakeup that came too early: nobody slept there yet, and a condition variable or a futex keeps none.
#pragma once

#include <racecourse/checkers/report/trace_view.h>

#include <cstdint>
#include <optional>

namespace racecourse::report {

// Events of a trace, by their index.
struct MissedWakeup {
  std::uint32_t notify;
  std::uint32_t sleep;
};

// Of a thread that sleeps as the trace ends: the last notification that it has missed. It came from another thread,
// before the sleeper fell asleep; it woke nobody; and since then the sleeper has looked at nothing that the notifier
// had changed. (Whoever looks after the notification knows what it was about, and sleeps on for a reason of its own;
// that holds for every wait in a loop that looks under the mutex.)
//
// Of a notification that came after the sleeper was started, changes from before that do not count: what a thread is
// started with is no news.
std::optional<MissedWakeup> missed_wakeup(const Trace& trace, std::uint16_t thread);

// Of a thread that sleeps on a condition variable as the trace ends: the first notification of another one, where
// nobody waited, by a thread that had locked the sleeper's mutex since. It changed what the mutex guards, and told the
// wrong ones.
std::optional<std::uint32_t> notified_elsewhere(const Trace& trace, std::uint16_t thread);

}  // namespace racecourse::report
