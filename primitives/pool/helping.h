// Waiting for a task from inside another task of the same pool.
#pragma once

#include <racecourse/primitives/pool/future.h>

#include <utility>

namespace racecourse::pool {

// The worker does not sleep while there is work: it runs queued tasks until the future is resolved or none is queued.
// F6: in the second case somebody else runs the awaited task already, if the caller submitted it. No circle can close
// through this: a task begins after those that lie below it on the stack, and after the one that waits for it.
//
// The price: a task that runs on top of another uses its stack, and must not need a lock that the one below holds.
template <class Pool, class T>
T helping_wait(Pool& pool, Future<T> future) {
  while (!future.done() && pool.run_one()) {
  }
  return std::move(future).result();
}

}  // namespace racecourse::pool
