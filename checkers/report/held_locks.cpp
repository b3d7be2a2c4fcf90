#include <racecourse/checkers/report/held_locks.h>

#include <algorithm>

namespace racecourse::report {

std::vector<HeldLock> held_locks(const Trace& trace, std::uint16_t thread, std::uint32_t index) {
  std::vector<HeldLock> held;
  const auto find = [&](std::uint64_t lock) {
    // The last: a thread may read-lock one lock twice.
    const auto last = std::find_if(held.rbegin(), held.rend(), [&](const HeldLock& one) { return one.lock == lock; });
    return last == held.rend() ? held.end() : std::next(last).base();
  };
  const auto take = [&](std::uint64_t lock, std::uint32_t since, bool shared) {
    held.push_back({lock, since, shared});
  };
  const auto give_back = [&](std::uint64_t lock) {
    const auto one = find(lock);
    if (one != held.end() && --one->depth == 0) held.erase(one);
  };
  for (std::uint32_t i = 0; i < index && i < trace.events.size(); ++i) {
    const Event& event = trace.events[i];
    if (event.thread != thread) continue;
    switch (event.op) {
      case Op::mutex_lock:
        if (const auto one = find(event.address); event.old_value != 0 && one != held.end())
          ++one->depth;
        else
          take(event.address, i, false);
        break;
      case Op::rwlock_write_lock:
        take(event.address, i, false);
        break;
      case Op::rwlock_read_lock:
        take(event.address, i, true);
        break;
      case Op::mutex_unlock:
      case Op::rwlock_unlock:
        give_back(event.address);
        break;
      case Op::cond_wait:
        // One level only; it is taken again by an event of its own unless others are left.
        if (const auto one = find(event.value); one != held.end() && one->depth == 1) held.erase(one);
        break;
      default:
        break;
    }
  }
  return held;
}

}  // namespace racecourse::report
