#include <racecourse/scenarios/racecourse/line_diff.h>

#include <algorithm>

namespace racecourse::command {

using Is = DiffLine::Is;

namespace {

constexpr const char* kDots = "  ...\n";
constexpr const char* kGreen = "\033[32m";
constexpr const char* kRed = "\033[31m";
constexpr const char* kPlain = "\033[0m";

}  // namespace

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    lines.emplace_back(line);
  }
  return lines;
}

std::vector<DiffLine> diff(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  // common[i][j]: lines that before[i..] and after[j..] have in common.
  std::vector<std::vector<std::size_t>> common(before.size() + 1, std::vector<std::size_t>(after.size() + 1, 0));
  for (std::size_t i = before.size(); i-- > 0;) {
    for (std::size_t j = after.size(); j-- > 0;) {
      common[i][j] = before[i] == after[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::vector<DiffLine> lines;
  for (std::size_t i = 0, j = 0; i < before.size() || j < after.size();) {
    if (i < before.size() && j < after.size() && before[i] == after[j]) {
      lines.push_back({Is::same, before[i]});
      ++i, ++j;
    } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
      lines.push_back({Is::removed, before[i++]});
    } else {
      lines.push_back({Is::added, after[j++]});
    }
  }
  return lines;
}

std::size_t changed_lines(const std::vector<DiffLine>& diff) {
  return static_cast<std::size_t>(
      std::ranges::count_if(diff, [](const DiffLine& line) { return line.is != Is::same; }));
}

std::string to_text(const std::vector<DiffLine>& diff, const DiffLayout& layout) {
  const auto is_near_change = [&](std::size_t at) {
    const std::size_t begin = at - std::min(at, layout.context), end = std::min(diff.size(), at + layout.context + 1);
    return std::any_of(diff.begin() + static_cast<std::ptrdiff_t>(begin),
                       diff.begin() + static_cast<std::ptrdiff_t>(end),
                       [](const DiffLine& line) { return line.is != Is::same; });
  };
  std::string text;
  bool left_out = false;
  for (std::size_t i = 0; i < diff.size(); i++) {
    if (!is_near_change(i)) {
      left_out = true;
      continue;
    }
    if (left_out) text += kDots;
    left_out = false;
    std::string line = std::string(1, static_cast<char>(diff[i].is)) + " " + diff[i].text;
    while (line.back() == ' ') line.pop_back();
    const char* colour = !layout.colour || diff[i].is == Is::same ? "" : diff[i].is == Is::added ? kGreen : kRed;
    text += colour + line + (*colour == '\0' ? "" : kPlain) + "\n";
  }
  if (left_out && layout.dots_at_the_end) text += kDots;
  return text;
}

}  // namespace racecourse::command
