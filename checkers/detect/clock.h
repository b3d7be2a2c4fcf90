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
  Clock clock;
  // Thread `by` knew all of it at its epoch `at`, and a thread's clock at an epoch is published whole or not at all:
  // who knows that much of `by` has nothing to learn here. 0: there is nothing in it.
  Epoch at;
  std::uint16_t by;
};
inline constexpr Epoch kNobody = 0xffffffff;  // as `at`: no thread is known to have known all of it

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
// A new thread starts after what `parent` has done so far (null: first of all).
void start_clock(Fiber& fiber, Fiber* parent);
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

inline void join(Clock& into, const Clock& from) {
  int at = 0;
  do {
    for (int k = at; k < at + kAtOnce; ++k) {
      // Epochs stay below 2^31: the processor compares vectors of signed numbers only.
      const auto mine = static_cast<std::int32_t>(into.of[k]), theirs = static_cast<std::int32_t>(from.of[k]);
      into.of[k] = static_cast<Epoch>(mine > theirs ? mine : theirs);
    }
    at += kAtOnce;
  } while (RC_UNLIKELY(at < rt.clock_size));
}

RC_INLINE void copy(Clock& into, const Clock& from) {
  int at = 0;
  do {
    __builtin_memcpy(&into.of[at], &from.of[at], kAtOnce * sizeof(Epoch));
    at += kAtOnce;
  } while (RC_UNLIKELY(at < rt.clock_size));
}

// What the current thread does from here on is not yet known to whoever acquired what it released.
RC_INLINE void advance(Fiber& fiber) {
  ++fiber.clock->of[fiber.id];
  fiber.stamp += std::uint64_t{1} << 32;
}

RC_INLINE bool knows(const Clock& clock, const Published& published) { return clock.of[published.by] >= published.at; }

RC_INLINE void learn(Clock& clock, const Published& published) {
  if (!knows(clock, published)) join(clock, published.clock);
}

inline void clear(Published& published) {
  published.by = 0;
  published.at = 0;
}

// `clock` is or was that of thread `owner`.
RC_INLINE void replace(Published& published, const Clock& clock, std::uint16_t owner) {
  copy(published.clock, clock);
  published.by = owner;
  published.at = clock.of[owner];
}

inline void add(Published& published, const Clock& clock, std::uint16_t owner) {
  if (RC_LIKELY(knows(clock, published))) return replace(published, clock, owner);
  join(published.clock, clock);
  published.at = kNobody;
}

}  // namespace racecourse::detect
