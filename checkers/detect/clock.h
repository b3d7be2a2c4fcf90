// Happens-before: vector clocks of threads and of synchronisation objects.
//
// Epochs only grow, also from one execution to the next: every execution starts at rt.base_epoch, past all that earlier
// ones used, so that neither clocks nor the race shadow are ever cleared. An epoch below rt.base_epoch is ordered
// before everything.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

namespace racecourse::detect {

using runtime::Clock;
using runtime::Epoch;
using runtime::Fiber;
using runtime::rt;

// What a synchronisation object hands on to those who acquire it.
struct Published {
  // The thread that knew all of it, and its epoch then, as in Fiber::stamp. A thread's clock at an epoch is published
  // whole or not at all: who knows that much of the thread has nothing to learn here. 0: there is nothing in it.
  std::uint64_t stamp;
  Clock clock;
};
inline constexpr std::uint64_t kNobody = 0xffffffffull << 32;  // no thread is known to have known all of it

inline Epoch epoch_of(std::uint64_t stamp) { return static_cast<Epoch>(stamp >> 32); }
inline std::uint8_t thread_of(std::uint64_t stamp) { return static_cast<std::uint8_t>(stamp >> 24); }
inline std::uint64_t stamp_of(Epoch epoch, std::uint16_t thread) {
  return static_cast<std::uint64_t>(epoch) << 32 | static_cast<std::uint64_t>(thread) << 24;
}

// Maps the tables. In the worker, once.
void prepare_clocks();
// Starts an execution: every object is unknown again.
void reset_clocks();
// Before one whose epochs start at the bottom again: no number was used before.
void restart_epochs();
// Clocks have room for `threads` threads from here on.
void grow_clocks(int threads);
inline void reserve_clocks(int threads) {
  if (RC_UNLIKELY(threads > rt.clock_size)) grow_clocks(threads);
}
// The greatest epoch that this execution used.
Epoch greatest_epoch();

// Which object published what: open addressing; a slot whose generation is not the execution's is free.
struct alignas(32) Slot {
  const void* object;
  std::uint64_t generation;
  Published* published;
};
extern Slot* slots;
extern std::uint32_t slot_mask;
// All objects that published lie between these.
extern std::uintptr_t lowest_object;
extern std::uintptr_t highest_object;
RC_INLINE bool may_hold_objects(std::uintptr_t begin, std::size_t size) {
  return begin <= highest_object && begin + size > lowest_object;
}

RC_INLINE std::uint32_t slot_hash(const void* object) {
  return static_cast<std::uint32_t>((reinterpret_cast<std::uintptr_t>(object) * 0x9E3779B97F4A7C15u) >> 40);
}

// What the object published, or null while that is nothing.
RC_INLINE Published* find_published(const void* object) {
  for (std::uint32_t i = slot_hash(object) & slot_mask;; i = (i + 1) & slot_mask) {
    const Slot& slot = slots[i];
    if (slot.generation != rt.generation) return nullptr;
    if (slot.object == object) return slot.published;
  }
}

Published& add_published(const void* object);  // for an object that has none
inline Published& published_by(const void* object) {
  Published* published = find_published(object);
  return RC_LIKELY(published != nullptr) ? *published : add_published(object);
}

// rt.clock_size is a multiple of this: what the processor does in two steps.
inline constexpr int kAtOnce = 8;

RC_INLINE void join_some(Clock& into, const Clock& from, int at) {
  for (int k = at; k < at + kAtOnce; ++k) {
    // Epochs stay below 2^31: the processor compares vectors of signed numbers only.
    const auto mine = static_cast<std::int32_t>(into.of[k]), theirs = static_cast<std::int32_t>(from.of[k]);
    into.of[k] = static_cast<Epoch>(mine > theirs ? mine : theirs);
  }
}

// Few programs have more threads than are done at once: no loop for those.
RC_INLINE void join(Clock& into, const Clock& from) {
  join_some(into, from, 0);
  if (RC_UNLIKELY(rt.clock_size > kAtOnce))
    for (int at = kAtOnce; at < rt.clock_size; at += kAtOnce) join_some(into, from, at);
}

RC_INLINE void copy_some(Clock& into, const Clock& from, int at) {
  __builtin_memcpy(&into.of[at], &from.of[at], kAtOnce * sizeof(Epoch));
}

RC_INLINE void copy(Clock& into, const Clock& from) {
  copy_some(into, from, 0);
  if (RC_UNLIKELY(rt.clock_size > kAtOnce))
    for (int at = kAtOnce; at < rt.clock_size; at += kAtOnce) copy_some(into, from, at);
}

// What the current thread does from here on is not yet known to whoever acquired what it released.
RC_INLINE void advance(Fiber& fiber) {
  ++*fiber.epoch;
  fiber.stamp += std::uint64_t{1} << 32;
}

RC_INLINE bool knows(const Clock& clock, const Published& published) {
  return clock.of[thread_of(published.stamp)] >= epoch_of(published.stamp);
}

RC_INLINE void learn(Clock& clock, const Published& published) {
  if (!knows(clock, published)) join(clock, published.clock);
}

inline void clear(Published& published) { published.stamp = 0; }

// `clock` is or was that of thread `owner`.
inline void replace(Published& published, const Clock& clock, std::uint16_t owner) {
  copy(published.clock, clock);
  published.stamp = stamp_of(clock.of[owner], owner);
}

inline void add(Published& published, const Clock& clock, std::uint16_t owner) {
  if (RC_LIKELY(knows(clock, published))) return replace(published, clock, owner);
  join(published.clock, clock);
  published.stamp = kNobody;
}

// What `fiber` knows takes the place of what was published.
RC_INLINE void hand_on(Fiber& fiber, Published& published) {
  copy(published.clock, *fiber.clock);
  published.stamp = fiber.stamp;
  advance(fiber);
}

inline constexpr Clock kNothing = {};

// The number was used before in this execution, up to epoch `last`: where its new owner starts.
Epoch start_again(const Fiber& fiber, Epoch last);

// A new thread starts after what `parent` has done so far (null: first of all).
RC_INLINE void start_clock(Fiber& fiber, Fiber* parent) {
  // A number that was used before goes on where its last owner stopped.
  const Epoch before = *fiber.epoch;
  if (parent == nullptr) {
    copy(*fiber.clock, kNothing);
  } else {
    copy(*fiber.clock, *parent->clock);
    advance(*parent);
  }
  const Epoch own = RC_LIKELY(before < rt.base_epoch) ? rt.base_epoch : start_again(fiber, before);
  *fiber.epoch = own;
  fiber.stamp = stamp_of(own, fiber.id);
}

}  // namespace racecourse::detect
