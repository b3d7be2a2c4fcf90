// Small helpers for text of a fixed width.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace racecourse::report {

inline constexpr std::size_t kPageWidth = 100;

// At most `width` characters; what is cut off is marked by "..".
std::string clipped(std::string_view text, std::size_t width);
// Filled with spaces up to `width`.
std::string padded(std::string text, std::size_t width);
// Lines of at most `width` characters, broken at spaces where there are any. At least one line.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);
// Line breaks and runs of spaces become single spaces.
std::string one_line(std::string_view text);

}  // namespace racecourse::report
