// Who is enabled, and the hand-over from one fiber to the next.
#include <racecourse/checkers/detect/dead_stack.h>
#include <racecourse/checkers/detect/ending.h>
#include <racecourse/checkers/runtime/effects.h>
#include <racecourse/checkers/runtime/fiber.h>
#include <racecourse/checkers/runtime/floating_point.h>
#include <racecourse/checkers/runtime/places.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <racecourse/checkers/runtime/switch.h>
#include <racecourse/checkers/schedule/noted.h>

#include <cstring>

namespace racecourse::runtime {

using schedule::Choice;
using schedule::Reason;

namespace {

constexpr std::uint32_t kFairPoints = 8;   // points a thread gets at least once the step limit has passed
constexpr std::uint32_t kFairTicks = 256;  // the same for loops of plain accesses

// After one more thread can be chosen.
inline void update_contended() {
  if (rt.contended || (rt.enabled_count <= rt.alone && rt.timed_count == 0)) return;
  rt.contended = true;
  rt.points_left = rt.points_parked;
}

// After one less can be chosen.
inline void update_uncontended() {
  if (!rt.contended || rt.enabled_count > rt.alone || rt.timed_count > 0) return;
  rt.contended = false;
  rt.points_parked = rt.points_left;
  rt.points_left = kNotCounted;
}

// The strategy is asked again after so many points.
inline void grant_points(std::uint32_t points) {
  rt.points_due = points_passed() + points;
  rt.points_parked = static_cast<std::int32_t>(points);
  rt.points_left = rt.contended ? rt.points_parked : kNotCounted;
}

RC_INLINE void enable(Fiber& fiber) {
  fiber.state = ThreadState::runnable;
  fiber.enabled_index = rt.enabled_count;
  rt.enabled[rt.enabled_count++] = fiber.id;
  update_contended();
}

RC_INLINE void disable(Fiber& fiber) {
  const std::uint16_t last = rt.enabled[--rt.enabled_count];
  rt.enabled[fiber.enabled_index] = last;
  rt.fibers[last].enabled_index = fiber.enabled_index;
  update_uncontended();
}

void add_timed(Fiber& fiber) {
  int at = rt.timed_count++;
  for (; at > 0 && rt.fibers[rt.timed[at - 1]].deadline > fiber.deadline; --at) rt.timed[at] = rt.timed[at - 1];
  rt.timed[at] = fiber.id;
  update_contended();
}

[[gnu::noinline]] void remove_timed(const Fiber& fiber) {
  int at = 0;
  while (rt.timed[at] != fiber.id) ++at;
  --rt.timed_count;
  for (; at < rt.timed_count; ++at) rt.timed[at] = rt.timed[at + 1];
  update_uncontended();
}

// What a thread that waits does when it may: try again, or sleep on.
Access access_of(Wait why) {
  switch (why) {
    case Wait::mutex:
    case Wait::rwlock_write:
    case Wait::semaphore:
    case Wait::once:
    case Wait::guard:
      return Access::lock;
    case Wait::rwlock_read:
      return Access::lock_shared;
    case Wait::condition:
    case Wait::futex:
    case Wait::barrier:
      return Access::wait;
    case Wait::join:
      return Access::join;
    case Wait::none:
    case Wait::sleep:
    case Wait::never:
      return Access::none;
  }
  return Access::none;
}

Pending pending_in(Wait why, const void* object) {
  const Access access = access_of(why);
  return access == Access::none ? Pending{} : on(object, access);
}

// What it does once it was woken.
[[gnu::noinline]] Pending pending_after(const Fiber& fiber) {
  if (fiber.wait == Wait::condition) return {fiber.wait_value, Access::lock};
  const Pending waited = pending_in(fiber.wait, fiber.wait_object);
  return waited.access == Access::wait ? Pending{} : waited;
}

// A blocked fiber can run again.
RC_INLINE void unblock(Fiber& fiber, bool timed_out) {
  if (RC_UNLIKELY(rt.looks_ahead)) rt.pending[fiber.id] = pending_after(fiber);
  if (RC_UNLIKELY(fiber.deadline != 0)) remove_timed(fiber);
  fiber.deadline = 0;
  fiber.timed_out = timed_out;
  --rt.waiting[static_cast<int>(fiber.wait)];
  fiber.wait = Wait::none;
  fiber.wait_object = nullptr;
  fiber.wait_thread = 0xffff;
  enable(fiber);
}

// A thread became enabled: the strategy may want to choose at the next point.
void tell_strategy(const Fiber& woken) {
  if (!rt.strategy->prefers(woken.id, rt.current->id)) return;
  rt.wake_pending = true;
  grant_points(1);
}

// How long the next turn is. Were all as long, one that looks at something under a lock in a loop of as many points
// could end each of them with the lock in its hands, and the thread that waits for the lock would come too late for
// ever. The multiples of the golden ratio are spread evenly, also those that fall to one of several threads.
std::uint32_t fair_points() { return kFairPoints + (rt.fair_turn * 0x9E3779B9u >> 29); }

// Round robin, with a turn for the earliest timer: used after the step limit, where an unfair schedule must not be
// mistaken for a program that never ends.
Choice choose_fairly() {
  ++rt.fair_turn;
  if (rt.timed_count > 0 && (rt.enabled_count == 0 || rt.fair_turn % 4 == 0)) return {rt.timed[0], fair_points()};
  std::uint16_t next = 0xffff;
  std::uint16_t lowest = 0xffff;
  for (int i = 0; i < rt.enabled_count; ++i) {
    const std::uint16_t id = rt.enabled[i];
    if (id < lowest) lowest = id;
    if (id > rt.current->id && id < next) next = id;
  }
  return {next != 0xffff ? next : lowest, fair_points()};
}

inline void open_segment(const Fiber& fiber) {
  SharedBlock& shared = *rt.shared;
  if (shared.segment_count < kMaxSegments) shared.segments[shared.segment_count] = {fiber.id, 0};
  ++shared.segment_count;
  rt.segment_start = rt.tick;
}

inline void grant(const Choice& choice) {
  const bool in_ticks = rt.by_ticks && !rt.fair;
  grant_points(in_ticks ? schedule::kUnlimited : choice.points);
  rt.end_tick = rt.tick_limit;
  if (rt.fair) rt.end_tick = rt.tick + kFairTicks;
  if (in_ticks && choice.points < schedule::kUnlimited) rt.end_tick = rt.tick + choice.points;
  watch_limits();
}

// Begun by start_first(): where the lists lie stays the same.
RC_INLINE const schedule::View& view(Reason reason, std::uint64_t passed) {
  schedule::View& asked = rt.asked;
  asked.enabled = {asked.enabled.data(), rt.enabled_count};
  asked.timed = {asked.timed.data(), rt.timed_count};
  asked.pending = {asked.pending.data(), rt.thread_count};
  asked.current = rt.current->id;
  asked.current_enabled = rt.current->state == ThreadState::runnable;
  asked.reason = reason;
  asked.point = static_cast<std::uint32_t>(passed);
  return asked;
}

report::Switch switch_reason(Reason reason, bool timed_out) {
  if (timed_out) return report::Switch::timeout;
  switch (reason) {
    case Reason::blocked:
      return report::Switch::blocked;
    case Reason::ended:
      return report::Switch::ended;
    case Reason::yielded:
      return report::Switch::yielded;
    default:
      return report::Switch::preempted;
  }
}

[[gnu::noinline]] void fire_timeout(Fiber& fiber) {
  if (fiber.deadline > rt.now) rt.now = fiber.deadline;
  unblock(fiber, true);
}

bool closes_segment(Reason reason) { return reason == Reason::blocked || reason == Reason::ended; }

void switch_to(Fiber& next) {
  Fiber& from = *rt.current;
  rt.current = &next;
  racecourse_switch(&from.stack_pointer, next.stack_pointer, next.fs_base);
}

// run() where a timeout fires, in a replay that is traced, and when the schedule is too long to be kept.
[[gnu::noinline]] void run_unusually(Fiber& next, Reason reason) {
  const bool fires = next.state == ThreadState::blocked;
  if (fires) fire_timeout(next);
  if (&next == rt.current && !fires) return;
  close_segment(closes_segment(reason));
  open_segment(next);
  if (&next == rt.current) return;  // it blocked, and its own timeout fired at once
  if (rt.tracing) rt.switch_reason = switch_reason(reason, fires);
  if (rt.own_floating_point) switch_floating_point(*rt.current, next);
  switch_to(next);
}

RC_INLINE bool is_unusual(const Fiber& next) {
  return RC_UNLIKELY(next.state == ThreadState::blocked) || RC_UNLIKELY(rt.own_floating_point) ||
         RC_UNLIKELY(rt.shared->segment_count - 1 >= kMaxSegments - 1);
}

RC_INLINE void turn_segment(const Fiber& next, std::uint32_t closing) {
  SharedBlock& shared = *rt.shared;
  const std::uint32_t count = shared.segment_count;
  shared.segments[count - 1].ticks = static_cast<std::uint32_t>(rt.tick - rt.segment_start) + closing;
  shared.segments[count] = {next.id, 0};
  shared.segment_count = count + 1;
  rt.segment_start = rt.tick;
}

// `next` runs from here on: the running segment ends, with `closing` more ticks than are counted, and one of its own
// begins. A function of its own that calls nothing but the switch: neither it nor hand_over() has registers to save.
[[gnu::noinline]] void run(Fiber& next, Reason reason, std::uint32_t closing) {
  if (is_unusual(next) || RC_UNLIKELY(rt.tracing)) return run_unusually(next, reason);
  if (&next == rt.current) return;
  turn_segment(next, closing);
  switch_to(next);
}

[[gnu::noinline]] void hand_over_by_ticks_or_fairly(Reason reason) {
  if (rt.enabled_count == 0 && rt.timed_count == 0) detect::everyone_is_stuck();  // does not return
  const Choice choice = rt.fair ? choose_fairly() : rt.strategy->choose(view(reason, points_passed()));
  if (choice.thread < 0) end_execution();
  rt.wake_pending = false;
  grant(choice);
  run(rt.fibers[choice.thread], reason, closes_segment(reason));
}

// Whom a search goes on with while contended.
RC_INLINE Fiber& ask(Reason reason) {
  rt.wake_pending = false;
  const Choice choice = rt.strategy->choose(view(reason, rt.points_due - static_cast<std::uint64_t>(rt.points_left)));
  if (RC_UNLIKELY(choice.thread < 0)) end_execution();
  rt.points_due += choice.points - static_cast<std::uint64_t>(rt.points_left);
  rt.points_left = static_cast<std::int32_t>(choice.points);
  return rt.fibers[static_cast<std::uint32_t>(choice.thread)];
}

RC_INLINE Fiber& choose(Reason reason) {
  if (rt.contended) return ask(reason);
  // Nothing to choose. The points that are left stand: they count only while there is.
  rt.wake_pending = false;
  if (RC_UNLIKELY(rt.enabled_count == 0)) detect::everyone_is_stuck();  // does not return
  return rt.fibers[rt.enabled[0]];
}

// The current thread cannot go on, or it is time to ask: choose, and switch if somebody else was chosen.
RC_INLINE void hand_over(Reason reason, std::uint32_t closing) {
  if (RC_UNLIKELY(!rt.searching)) return hand_over_by_ticks_or_fairly(reason);
  run(choose(reason), reason, closing);
}

// A limit was passed. The first time, schedule fairly from here on for as long again; then it is a finding.
void on_limit(std::uint64_t pc) {
  if (rt.fair) detect::never_ends(pc);  // does not return
  rt.fair = true;
  if (rt.recording) rt.strategy->passes_limit();
  rt.searching = false;
  rt.recording = false;
  rt.observed = rt.tracing || rt.noted != nullptr || rt.checks_all;
  rt.patience = 0;
  rt.step_limit *= 2;
  rt.tick_limit *= 2;
}

}  // namespace

void close_segment(bool at_its_end) {
  SharedBlock& shared = *rt.shared;
  if (shared.segment_count == 0 || shared.segment_count > kMaxSegments) return;
  // A preempted thread has reached the tick but not passed it; one that blocked or ended has.
  shared.segments[shared.segment_count - 1].ticks =
      static_cast<std::uint32_t>(rt.tick - rt.segment_start + (at_its_end ? 1 : 0));
}

void start_first(Fiber& fiber) {
  rt.pending[fiber.id] = {};
  enable(fiber);
  rt.asked = {{rt.enabled, rt.enabled_count}, {rt.timed, rt.timed_count}, -1, false, Reason::started, 0,
              {rt.pending, rt.thread_count}};
  grant(rt.strategy->choose(rt.asked));
  open_segment(fiber);
  rt.switch_reason = report::Switch::none;
  rt.current = &fiber;
  const SameFloatingPoint as_before;
  racecourse_switch(&rt.host.stack_pointer, fiber.stack_pointer, fiber.fs_base);
}

void enable_new(Fiber& fiber) {
  rt.pending[fiber.id] = {};
  enable(fiber);
  if (rt.watched) rt.strategy->started(fiber.id, fiber.parent);
  if (rt.wants_wakeups && !rt.fair) tell_strategy(fiber);
}

void leave_ended() {
  disable(*rt.current);
  hand_over(Reason::ended, 1);
  __builtin_unreachable();
}

Fiber& next_after_end() {
  if (RC_UNLIKELY(!rt.searching)) leave_ended();
  disable(*rt.current);
  Fiber& next = choose(Reason::ended);
  if (is_unusual(next)) {
    run_unusually(next, Reason::ended);
    __builtin_unreachable();
  }
  turn_segment(next, 1);
  rt.current = &next;
  return next;
}

namespace {

// record_place() sees the bytes of its frame that nobody writes. So its arguments come in registers, and what would be
// left free to align the frame is a variable: clang++ leaves there what the last caller computed.
[[gnu::noinline]] void reschedule_carefully(Reason reason, std::uint64_t pc, std::uint64_t object, Access access,
                                            std::uint32_t size, std::uint64_t also) {
  [[maybe_unused]] volatile std::uint64_t alignment = 0;
  if (RC_UNLIKELY(rt.tick >= rt.tick_limit || rt.steps >= rt.step_limit)) {
    on_limit(pc);
  } else if (RC_UNLIKELY(rt.points_left > 0) && reason == Reason::budget && rt.tick < rt.end_tick) {
    return watch_limits();  // nothing is due
  }
  if (RC_UNLIKELY(!rt.contended)) {
    if (rt.searching)
      rt.points_left = kNotCounted;
    else
      grant({rt.current->id, schedule::kUnlimited});
    return;
  }
  if (reason == Reason::yielded && rt.by_ticks && !rt.fair && rt.tick < rt.end_tick && rt.end_tick != rt.tick_limit)
    return;  // a replayed schedule goes on with this thread
  if (reason == Reason::budget && rt.wake_pending) reason = Reason::woke;
  if (RC_UNLIKELY(rt.recording) && rt.current->idle > 1) record_place();
  if (rt.looks_ahead) rt.pending[rt.current->id] = {object, access, size, also};
  if (RC_UNLIKELY(rt.places != nullptr)) rt.places[rt.current->id] = code_place(pc);
  hand_over(reason, 0);
}

}  // namespace

void reschedule(Reason reason, std::uint64_t pc, std::uint64_t object, Access access, std::uint32_t size,
                std::uint64_t also) {
  detect::leaves(pc);
  if (RC_UNLIKELY(rt.tick >= rt.switch_tick) || !asks_as_mostly())
    return reschedule_carefully(reason, pc, object, access, size, also);
  // As mostly: points are used up, or given away, and somebody else may come.
  if (reason == Reason::budget && rt.wake_pending) reason = Reason::woke;
  rt.pending[rt.current->id] = {object, access, size, also};  // cheaper than to find out who looks at it
  Fiber& next = ask(reason);
  if (&next == rt.current) return;
  run(next, Reason::budget, 0);  // for which reason is told in a trace only
}

void pass(std::uint64_t pc) {
  ++rt.tick;
  ++rt.steps;
  if (RC_UNLIKELY(rt.steps >= rt.step_limit || rt.tick >= rt.end_tick)) reschedule(Reason::budget, pc, Pending{});
}

void yield(std::uint64_t pc, Op op) {
  ++rt.tick;
  ++rt.steps;
  event(op, nullptr, pc);
  const bool asks = rt.contended && (!spins_patiently() || rt.recording);
  if (asks) ++rt.points_due;
  if (asks || rt.steps >= rt.step_limit || rt.tick >= rt.end_tick) reschedule(Reason::yielded, pc, Pending{});
}

// Does nothing after the switch, which thus goes on in the caller: a return less to be predicted wrongly.
void block_until_woken(Wait why, const void* object, std::uint64_t pc, std::uint64_t deadline, std::uint64_t wait_value,
                       std::uint16_t wait_thread) {
  detect::leaves(pc);
  Fiber& fiber = self();
  fiber.wait = why;
  fiber.wait_object = object;
  fiber.wait_pc = pc;
  fiber.wait_value = wait_value;
  fiber.wait_thread = wait_thread;
  fiber.state = ThreadState::blocked;
  fiber.timed_out = false;
  fiber.deadline = deadline;
  ++rt.waiting[static_cast<int>(why)];
  if (rt.looks_ahead) rt.pending[fiber.id] = pending_in(why, object);
  disable(fiber);
  if (deadline != 0) add_timed(fiber);
  hand_over(Reason::blocked, 1);
}

void wake(Fiber& fiber) {
  if (fiber.state != ThreadState::blocked) return;
  unblock(fiber, false);
  if (rt.wants_wakeups && !rt.fair) tell_strategy(fiber);
}

namespace {

template <class Visit>
RC_INLINE void for_each_waiter(Wait why, const void* object, Visit visit) {
  int left = rt.waiting[static_cast<int>(why)];  // for any object
  for (int i = 0; left > 0; ++i) {
    Fiber& fiber = rt.fibers[i];
    if (fiber.state != ThreadState::blocked || fiber.wait != why) continue;
    --left;
    if (fiber.wait_object == object) visit(fiber);
  }
}

}  // namespace

int wake_all_blocked(Wait why, const void* object) {
  int count = 0;
  for_each_waiter(why, object, [&](Fiber& fiber) {
    wake(fiber);
    ++count;
  });
  return count;
}

Fiber* wake_one(Wait why, const void* object) {
  if (rt.waiting[static_cast<int>(why)] == 0) return nullptr;
  std::uint32_t waiting = 0;
  for_each_waiter(why, object, [&](Fiber&) { ++waiting; });
  if (waiting == 0) return nullptr;
  std::uint32_t chosen = pick(waiting);
  Fiber* woken = nullptr;
  for_each_waiter(why, object, [&](Fiber& fiber) {
    if (chosen-- == 0) woken = &fiber;
  });
  wake(*woken);
  return woken;
}

bool anyone_waits(Wait why, const void* object) {
  bool found = false;
  for_each_waiter(why, object, [&](Fiber&) { found = true; });
  return found;
}

std::uint32_t pick(std::uint32_t n) {
  if (n < 2) return 0;
  const std::uint32_t ordinal = rt.pick_ordinal++;
  const std::uint32_t value = rt.fair ? 0 : rt.strategy->pick(n);
  if (rt.noted != nullptr) rt.noted->digest.answer(self().id, value);
  if (value != 0) record_pick(ordinal, value);
  return value;
}

void record_pick(std::uint32_t ordinal, std::uint32_t value) {
  SharedBlock& shared = *rt.shared;
  std::uint32_t at = shared.pick_count++;
  if (at >= kMaxPicks) return;
  // Behind it stand only the few that happened for no reason.
  for (; at > 0 && shared.picks[at - 1].ordinal > ordinal; --at) shared.picks[at] = shared.picks[at - 1];
  shared.picks[at] = {ordinal, value};
}

void note_idle(std::uint64_t pc) {
  constexpr std::uint32_t kSpin = 16;
  if (++self().idle % kSpin == 0) yield(pc, Op::spin);
}

}  // namespace racecourse::runtime
