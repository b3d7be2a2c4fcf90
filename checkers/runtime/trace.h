// Around a traced execution.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

namespace racecourse::runtime {

void begin_trace();
void end_trace();  // also from a signal handler
void complete_pending_event();
// What a thread does as the execution ends.
report::ThreadEnd thread_end(const Fiber& fiber);
// The access by the current thread that was announced with the first byte at `address` has this size.
void widen_access(const void* address, std::size_t size, bool write, std::uint64_t pc);

}  // namespace racecourse::runtime
