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
