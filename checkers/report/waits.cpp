#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/report/paths.h>
#include <racecourse/checkers/report/stuck.h>
#include <racecourse/checkers/report/value_text.h>
#include <racecourse/checkers/report/waits.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace racecourse::report {
namespace {

bool takes_lock(Op op) { return op == Op::mutex_lock || op == Op::rwlock_read_lock || op == Op::rwlock_write_lock; }
bool gives_lock(Op op) { return op == Op::mutex_unlock || op == Op::rwlock_unlock; }
bool sleeps(Wait wait) { return wait == Wait::condition || wait == Wait::futex; }
bool is_wake(Op op) { return op == Op::cond_signal || op == Op::cond_broadcast || op == Op::futex_wake; }
bool announces_wait(Op op) {
  return op == Op::mutex_blocked || op == Op::rwlock_blocked || op == Op::cond_wait || op == Op::futex_wait ||
         op == Op::sem_blocked || op == Op::barrier_wait || op == Op::join_blocked || op == Op::once_blocked;
}

// Rather than letting others run, or being found out.
bool may_change(Op op) { return op != Op::yield && op != Op::spin && op != Op::clock && op != Op::finding; }

// Of what a thread that does not end did last.
constexpr std::uint32_t kLookedAt = 400;

}  // namespace

std::vector<std::uint16_t> Waits::stuck() const {
  const auto found = [&](Kind kind) {
    return std::any_of(trace_.findings.begin(), trace_.findings.end(),
                       [&](const RawFinding& finding) { return static_cast<Kind>(finding.kind) == kind; });
  };
  const bool partial = found(Kind::partial_deadlock);
  std::vector<std::uint16_t> threads;
  for (std::size_t i = 0; i < trace_.threads.size(); ++i) {
    const auto thread = static_cast<std::uint16_t>(i);
    if (trace_.threads[i].state != ThreadState::blocked) continue;
    if (!partial || is_stuck_for_good(trace_.threads, thread)) threads.push_back(thread);
  }
  std::stable_partition(threads.begin(), threads.end(),
                        [&](std::uint16_t thread) { return trace_.threads[thread].wait != Wait::join; });
  if (found(Kind::lost_wakeup))
    std::stable_partition(threads.begin(), threads.end(),
                          [&](std::uint16_t thread) { return missed_wakeup(trace_, thread).has_value(); });
  return threads;
}

bool Waits::in_cycle(std::uint16_t thread) const {
  const std::vector<std::uint16_t> cycle = wait_cycle(trace_.threads);
  return std::find(cycle.begin(), cycle.end(), thread) != cycle.end();
}

std::optional<std::uint32_t> Waits::acquisition(std::uint64_t address, std::uint16_t thread) const {
  std::optional<std::uint32_t> taken;
  for (std::uint32_t i = 0; i < trace_.events.size(); ++i) {
    const Event& event = trace_.events[i];
    if (event.address != address || event.thread != thread) continue;
    if (takes_lock(event.op)) taken = i;
    if (gives_lock(event.op)) taken.reset();
  }
  return taken;
}

std::uint16_t Waits::holder(const ThreadEnd& end) const {
  // Other readers may have come and gone since a writer began to wait.
  if (end.wait_thread != kNoThread && (end.wait != Wait::rwlock_write || acquisition(end.wait_object, end.wait_thread)))
    return end.wait_thread;
  if (end.wait != Wait::mutex && end.wait != Wait::rwlock_read && end.wait != Wait::rwlock_write) return kNoThread;
  for (std::size_t i = 0; i < trace_.threads.size(); ++i) {
    if (acquisition(end.wait_object, static_cast<std::uint16_t>(i))) return static_cast<std::uint16_t>(i);
  }
  return kNoThread;
}

// The event that announced the wait says it best: it is what the thread did last.
Waits::Origin Waits::origin(std::uint16_t thread) const {
  for (std::size_t i = trace_.events.size(); i-- > 0;) {
    const Event& event = trace_.events[i];
    if (event.thread == thread && announces_wait(event.op)) return {event.pc, event.stack};
    if (event.thread == thread && event.op != Op::finding && event.op != Op::mutex_unlock) break;
  }
  return {trace_.threads[thread].wait_pc, trace_.threads[thread].wait_stack};
}

