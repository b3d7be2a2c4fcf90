// Locks that are not instrumented and only annotated (__tsan_mutex_pre_lock and so on): who holds them.
//
// Their code spins or sleeps where nobody sees it, and on the one OS thread of a worker nobody else would run
// meanwhile. So a thread that is about to take such a lock waits here until it is free, as for any lock; the code
// behind the annotation then finds it so.
#pragma once

#include <cstdint>

namespace racecourse::runtime {

void create_annotated(const volatile void* lock);
void destroy_annotated(const volatile void* lock, bool must_be_free, std::uint64_t pc);
// Is about to take it (`tries`: or to fail), and waits until it can.
void want_annotated(const volatile void* lock, bool shared, bool tries, std::uint64_t pc);
// Could not take it.
void has_failed_annotated(const volatile void* lock, std::uint64_t pc);
// Has taken it, `times` times if it counts.
void have_annotated(const volatile void* lock, bool shared, int times, std::uint64_t pc);
// Is about to give it back, once or `all` the times; how often it was held, then.
int leave_annotated(const volatile void* lock, bool shared, bool all, std::uint64_t pc);
// Has given it back.
void left_annotated(const volatile void* lock, bool shared);

}  // namespace racecourse::runtime
