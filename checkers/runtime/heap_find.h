// Which block of the heap an address belongs to that a program should not have touched.
#pragma once

#include <cstddef>
#include <cstdint>

namespace racecourse::runtime::heap {

struct Near {
  std::uint64_t base;  // where the program's part begins
  std::size_t size;    // as requested
  bool freed;
};

// The block that `address` lies in, or right beside; of two neighbours the nearer. False if there is none.
bool find_near(std::uint64_t address, Near& out);

}  // namespace racecourse::runtime::heap
