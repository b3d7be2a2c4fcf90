// Whether a deadlock is a lost wakeup (report/missed_wakeup.h says when a sleeper has missed one).
#pragma once

#include <racecourse/checkers/runtime/shared_block.h>

namespace racecourse::detect {

// After an execution: it ended in a deadlock in which a thread sleeps, so that it may have missed a wakeup. Only a
// trace tells.
bool may_be_lost_wakeup(const runtime::SharedBlock& block);

// After a traced execution: calls its deadlock a lost wakeup if it is one.
void judge_lost_wakeup(runtime::SharedBlock& block);

}  // namespace racecourse::detect
