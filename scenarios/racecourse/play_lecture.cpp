#include <fmt/core.h>
#include <racecourse/scenarios/racecourse/play_lecture.h>
#include <racecourse/scenarios/racecourse/play_screen.h>
#include <racecourse/scenarios/racecourse/terminal.h>

#include <algorithm>
#include <cctype>
#include <iostream>
#include <optional>
#include <string_view>

namespace racecourse::command {
namespace {

// A line that goes on with what the one before says begins with spaces where a step has its number.
bool begins_part(std::string_view line) {
  const std::string_view label = line.substr(0, 5);
  return label.find_first_not_of(' ') != std::string_view::npos;
}

// Waits for a key or a line; false when the audience has seen enough.
class Pace {
 public:
  explicit Pace(bool lines) {
    if (!lines && is_interactive()) keys_.emplace();
  }
  bool next() {
    std::fflush(stdout);
    if (keys_) {
      const auto key = keys_->key();
      return key && *key != 'q';
    }
    std::string line;
    return std::getline(std::cin, line) && line != "q";
  }

 private:
  std::optional<SingleKeys> keys_;
};

}  // namespace

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

int lecture(SteeredWorld& world, const Aim& aim, bool lines) {
  const auto bug = world.bug();
  if (!bug) {
    fmt::print("{}: the search finds no bug to show.\n", aim.name);
    return 1;
  }
  fmt::print("{}\n", aim.name);
  for (const std::string& line : wrapped(aim.summary, kTerminalWidth)) fmt::print("{}\n", line);
  fmt::print("(a key shows the next step, q ends)\n\n");
  Pace pace(lines);
  for (const std::string& part : parts_of(bug->picture)) {
    fmt::print("{}", part);
    if (!pace.next()) return 0;
  }
  fmt::print("\n");
  for (const std::string& line :
       wrapped(std::string(racecourse::to_string(bug->kind)) + ": " + bug->message, kTerminalWidth)) {
    fmt::print("{}\n", line);
  }
  return 0;
}

}  // namespace racecourse::command
