#include <racecourse/scenarios/racecourse/play_screen.h>

#include <algorithm>
#include <utility>

namespace racecourse::command {
namespace {

constexpr std::size_t kMostColumns = 4;
constexpr std::size_t kLabel = 6;
constexpr std::size_t kMostVariables = 16;

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string clipped(const std::string& text, std::size_t width) {
  return text.size() <= width ? text : text.substr(0, width - 2) + "..";
}

// A cell is read by itself, not below others like it.
std::string single_spaced(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c != ' ' || (!result.empty() && result.back() != ' ')) result += c;
  }
  return result;
}

void add_line(std::string& text, std::string line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
  text += line + "\n";
}

std::string step_text(const Step& step) {
  return single_spaced(step.what) + (step.repeat > 1 ? "  x" + std::to_string(step.repeat) : "");
}

std::string key_of(const Stand& stand) {
  if (!stand.can_go()) return "-";
  const std::string number = std::to_string(stand.thread);
  if (stand.is == Stand::Is::timed) return number + "  (its time is up)";
  if (stand.alternatives < 2) return number;
  return number + ":0 to " + number + ":" + std::to_string(stand.alternatives - 1);
}

class Columns {
 public:
  Columns(std::vector<const Stand*> stands, std::string& text)
      : stands_(std::move(stands)), width_((kTerminalWidth - kLabel) / stands_.size()), text_(text) {}

  template <class CellOf>
  void row(const std::string& label, CellOf cell_of) {
    std::vector<std::vector<std::string>> cells;
    std::size_t lines = 1;
    for (const Stand* stand : stands_) {
      cells.push_back(wrapped(cell_of(*stand), width_ - 2));
      lines = std::max(lines, cells.back().size());
    }
    for (std::size_t i = 0; i < lines; i++) {
      std::string line = padded(i == 0 ? label : "", kLabel);
      for (const auto& cell : cells) line += padded(i < cell.size() ? cell[i] : "", width_);
      add_line(text_, line);
    }
  }
  void step(const Step& step) {
    row("", [&](const Stand& stand) { return stand.thread == step.thread ? step_text(step) : std::string(); });
  }

 private:
  std::vector<const Stand*> stands_;
  std::size_t width_;
  std::string& text_;
};

// More threads than there is room for beside each other.
void draw_list(const Position& position, std::size_t first, std::string& text) {
  for (std::size_t i = first; i < position.steps.size(); i++) {
    const Step& step = position.steps[i];
    add_line(text, clipped("      T" + padded(std::to_string(step.thread), 4) + step_text(step), kTerminalWidth));
  }
  add_line(text, "");
  add_line(text, "key   next");
  for (const Stand& stand : position.threads) {
    if (stand.is == Stand::Is::ended) continue;
    const std::string key = padded(stand.can_go() ? std::to_string(stand.thread) : "-", kLabel);
    std::string what = "T" + padded(std::to_string(stand.thread), 4) + single_spaced(stand.next);
    if (stand.is == Stand::Is::timed || stand.alternatives > 1) what += "  [" + key_of(stand) + "]";
    std::string label = key;
    for (const std::string& line : wrapped(what, kTerminalWidth - kLabel)) {
      add_line(text, padded(std::exchange(label, ""), kLabel) + line);
    }
  }
}

void draw_columns(const Position& position, std::size_t first, std::vector<const Stand*> stands, std::string& text) {
  Columns columns(std::move(stands), text);
  columns.row("", [](const Stand& stand) { return stand.title; });
  for (std::size_t i = first; i < position.steps.size(); i++) columns.step(position.steps[i]);
  if (position.over) return;
  columns.row("next", [](const Stand& stand) { return single_spaced(stand.next); });
  columns.row("key", key_of);
}

std::string variables_of(const Position& position) {
  std::string text;
  for (std::size_t i = 0; i < std::min(position.variables.size(), kMostVariables); i++) {
    const Variable& variable = position.variables[i];
    const bool lock = variable.value == "free" || variable.value.starts_with("held by ");
    text += (i == 0 ? "" : ",  ") + variable.name + (lock ? " " : " = ") + variable.value;
  }
  if (position.variables.size() > kMostVariables) {
    text += ",  and " + std::to_string(position.variables.size() - kMostVariables) + " more";
  }
  return text;
}

void draw_code(const Position& position, std::string& text) {
  constexpr std::size_t kWhere = 26;
  for (const Stand& stand : position.threads) {
    if (stand.code.empty()) continue;
    add_line(text, clipped("T" + padded(std::to_string(stand.thread), kLabel - 1) +
                               padded(clipped(stand.where, kWhere), kWhere + 2) + stand.code,
                           kTerminalWidth));
  }
}

// A line that goes on with what the one before says begins with spaces where a step has its number.
bool begins_part(std::string_view line) {
  const std::string_view label = line.substr(0, 5);
  return label.find_first_not_of(' ') != std::string_view::npos;
}

}  // namespace

std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t used) {
  std::vector<std::string> lines;
  std::size_t room = width - std::min(used, width - 1);
  while (text.size() > room) {
    std::size_t cut = text.rfind(' ', room);
    if (cut == std::string_view::npos || cut == 0) {
      lines.emplace_back(text.substr(0, room));
      text.remove_prefix(room);
    } else {
      lines.emplace_back(text.substr(0, cut));
      text.remove_prefix(cut + 1);
    }
    room = width;
  }
  lines.emplace_back(text);
  return lines;
}

std::string draw(const Position& position, std::size_t from, std::size_t most) {
  const std::size_t count = position.steps.size();
  const std::size_t first = std::max(std::min(from, count), count - std::min(most, count));
  std::vector<const Stand*> stands;
  for (const Stand& stand : position.threads) {
    const auto acts = [&](const Step& step) { return step.thread == stand.thread; };
    const bool shown =
        std::any_of(position.steps.begin() + static_cast<std::ptrdiff_t>(first), position.steps.end(), acts);
    if (shown || stand.is != Stand::Is::ended) stands.push_back(&stand);
  }
  std::string text;
  if (first > from) {
    add_line(text, "      ... " + std::to_string(first - from) + (first - from == 1 ? " step" : " steps") + " before");
  }
  if (stands.size() > kMostColumns) {
    draw_list(position, first, text);
  } else if (!stands.empty()) {
    draw_columns(position, first, std::move(stands), text);
  }
  if (const std::string variables = variables_of(position); !variables.empty()) {
    text += "\n";
    for (const std::string& line : wrapped(variables, kTerminalWidth)) add_line(text, line);
  }
  if (!position.over) {
    text += "\n";
    draw_code(position, text);
  }
  return text;
}

std::vector<std::string> parts_of(const std::string& picture) {
  std::vector<std::string> parts;
  for (std::string_view rest = picture; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (parts.empty() || begins_part(line)) parts.emplace_back();
    parts.back() += std::string(line) + "\n";
  }
  return parts;
}

}  // namespace racecourse::command
