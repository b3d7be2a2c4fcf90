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

// What the current thread learns by reading from `published`.
inline void read_from(const detect::Published& published, int order) {
  runtime::Fiber& fiber = self();
  if (detect::knows(*fiber.clock, published)) return;
  if (acquires(order)) {
    detect::join(*fiber.clock, published.clock);
    return;
  }
  // Kept for a later acquire fence [atomics.fences].
  if (fiber.has_acquire_pending) {
    detect::join(*fiber.acquire_pending, published.clock);
  } else {
    detect::copy(*fiber.acquire_pending, published.clock);
    fiber.has_acquire_pending = true;
  }
}

// Before the access is checked for races: what it learns happens before it, too.
inline void on_load(const void* object, int order) {
  if (!rt.checking) return;
  if (const detect::Published* published = detect::find_published(object)) read_from(*published, order);
}

inline void on_store(const void* object, int order) {
  if (!rt.checking) return;
  runtime::Fiber& fiber = self();
  if (releases(order)) {
    detect::hand_on(fiber, detect::published_by(object));
  } else if (fiber.has_release_fence) {
    detect::replace(detect::published_by(object), *fiber.release_fence, fiber.id);
  } else if (detect::Published* published = detect::find_published(object)) {
    detect::clear(*published);  // a relaxed store ends the release sequence that it follows [intro.races]
  }
}

// What a read-modify-write stores, after on_load(): it continues the release sequence of the store that it read from.
inline void on_rmw(const void* object, int order) {
  if (!rt.checking) return;
  runtime::Fiber& fiber = self();
  if (releases(order)) {
    detect::add(detect::published_by(object), *fiber.clock, fiber.id);
    detect::advance(fiber);
    return;
  }
  if (fiber.has_release_fence) detect::add(detect::published_by(object), *fiber.release_fence, fiber.id);
}

// The same for one that acquires and releases, of an object whose publication was looked up before.
inline bool exchanges(int order) { return (order & 0xff) >= kAcqRel; }
RC_INLINE void exchange(detect::Published& published) {
  runtime::Fiber& fiber = self();
  detect::learn(*fiber.clock, published);
  detect::hand_on(fiber, published);
}

inline void on_fence(int order) {
  if (!rt.checking) return;
  runtime::Fiber& fiber = self();
  if (acquires(order) && fiber.has_acquire_pending) detect::join(*fiber.clock, *fiber.acquire_pending);
  if (releases(order)) {
    detect::copy(*fiber.release_fence, *fiber.clock);
    fiber.has_release_fence = true;
    detect::advance(fiber);
  }
}

}  // namespace racecourse::memory_model
