// Broken: a worker that waits for a task of its own pool does not work. When all of them wait like this, the tasks that
// they wait for stay in the queue, and everybody sleeps for ever (against F6).
#pragma once

#include <racecourse/primitives/pool/future.h>

#include <utility>

namespace racecourse::pool {

template <class Pool, class T>
T blocking_wait(Pool&, Future<T> future) {
  return std::move(future).result();  // BUG: blocks a worker
}

}  // namespace racecourse::pool
