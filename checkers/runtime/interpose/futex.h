// The futex system call of a running execution. Returns what the kernel would: a negative errno on error.
#pragma once

#include <racecourse/checkers/runtime/interpose/call.h>

namespace racecourse::runtime {

long futex(int* word, int operation, int value, long timeout_or_count, int expected, std::uint64_t pc);

}  // namespace racecourse::runtime
