// Where the threads of a run stand when it is stopped for a hang.
#pragma once

#include <racecourse/checkers/tsan/run_block.h>
#include <sys/types.h>

namespace racecourse::tsan {

// In the run: from now on every thread answers ask_for_positions(), by writing to the descriptor that ThreadSanitizer
// writes to.
void answer_position_requests(int descriptor);
// Threads of this process besides the calling one, which must be its first; the runtime's own is not counted.
int other_threads();

// In the run: the calling thread writes its stack, as if it had been asked.
void print_position();

// In the parent: every thread of `process` writes its stack. Threads that cannot answer are left out.
void ask_for_positions(pid_t process, const RunBlock& block);

// In the parent: whether every thread of `process` and of its children sleeps in the kernel.
bool all_asleep(pid_t process);

}  // namespace racecourse::tsan
