#include <racecourse/scenarios/lab/diff.h>

#include <algorithm>
#include <string_view>

namespace racecourse::lab {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return lines;
}

bool is_near(const std::vector<DiffLine>& lines, std::size_t at, std::size_t context) {
  const std::size_t begin = at < context ? 0 : at - context, end = std::min(lines.size(), at + context + 1);
  return std::any_of(lines.begin() + static_cast<std::ptrdiff_t>(begin),
                     lines.begin() + static_cast<std::ptrdiff_t>(end),
                     [](const DiffLine& line) { return line.mark != ' '; });
}

}  // namespace

std::vector<DiffLine> diff(const std::string& before, const std::string& after) {
  const std::vector<std::string> old_lines = lines_of(before), new_lines = lines_of(after);
  // common[i][j]: how many lines the texts from i and from j on have in common, in order.
  std::vector<std::vector<std::size_t>> common(old_lines.size() + 1, std::vector<std::size_t>(new_lines.size() + 1));
  for (std::size_t i = old_lines.size(); i-- > 0;) {
    for (std::size_t j = new_lines.size(); j-- > 0;) {
      common[i][j] =
          old_lines[i] == new_lines[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::vector<DiffLine> lines;
  for (std::size_t i = 0, j = 0; i < old_lines.size() || j < new_lines.size();) {
    if (i < old_lines.size() && j < new_lines.size() && old_lines[i] == new_lines[j]) {
      lines.push_back({' ', old_lines[i]});
      ++i, ++j;
    } else if (j == new_lines.size() || (i < old_lines.size() && common[i + 1][j] >= common[i][j + 1])) {
      lines.push_back({'-', old_lines[i++]});
    } else {
      lines.push_back({'+', new_lines[j++]});
    }
  }
  return lines;
}

std::string diff_text(const std::string& before, const std::string& after, std::size_t context, bool colour) {
  const std::vector<DiffLine> lines = diff(before, after);
  std::string text;
  bool left_out = false;
  for (std::size_t at = 0; at < lines.size(); at++) {
    if (!is_near(lines, at, context)) {
      left_out = true;
      continue;
    }
    if (left_out) text += "  ...\n";
    left_out = false;
    const DiffLine& line = lines[at];
    const char* begin = !colour || line.mark == ' ' ? "" : line.mark == '+' ? "\033[32m" : "\033[31m";
    text += std::string(begin) + line.mark + " " + line.text + (*begin == '\0' ? "" : "\033[0m") + "\n";
  }
  return text;
}

}  // namespace racecourse::lab
