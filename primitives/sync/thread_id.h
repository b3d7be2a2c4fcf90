// Which thread is this: the standard library's answer, and Relacy's in the Relacy build, where all threads of a suite
// are one real thread.
//
//   sync::ThreadId            copied and compared for equality; ThreadId{} is no thread; may be held in a sync::atomic
//   sync::this_thread_id()
//
// Unique among the threads that are running. A new thread may get the id of one that has ended.
#pragma once

#include <racecourse/primitives/sync/sync.h>

#include <thread>

namespace racecourse::sync {

#ifdef RACECOURSE_RELACY

using ThreadId = unsigned;
inline ThreadId this_thread_id() { return rl::thread_index() + 1; }

#else

using ThreadId = std::thread::id;
inline ThreadId this_thread_id() { return std::this_thread::get_id(); }

#endif

}  // namespace racecourse::sync
