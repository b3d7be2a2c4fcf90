// The numbers of the program and of its threads, as the kernel would give them: the same in every process. The kernel's
// own stay below.
#pragma once

#include <sys/types.h>

namespace racecourse::runtime {

inline constexpr int kFirstThreadNumber = (1 << 22) + 1, kEndOfThreadNumbers = kFirstThreadNumber + 256;

// Of the running thread; that of T0 is the program's, too.
int thread_number();
// Whether it is a number of the program's or, as 0 is for many calls, means its caller.
bool is_own(pid_t process);
// For the kernel: 0 for one of the program's.
pid_t known_to_kernel(pid_t process);
// The same where 0 is no such number: the one that the kernel knows.
pid_t real_number(pid_t process);

}  // namespace racecourse::runtime