// Whether it waits to read, for a writer that waits for the readers before it.
bool Waits::lets_writer_first(const ThreadEnd& end, std::uint16_t other) const {
  if (end.wait != Wait::rwlock_read || other >= trace_.threads.size()) return false;
  const ThreadEnd& writer = trace_.threads[other];
  return writer.wait == Wait::rwlock_write && writer.wait_object == end.wait_object;
}

std::string Waits::sentence(std::uint16_t thread) {
  const ThreadEnd& end = trace_.threads[thread];
  const std::string who = thread_label(thread);
  const std::string object = end.wait_object != 0 && end.wait != Wait::join ? names_.of(end.wait_object) : "";
  const std::uint16_t other = holder(end);
  switch (end.wait) {
    case Wait::join:
      return who + " waits for " + (other != kNoThread ? thread_label(other) : "a thread") + " to end";
    case Wait::condition:
      if (const auto missed = missed_wakeup(trace_, thread))
        return who + " sleeps on " + object + ", and missed " + notified_by(*missed);
      return who + " sleeps on " + object + " and nobody notifies it";
    case Wait::futex: {
      const std::string text = who + " sleeps on " + object + " because it was " + value_text({}, 4, end.wait_value);
      if (const auto missed = missed_wakeup(trace_, thread)) return text + ", and missed " + notified_by(*missed);
      return text + ", and nobody wakes it";
    }
    case Wait::barrier:
      return who + " waits at " + object + " for the others to arrive";
    case Wait::sleep:
      return who + " sleeps";
    case Wait::never:
      return who + " waits for " + object + ", which it holds itself";
    case Wait::none:
      return who + " is blocked";
    default:
      break;
  }
  std::string text = who + " waits for " + object;
  if (other == thread) return text + ", which it holds itself";
  if (lets_writer_first(end, other)) return text + ", and lets " + thread_label(other) + " first, which waits to write";
  if (other != kNoThread) text += ", held by " + thread_label(other) + since(end.wait_object, other);
  if (other < trace_.threads.size() && trace_.threads[other].state == ThreadState::ended) text += ", which has ended";
  return text;
}

std::string Waits::at_place(const Event& event) {
  const UserPlace& user = stacks_.user(event);
  return user.place != nullptr ? " at " + where(*user.place) : std::string{};
}

// " since account.h:12", where the thread took what it holds; empty if that is not known.
std::string Waits::since(std::uint64_t address, std::uint16_t thread) {
  const std::optional<std::uint32_t> taken = acquisition(address, thread);
  if (!taken) return {};
  const std::string place = describer_.place(trace_.events[*taken]);
  return place.empty() ? place : " since " + place;
}

// "the notify_one by T1 (queue.h:12), which came while nobody waited".
std::string Waits::notified_by(const MissedWakeup& missed) {
  const Event& event = trace_.events[missed.notify];
  const char* what = event.op == Op::cond_signal      ? "notify_one"
                     : event.op == Op::cond_broadcast ? "notify_all"
                                                      : "wake";
  const std::string place = describer_.place(event);
  return std::string("the ") + what + " by " + thread_label(event.thread) + (place.empty() ? "" : " (" + place + ")") +
         ", which came while nobody waited";
}

std::optional<std::uint32_t> Waits::sleep_event(std::uint16_t thread) const {
  for (std::uint32_t i = static_cast<std::uint32_t>(trace_.events.size()); i-- > 0;) {
    const Event& event = trace_.events[i];
    if (event.thread == thread && falls_asleep(event.op)) return i;
  }
  return std::nullopt;
}

// Both sides of a lost wakeup, as the two sides of a race.
void Waits::missed_details(const MissedWakeup& missed, std::vector<std::string>& lines) {
  const Event& notify = trace_.events[missed.notify];
  const Event& sleep = trace_.events[missed.sleep];
  lines.push_back("first " + thread_label(notify.thread) + " notified" + at_place(notify) + ", and woke nobody");
  lines.push_back("then " + thread_label(sleep.thread) + " fell asleep" + at_place(sleep) +
                  ", and had looked at nothing since that " + thread_label(notify.thread) + " had changed");
}

