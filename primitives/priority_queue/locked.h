// The plain solution: the locked queue, which waits in the same way whatever the order of its items.
#pragma once

#include <racecourse/primitives/priority_queue/heap.h>
#include <racecourse/primitives/priority_queue/priority_queue.h>
#include <racecourse/primitives/queue/locked.h>

#include <functional>

namespace racecourse::priority_queue {

template <class T, class Compare = std::less<T>>
using Locked = queue::Locked<T, Heap<T, Compare>>;

}  // namespace racecourse::priority_queue
