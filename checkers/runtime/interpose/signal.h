// Signals that threads of the body send. Each returns 0 or an error code.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

namespace racecourse::runtime {

// To the calling thread; a handler of the body runs before this returns.
int signal_self(int signal, std::uint64_t pc);
// To a thread of this execution; null means one that is not.
int signal_thread(const Fiber* to, int signal, std::uint64_t pc);

}  // namespace racecourse::runtime