void Waits::semaphore_details(const ThreadEnd& end, std::vector<std::string>& lines) {
  const Event* taken = nullptr;
  const Event* posted = nullptr;
  for (const Event& event : trace_.events) {
    if (event.address != end.wait_object) continue;
    if (event.op == Op::sem_wait) taken = &event;
    if (event.op == Op::sem_post) posted = &event;
  }
  if (taken != nullptr)
    lines.push_back("its last permit was taken by " + thread_label(taken->thread) + at_place(*taken));
  lines.push_back(posted == nullptr ? "nobody ever posts it"
                                    : "it was posted last by " + thread_label(posted->thread) + at_place(*posted));
}

void Waits::barrier_details(const ThreadEnd& end, std::vector<std::string>& lines) {
  std::string arrived;
  std::size_t count = 0;
  for (std::size_t i = 0; i < trace_.threads.size(); ++i) {
    const ThreadEnd& other = trace_.threads[i];
    if (other.state != ThreadState::blocked || other.wait != Wait::barrier || other.wait_object != end.wait_object)
      continue;
    arrived += (count++ > 0 ? ", " : "") + thread_label(static_cast<std::uint16_t>(i));
  }
  lines.push_back("arrived, and too few: " + arrived);
}

// The last wake of the object the thread sleeps on: too early, or for somebody else.
void Waits::wake_details(std::uint16_t thread, std::vector<std::string>& lines) {
  const ThreadEnd& end = trace_.threads[thread];
  const std::optional<std::uint32_t> sleep = sleep_event(thread);
  for (std::uint32_t i = static_cast<std::uint32_t>(trace_.events.size()); i-- > 0;) {
    const Event& event = trace_.events[i];
    if (event.address != end.wait_object || !is_wake(event.op)) continue;
    const std::string count = event.value == 0   ? "nobody"
                              : event.value == 1 ? "one thread"
                                                 : std::to_string(event.value) + " threads";
    std::string line = "the last wake of it, by " + thread_label(event.thread) + at_place(event) + ", woke " + count;
    if (sleep) line += i < *sleep ? ": it came before this sleep" : ", after this sleep began";
    lines.push_back(line);
    return;
  }
  lines.push_back("nobody ever wakes it");
}

// The last change of the word slept on: before the sleep it says why the thread sleeps, after it the sleeper should
// have been told.
void Waits::change_details(std::uint16_t thread, std::vector<std::string>& lines) {
  const std::optional<std::uint32_t> sleep = sleep_event(thread);
  if (!sleep) return;
  const std::uint64_t word = trace_.threads[thread].wait_object;
  std::optional<std::uint32_t> change;
  for (std::uint32_t i = 0; i < trace_.events.size(); ++i) {
    const Event& event = trace_.events[i];
    if (is_write(event.op) && overlap(event.address, event.size, word, 4)) change = i;
  }
  if (!change) return;
  const Event& event = trace_.events[*change];
  std::string line = "the last change of it,";
  if (event.value_known != 0) {
    if (event.op == Op::atomic_rmw || event.op == Op::cas_success)
      line += " from " + names_.value(event, event.old_value);
    line += " to " + names_.value(event, event.value);
  }
  line += " by " + thread_label(event.thread) + at_place(event);
  if (*change < *sleep) {
    lines.push_back(line + ", came before this sleep: nobody changes it after that");
    return;
  }
  const bool woken_since = std::any_of(trace_.events.begin() + *change, trace_.events.end(),
                                       [&](const Event& e) { return e.address == word && is_wake(e.op); });
  lines.push_back(line + ", came after this sleep began" + (woken_since ? "" : ", and no wake followed"));
}

std::vector<std::string> Waits::details(std::uint16_t thread) {
  std::vector<std::string> lines;
  const ThreadEnd& end = trace_.threads[thread];
  if (const std::uint16_t other = holder(end); other != kNoThread && end.wait != Wait::join) {
    if (const std::optional<std::uint32_t> taken = acquisition(end.wait_object, other)) {
      lines.push_back(thread_label(other) + " locked it" + at_place(trace_.events[*taken]));
    }
  }
  if (end.wait == Wait::futex) change_details(thread, lines);
  if (end.wait == Wait::semaphore) semaphore_details(end, lines);
  if (end.wait == Wait::barrier) barrier_details(end, lines);
  if (!sleeps(end.wait)) return lines;
  if (const auto missed = missed_wakeup(trace_, thread))
    missed_details(*missed, lines);
  else
    wake_details(thread, lines);
  if (const auto elsewhere = notified_elsewhere(trace_, thread)) {
    const Event& event = trace_.events[*elsewhere];
    lines.push_back(thread_label(event.thread) + " notified " + names_.of(event.address) + at_place(event) +
                    ", where nobody waited, while " + names_.of(end.wait_object) + " had the waiter");
  }
  return lines;
}

