// A position as text for a terminal: what happened, a column per thread, and below what each does next.
#pragma once

#include <racecourse/checkers/steer.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace racecourse::command {

inline constexpr std::size_t kTerminalWidth = 80;

// Lines of at most `width` characters, broken at spaces where there are any; the first may be shorter by `used`.
std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t used = 0);

// What happened from step `from` on, at most the last `most` steps; then what each thread does next and the key that
// lets it, the shared variables, and the lines of the source. Never wider than kTerminalWidth.
std::string draw(const Position& position, std::size_t from, std::size_t most);

// The parts of a picture that are shown at a time: the heading, then each step with the lines that belong to it.
std::vector<std::string> parts_of(const std::string& picture);

}  // namespace racecourse::command
