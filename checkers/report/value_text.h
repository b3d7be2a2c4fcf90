// The bits of a value as the program's author would write them.
#pragma once

#include <racecourse/checkers/report/symbolize.h>

#include <cstdint>
#include <string>

namespace racecourse::report {

// Of `size` bytes (1, 2, 4 or 8). Without a known type: a signed decimal, and one byte of 0 or 1 is a bool. Pointers
// are not for this function.
std::string value_text(const ValueType& type, std::uint8_t size, std::uint64_t bits);

// "1.5 s", "20 ms", "300 ns".
std::string duration_text(std::uint64_t nanoseconds);

}  // namespace racecourse::report
