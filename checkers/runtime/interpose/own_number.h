// The numbers of threads, as the kernel would give them: the same in every process. The kernel's own stay below.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>
#include <sys/types.h>

namespace racecourse::runtime {

inline constexpr int kFirstThreadNumber = 1 << 22;

int thread_number();                  // of the running thread
Fiber* numbered_thread(long number);  // null: there is none, or it has ended
// Before any process is forked.
void note_first_process();
// Whether a call that takes the number of a process or thread, or 0, is about the program that is executed.
bool is_own(pid_t number);

}  // namespace racecourse::runtime