std::string Waits::cycle() {
  for (const std::uint16_t start : stuck()) {
    std::string text = thread_label(start);
    std::uint16_t thread = start;
    for (std::size_t steps = 0; steps < trace_.threads.size(); ++steps) {
      const ThreadEnd& end = trace_.threads[thread];
      if (end.state != ThreadState::blocked) break;
      const std::uint16_t next = holder(end);
      if (next == kNoThread || next >= trace_.threads.size()) break;
      if (end.wait != Wait::join && end.wait_object != 0) text += " -> " + names_.of(end.wait_object);
      text += " -> " + thread_label(next);
      if (next == start) return text;
      thread = next;
    }
  }
  return {};
}

bool Waits::only_looks(std::uint16_t thread) const {
  std::uint32_t looks = 0;
  std::set<std::uint64_t> written;  // plain: its own, unless others are seen there
  for (std::uint32_t i = static_cast<std::uint32_t>(trace_.events.size()); i-- > 0 && looks < kLookedAt;) {
    const Event& event = trace_.events[i];
    if (event.thread != thread || !may_change(event.op)) continue;
    if (!is_memory(event.op) || (is_atomic(event.op) && is_write(event.op))) return false;
    if (is_write(event.op))
      written.insert(event.address);
    else
      ++looks;
  }
  return looks == kLookedAt && std::none_of(trace_.events.begin(), trace_.events.end(), [&](const Event& event) {
           return event.thread != thread && written.contains(event.address);
         });
}

// libstdc++ looks for the place in a loop, which ends by a compare-exchange that succeeds.
bool Waits::finds_no_place(std::uint16_t thread) {
  std::uint32_t steps = 0, failures = 0;
  for (std::uint32_t i = static_cast<std::uint32_t>(trace_.events.size()); i-- > 0 && steps < kLookedAt;) {
    const Event& event = trace_.events[i];
    if (event.thread != thread || !may_change(event.op)) continue;
    if (!is_memory(event.op) || (is_atomic(event.op) && is_write(event.op))) return false;
    if (!stacks_.user(event).callee.starts_with("std::barrier<")) return false;
    ++steps;
    failures += event.op == Op::cas_failure;
  }
  return steps == kLookedAt && failures > 0;
}

std::vector<std::string> Waits::last_steps(std::uint16_t thread) {
  constexpr std::size_t kMostLines = 6;
  struct Repeated {
    std::uint32_t event;
    int count;
  };
  std::vector<Repeated> distinct;  // latest first
  std::map<std::tuple<Op, std::uint64_t, std::uint64_t>, std::size_t> seen;
  std::uint32_t looked_at = 0;
  for (std::uint32_t i = static_cast<std::uint32_t>(trace_.events.size()); i-- > 0 && looked_at < kLookedAt;) {
    const Event& event = trace_.events[i];
    if (event.thread != thread || !(is_memory(event.op) || is_sync(event.op) || event.op == Op::sleep)) continue;
    if (event.op == Op::read && event.size == sizeof(void*)) continue;  // mostly the way to the object that is meant
    ++looked_at;
    const auto [entry, inserted] = seen.try_emplace({event.op, event.address, event.pc}, distinct.size());
    if (inserted)
      distinct.push_back({i, 1});
    else
      ++distinct[entry->second].count;
  }
  if (distinct.size() > kMostLines) distinct.resize(kMostLines);
  std::reverse(distinct.begin(), distinct.end());
  std::vector<std::string> lines;
  for (const Repeated& repeated : distinct) {
    const Event& event = trace_.events[repeated.event];
    const Cell cell = describer_.cell(event);
    std::string line = cell.verb + cell.object + cell.value;
    if (repeated.count > 1) line += "  (again and again)";
    lines.push_back(line + at_place(event));
  }
  return lines;
}

}  // namespace racecourse::report
