// Heap addresses are used again: which allocation an access belongs to.
#pragma once

#include <racecourse/checkers/report/trace_view.h>

#include <cstdint>
#include <map>
#include <vector>

namespace racecourse::report {

class Lifetimes {
 public:
  explicit Lifetimes(const Trace& trace);

  struct Block {
    std::uint64_t base = 0;
    std::uint64_t size = 0;
    std::uint32_t allocated = 0;  // number of the event from 1; 0: not a heap block of this trace
  };
  // The block that holds `address` when event number `index` happens.
  Block block(std::uint64_t address, std::uint32_t index) const;

 private:
  std::map<std::uint64_t, std::vector<Block>> blocks_;  // by base, in the order of allocation
};

}  // namespace racecourse::report
