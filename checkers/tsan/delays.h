// Random delays on real threads, so that rare interleavings are met within few runs.
//
// A short body has no interleavings to speak of: creating a thread takes longer than the thread's work, and the first
// is done before the second begins. So every run draws a plan. In half of the runs new threads are held at their start
// until the body joins one (or a moment has passed), and then begin together; in a quarter each starts after the one
// before it is probably done (that is how the two sides of a lock-order inversion are seen without the deadlock); in
// the rest they start as they come. On top of that, operations that synchronise are delayed now and then.
#pragma once

#include <cstdint>

namespace racecourse::tsan {

// Draws the plan of one run: the same seed and run give the same plan and, thread by thread, the same delays.
void start_delays(std::uint64_t seed, std::uint64_t run);
void stop_delays();

extern constinit bool delays_on;

// Perhaps sleeps. Called before an operation that synchronises.
void delay_now() noexcept;
inline void delay_point() noexcept {
  if (delays_on) [[unlikely]]
    delay_now();
}

// Number of a thread that is about to be created, from 1 in the order of creation.
unsigned next_thread_number() noexcept;
// Called by a new thread before anything else: returns when the plan lets it begin.
void begin_thread(unsigned number);
unsigned this_thread_number();  // 0: the thread that runs the body
// The body waits for a thread: those held at their start begin.
void let_threads_begin();
// Called before each join; whether there was one for every thread that was created.
void count_join() noexcept;
bool all_joined();

}  // namespace racecourse::tsan
