#include <racecourse/checkers/report/missed_wakeup.h>

#include <algorithm>
#include <vector>

namespace racecourse::report {
namespace {

// Notifications that are looked at, from the last on: each costs a pass over the trace.
constexpr int kMostNotifies = 16;

bool is_notify(Op op) { return op == Op::cond_signal || op == Op::cond_broadcast || op == Op::futex_wake; }

bool is_read(Op op) { return is_memory(op) && op != Op::write && op != Op::atomic_store; }

std::uint64_t end_of(const Event& event) { return event.address + std::max<std::uint64_t>(event.size, 1); }

// Bytes, as ranges in order that do not meet.
class Bytes {
 public:
  void add(const Event& event) { ranges_.push_back({event.address, end_of(event)}); }
  void close() {
    std::sort(ranges_.begin(), ranges_.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
    std::size_t kept = 0;
    for (const Range& range : ranges_) {
      if (kept > 0 && range.begin <= ranges_[kept - 1].end)
        ranges_[kept - 1].end = std::max(ranges_[kept - 1].end, range.end);
      else
        ranges_[kept++] = range;
    }
    ranges_.resize(kept);
  }
  bool meets(const Event& event) const {
    const auto after = std::upper_bound(ranges_.begin(), ranges_.end(), event.address,
                                        [](std::uint64_t address, const Range& range) { return address < range.end; });
    return after != ranges_.end() && after->begin < end_of(event);
  }

 private:
  struct Range {
    std::uint64_t begin, end;
  };
  std::vector<Range> ranges_;
};

// The event with which `thread` fell asleep for the last time.
std::optional<std::uint32_t> last_sleep(const Trace& trace, std::uint16_t thread) {
  for (auto i = static_cast<std::uint32_t>(trace.events.size()); i-- > 0;) {
    const Event& event = trace.events[i];
    if (event.thread != thread) continue;
    if (event.op == Op::cond_wait || event.op == Op::futex_wait) return i;
  }
  return std::nullopt;
}

// The event that started it; 0 for the first thread.
std::uint32_t start_of(const Trace& trace, std::uint16_t thread, std::uint32_t before) {
  for (std::uint32_t i = before; i-- > 0;) {
    const Event& event = trace.events[i];
    if (event.op == Op::thread_create && event.value == thread) return i;
  }
  return 0;
}

bool has_looked_since(const Trace& trace, std::uint16_t thread, std::uint32_t start, const MissedWakeup& missed) {
  Bytes changed;
  const std::uint16_t notifier = trace.events[missed.notify].thread;
  for (std::uint32_t i = missed.notify > start ? start : 0; i < missed.notify; ++i) {
    const Event& event = trace.events[i];
    if (event.thread == notifier && is_write(event.op)) changed.add(event);
  }
  changed.close();
  for (std::uint32_t i = missed.notify; i < missed.sleep; ++i) {
    const Event& event = trace.events[i];
    if (event.thread == thread && is_read(event.op) && changed.meets(event)) return true;
  }
  return false;
}

}  // namespace

std::optional<MissedWakeup> missed_wakeup(const Trace& trace, std::uint16_t thread) {
  if (trace.truncated || thread >= trace.threads.size()) return std::nullopt;
  const ThreadEnd& end = trace.threads[thread];
  const bool asleep = end.wait == Wait::condition || end.wait == Wait::futex;
  if (end.state != ThreadState::blocked || end.has_deadline != 0 || !asleep) return std::nullopt;
  const auto sleep = last_sleep(trace, thread);
  if (!sleep) return std::nullopt;
  const std::uint32_t start = start_of(trace, thread, *sleep);
  int looked_at = 0;
  for (std::uint32_t i = *sleep; i-- > 0 && looked_at < kMostNotifies;) {
    const Event& event = trace.events[i];
    if (event.address != end.wait_object || !is_notify(event.op) || event.value != 0 || event.thread == thread)
      continue;
    ++looked_at;
    const MissedWakeup missed{i, *sleep};
    if (!has_looked_since(trace, thread, start, missed)) return missed;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> notified_elsewhere(const Trace& trace, std::uint16_t thread) {
  if (thread >= trace.threads.size()) return std::nullopt;
  const ThreadEnd& end = trace.threads[thread];
  if (end.state != ThreadState::blocked || end.wait != Wait::condition) return std::nullopt;
  const auto sleep = last_sleep(trace, thread);
  if (!sleep) return std::nullopt;
  const std::uint64_t mutex = trace.events[*sleep].value;
  std::vector<bool> locked(trace.threads.size(), false);  // since the sleep began
  for (std::uint32_t i = *sleep; i < trace.events.size(); ++i) {
    const Event& event = trace.events[i];
    if (event.thread >= locked.size()) continue;
    if (event.op == Op::mutex_lock && event.address == mutex) locked[event.thread] = true;
    const bool notifies = event.op == Op::cond_signal || event.op == Op::cond_broadcast;
    if (notifies && event.address != end.wait_object && event.value == 0 && locked[event.thread]) return i;
  }
  return std::nullopt;
}

}  // namespace racecourse::report
