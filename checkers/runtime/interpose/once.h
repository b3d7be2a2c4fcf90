// Doing something once, for call_once in its two languages.
#pragma once

#include <racecourse/checkers/runtime/interpose/call.h>

namespace racecourse::runtime {

// `state` is a pthread_once_t. An exception of `function` passes through; the next caller then tries again.
void run_once(int* state, void (*function)(), std::uint64_t pc);

}  // namespace racecourse::runtime
