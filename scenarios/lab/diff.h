// Two texts side by side, line by line.
#pragma once

#include <string>
#include <vector>

namespace racecourse::lab {

struct DiffLine {
  char mark = ' ';  // '-': only in the first text; '+': only in the second; ' ': in both
  std::string text;
};

// The fewest marked lines.
std::vector<DiffLine> diff(const std::string& before, const std::string& after);

// As text, with `context` lines around each difference, and "..." for what is left out.
std::string diff_text(const std::string& before, const std::string& after, std::size_t context = 3,
                      bool colour = false);

}  // namespace racecourse::lab
