// Around a traced execution.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

namespace racecourse::runtime {

void begin_trace();
void end_trace();  // also from a signal handler
void complete_pending_event();
// What a thread does as the execution ends.
report::ThreadEnd thread_end(const Fiber& fiber);

}  // namespace racecourse::runtime
