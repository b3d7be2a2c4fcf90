// Whether code belongs to the program, as opposed to a library that it uses.
#pragma once

#include <cstdint>

extern "C" const char __executable_start;
extern "C" const char etext;

namespace racecourse::runtime {

inline bool in_executable(std::uint64_t pc) {
  return pc - reinterpret_cast<std::uint64_t>(&__executable_start) <
         static_cast<std::uint64_t>(&etext - &__executable_start);
}

}  // namespace racecourse::runtime
