// The ends of a process, for those who come to them by another way than the usual functions.
#pragma once

#include <cstdint>

namespace racecourse::runtime {

[[noreturn]] void fail_exit(const char* function, int status, std::uint64_t pc);
[[noreturn]] void fail_abort(std::uint64_t pc);
// Starts another process.
[[noreturn]] void fail_process(const char* function, std::uint64_t pc);

}  // namespace racecourse::runtime
