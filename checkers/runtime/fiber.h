// Fibers: their stacks, their thread-local storage, their life.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

#include <functional>

namespace racecourse::runtime {

// Maps the stacks. In the parent, before the first fork.
void prepare_fibers();
// Makes thread-local storage for `count` threads, and for the host. In the parent, before a fork, while no fiber runs:
// thread control blocks survive the fork as memory.
void prepare_donors(int count);

// Makes T0, which runs the body on the calling program's own thread-local storage.
Fiber& make_main_fiber(const std::function<void()>& body, std::uint64_t main_fs_base);

// The host: where executions are started from. Runs `function` on a stack of its own and returns when it returns.
void run_on_host_stack(void (*function)(void*), void* argument);

// ---- parts of the scheduler that only fiber.cpp and execution.cpp call
void start_first(Fiber& fiber);        // from the host: returns when the execution has ended
void enable_new(Fiber& fiber);
[[noreturn]] void leave_ended();       // the current fiber has ended
Fiber& next_after_end();               // the same, but the caller switches to whom it returns
void close_segment(bool at_its_end);

void open_stacks();  // after the program has protected some of them
bool in_stack_guard(const void* address);  // for the message of a stack overflow

}  // namespace racecourse::runtime
