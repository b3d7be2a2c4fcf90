#include <fmt/core.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/play_loop.h>
#include <racecourse/scenarios/racecourse/play_screen.h>
#include <racecourse/scenarios/racecourse/terminal.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace racecourse::command {
namespace {

constexpr std::size_t kStepsOnScreen = 10;
constexpr std::size_t kStepsInLines = 16;
constexpr std::size_t kAll = 1'000'000;

void show(const Game& game, std::size_t from, std::size_t most) {
  if (game.is_over()) return;
  if (game.wants_all_steps()) {
    from = 0;
    most = kAll;
  }
  fmt::print("\n{}", draw(game.position(), from, most));
}

// One word, and what comes of it, in lines.
void play_word(Game& game, const std::string& word) {
  try {
    const std::string text = game.play(word);
    if (!text.empty()) fmt::print("{}", text);
    if (word != "?" && word != "h") show(game, game.shown_steps(), kStepsInLines);
  } catch (const BadMove& error) {
    for (const std::string& line : wrapped(error.what(), kTerminalWidth)) fmt::print("{}\n", line);
  }
  std::fflush(stdout);
}

void play_script(Game& game, const std::string& script) {
  for (const std::string& word : words_of(script)) {
    if (game.is_over()) return;
    fmt::print("\n> {}\n", word);
    play_word(game, word);
  }
}

void play_lines(Game& game) {
  for (std::string line; !game.is_over();) {
    fmt::print("\n> ");
    std::fflush(stdout);
    if (!std::getline(std::cin, line)) {
      fmt::print("\n");
      return;
    }
    for (const std::string& word : words_of(line)) {
      if (!game.is_over()) play_word(game, word);
    }
  }
}

// A key, or with more threads than digits and for names the letters up to the end of the line.
std::optional<std::string> read_command(SingleKeys& keys, bool digits_suffice) {
  constexpr char kErase = 127;
  std::string word;
  while (const auto key = keys.key()) {
    if (*key == '\n' || *key == '\r') {
      if (!word.empty()) return word;
      continue;
    }
    if (*key == kErase || *key == '\b') {
      if (word.empty()) continue;
      word.pop_back();
      fmt::print("\b \b");
      continue;
    }
    if (!std::isprint(static_cast<unsigned char>(*key))) continue;
    const bool is_digit = std::isdigit(static_cast<unsigned char>(*key)) != 0;
    const bool at_once = is_digit ? digits_suffice : std::string_view("uahsrglq?").find(*key) != std::string_view::npos;
    if (word.empty() && at_once) return std::string(1, *key);
    word += *key;
    fmt::print("{}", *key);
  }
  return std::nullopt;
}

void play_keys(Game& game) {
  SingleKeys keys;
  std::string said = game.opening();
  while (!game.is_over()) {
    clear_screen();
    const std::string title = fmt::format("{}   turn {}", game.name(), game.turns().size());
    fmt::print("{}\n", may_mark() ? "\033[1m" + title + "\033[0m" : title);
    show(game, 0, kStepsOnScreen);
    fmt::print("\n{}> ", said);
    const bool asks = std::ranges::any_of(game.position().threads, [](auto& stand) { return stand.alternatives > 1; });
    const auto word = read_command(keys, game.has_one_digit_threads() && !asks);
    try {
      said = game.play(word.value_or("q"));
    } catch (const BadMove& error) {
      said = std::string(error.what()) + "\n";
    }
  }
  fmt::print("\n\n{}", said);
}

// A file of that name, or the words themselves.
std::string script_of(const std::string& schedule) {
  struct stat status;
  if (stat(schedule.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return schedule;
  std::ifstream file(schedule);
  if (!file) throw BadRequest("cannot read " + schedule);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

void play_out(Game& game, const HowToPlay& how) {
  const bool plain = how.lines || !how.schedule.empty() || !is_interactive();
  if (plain) {
    fmt::print("{}", game.opening());
    show(game, 0, kStepsInLines);
  }
  if (!how.schedule.empty()) {
    play_script(game, script_of(how.schedule));
  } else if (plain) {
    play_lines(game);
  } else {
    play_keys(game);
  }
  if (const std::string closing = game.closing(); !closing.empty()) fmt::print("\n{}", closing);
}

}  // namespace racecourse::command
