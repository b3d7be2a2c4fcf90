// What changed between two texts, line by line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace racecourse::command {

struct DiffLine {
  enum class Is : char { same = ' ', removed = '-', added = '+' };
  Is is = Is::same;
  std::string text;
  friend bool operator==(const DiffLine&, const DiffLine&) = default;
};

std::vector<std::string> lines_of(std::string_view text);

// With as few changed lines as there can be (a longest common subsequence); of a change what is removed comes first.
std::vector<DiffLine> diff(const std::vector<std::string>& before, const std::vector<std::string>& after);

std::size_t changed_lines(const std::vector<DiffLine>& diff);

// How a difference is written: "- removed", "+ added", "  same", and "  ..." for what is left out.
struct DiffLayout {
  std::size_t context = 3;      // lines around each change
  bool colour = false;          // of a terminal: what is removed in red, what is added in green
  bool dots_at_the_end = true;  // also for what is left out after the last change
};
std::string to_text(const std::vector<DiffLine>& diff, const DiffLayout& layout = {});

}  // namespace racecourse::command
