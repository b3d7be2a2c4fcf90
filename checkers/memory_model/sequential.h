// What atomic operations return and what they order, under sequential consistency.
//
// Values: every load returns the last store in the order of the execution, whatever its memory order says. Behaviour
// that needs a weaker order to be *visible in values* (store buffering and the like) is not seen here.
// Ordering: happens-before follows C++20 exactly (release sequences, fences), so that a missing release or acquire is
// seen as a data race on what it should have published.
#pragma once

#include <racecourse/checkers/detect/clock.h>
#include <racecourse/checkers/runtime/runtime.h>

namespace racecourse::memory_model {

using runtime::rt;
using runtime::self;

// As the compiler passes them: relaxed, consume, acquire, release, acq_rel, seq_cst; higher bits are hints.
enum Order { kRelaxed, kConsume, kAcquire, kRelease, kAcqRel, kSeqCst };
inline bool acquires(int order) {
  order &= 0xff;
  return order == kConsume || order == kAcquire || order >= kAcqRel;
}
inline bool releases(int order) { return (order & 0xff) >= kRelease; }

inline void on_load(const void* object, int order) {
  const detect::Clock* clock = detect::find_clock(object);
  if (clock == nullptr) return;
  runtime::Fiber& fiber = self();
  if (acquires(order)) {
    detect::join(*fiber.clock, *clock);
    return;
  }
  // Kept for a later acquire fence [atomics.fences].
  if (fiber.has_acquire_pending) {
    detect::join(*fiber.acquire_pending, *clock);
  } else {
    detect::copy(*fiber.acquire_pending, *clock);
    fiber.has_acquire_pending = true;
  }
}

inline void on_store(const void* object, int order) {
  runtime::Fiber& fiber = self();
  if (releases(order)) {
    detect::copy(detect::clock_of(object), *fiber.clock);
    detect::advance(fiber);
  } else if (fiber.has_release_fence) {
    detect::copy(detect::clock_of(object), *fiber.release_fence);
  } else if (detect::Clock* clock = detect::find_clock(object)) {
    // A relaxed store ends the release sequence that it follows [intro.races].
    for (int i = 0; i < rt.clock_size; ++i) clock->of[i] = 0;
  }
}

// A read-modify-write continues the release sequence of the store that it read from.
inline void on_rmw(const void* object, int order) {
  runtime::Fiber& fiber = self();
  on_load(object, order);
  if (releases(order)) {
    detect::join(detect::clock_of(object), *fiber.clock);
    detect::advance(fiber);
  } else if (fiber.has_release_fence) {
    detect::join(detect::clock_of(object), *fiber.release_fence);
  }
}

inline void on_fence(int order) {
  runtime::Fiber& fiber = self();
  if (acquires(order) && fiber.has_acquire_pending) detect::join(*fiber.clock, *fiber.acquire_pending);
  if (releases(order)) {
    detect::copy(*fiber.release_fence, *fiber.clock);
    fiber.has_release_fence = true;
    detect::advance(fiber);
  }
}

}  // namespace racecourse::memory_model
