// Code as a place that is the same in every process.
#pragma once

#include <racecourse/checkers/runtime/executable.h>
#include <racecourse/checkers/schedule/reads_from.h>

#include <cstdint>

namespace racecourse::runtime {

// The executable lies at a fixed address, below 2 GiB. A library lies anywhere, but on a boundary of pages.
inline schedule::Place code_place(std::uint64_t pc) {
  if (in_executable(pc)) return static_cast<schedule::Place>(pc);
  return 0x80000000u | static_cast<schedule::Place>(pc & 0xfff);
}

}  // namespace racecourse::runtime
