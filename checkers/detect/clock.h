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

// Maps the tables. In the worker, once.
void prepare_clocks();
// Starts an execution: every object is unknown again.
void reset_clocks();
// Clocks have room for `threads` threads from here on.
void reserve_clocks(int threads);
// A new thread starts after what `parent` has done so far (null: first of all).
void start_clock(Fiber& fiber, Fiber* parent);
// The greatest epoch that this execution used.
Epoch greatest_epoch();

// The clock of an object, or null while it has none.
Clock* find_clock(const void* object);
// The clock of an object, all zero at first.
Clock& clock_of(const void* object);

void join(Clock& into, const Clock& from);
void copy(Clock& into, const Clock& from);

// What the current thread does from here on is not yet known to whoever acquired what it released.
inline void advance(Fiber& fiber) { ++fiber.clock->of[fiber.id]; }

}  // namespace racecourse::detect
