// futex(2). It orders no threads by itself; the atomics around it do.
#include <racecourse/checkers/runtime/interpose/futex.h>

#include <racecourse/checkers/runtime/interpose/deadline.h>
#include <racecourse/checkers/runtime/spurious.h>

#include <errno.h>
#include <linux/futex.h>

#include <climits>

namespace racecourse::runtime {

namespace {

long wait_on_word(const int* word, int expected, std::uint64_t deadline, std::uint64_t pc) {
  enter(pc, on(word, Access::wait, sizeof *word));
  const auto shown = static_cast<std::uint32_t>(expected);
  if (*word != expected) {
    trace(Op::futex_no_wait, word, pc, shown, static_cast<std::uint32_t>(*word));
    return -EAGAIN;
  }
  trace(Op::futex_wait, word, pc, shown);
  const bool expired = deadline != 0 && deadline <= rt.now;
  if (!expired && !quiet() && happens_spuriously()) {
    point(pc, {});  // it wakes when it is chosen next
    trace(Op::futex_woken, word, pc, static_cast<std::uint32_t>(*word), 1);
    return 0;
  }
  if (expired || !wait(Wait::futex, word, pc, deadline, shown)) {
    trace(Op::futex_timeout, word, pc, shown);
    return -ETIMEDOUT;
  }
  trace(Op::futex_woken, word, pc, static_cast<std::uint32_t>(*word));
  return 0;
}

long wake_on_word(const int* word, int count, std::uint64_t pc) {
  // No enter(): the word is an address and nothing else here, so it may be of memory that was freed since. Who lets the
  // last waiter go by a store, and wakes it afterwards, is right.
  if (!quiet()) point(pc, on(word, Access::notify, sizeof *word));
  int woken = 0;
  if (count == INT_MAX) {
    woken = wake_all(Wait::futex, word);
  } else {
    while (woken < count && wake_one(Wait::futex, word) != nullptr) ++woken;
  }
  trace(Op::futex_wake, word, pc, static_cast<std::uint64_t>(woken));
  return woken;
}

}  // namespace

long futex(int* word, int operation, int value, long timeout_or_count, int expected, std::uint64_t pc) {
  const auto* time = reinterpret_cast<const timespec*>(timeout_or_count);
  switch (operation & FUTEX_CMD_MASK) {
    case FUTEX_WAIT:
      if (time != nullptr && !is_valid(*time)) return -EINVAL;
      return wait_on_word(word, value, time != nullptr ? deadline_after(to_nanoseconds(*time)) : 0, pc);
    case FUTEX_WAIT_BITSET:
      if (time != nullptr && !is_valid(*time)) return -EINVAL;
      return wait_on_word(word, value, time != nullptr ? absolute_deadline(*time) : 0, pc);
    case FUTEX_WAKE: return wake_on_word(word, value, pc);
    case FUTEX_WAKE_BITSET:
      // Which waiters a partial mask means is not recorded. All wake: a futex may always return early, while waking
      // the wrong one would invent a lost wakeup.
      return wake_on_word(word, static_cast<unsigned>(expected) == FUTEX_BITSET_MATCH_ANY ? value : INT_MAX, pc);
    case FUTEX_CMP_REQUEUE:
      if (*word != expected) return -EAGAIN;
      [[fallthrough]];
    case FUTEX_REQUEUE:
      // Those that would move to another word wake early instead, for the same reason.
      return wake_on_word(word, INT_MAX, pc);
    default: return -ENOSYS;  // priority inheritance and the like: as a kernel without them
  }
}

}  // namespace racecourse::runtime
