// What the rest of the runtime calls in the interposed functions.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

namespace racecourse::runtime {

// Called by the ending thread, in this order: destructors of its thread_local objects, then those of its
// pthread_setspecific() values. Both run user code, which may block and switch.
void run_thread_destructors(Fiber& fiber);
void run_key_destructors(Fiber& fiber);

// As a whole program ends: destructors of the calling thread's thread_local objects, then those of static objects and
// what atexit() was given; then the streams' buffers are written. Does nothing in another body.
void run_exit();

// For std::set_terminate: an uncaught exception, or a std::thread that was destroyed while joinable.
[[noreturn]] void terminate_handler();

}  // namespace racecourse::runtime
