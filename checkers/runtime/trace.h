// Around a traced execution.
#pragma once

namespace racecourse::runtime {

void begin_trace();
void end_trace();  // also from a signal handler
void complete_pending_event();

}  // namespace racecourse::runtime
