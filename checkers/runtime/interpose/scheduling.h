#pragma once

#include <sys/types.h>

namespace racecourse::runtime {

// Whether the number is that of the program that is executed or of one of its threads.
bool is_own(pid_t process);

}  // namespace racecourse::runtime
