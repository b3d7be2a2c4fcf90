#include <racecourse/checkers/suppression.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

namespace racecourse {
namespace {

// The reasons are shown to people. Names are matched as reports show them, with template arguments or without.
const std::vector<Suppression>& shipped() {
  static const std::vector<Suppression> list = {
      // std::atomic<std::shared_ptr> has a lock bit, and a load gives it back with a relaxed operation. Correct on the
      // machine, but by the letter of the standard no happens-before. libstdc++ 13 made it a release.
      {Kind::data_race, "^std::_Sp_atomic", "",
       "std::atomic<std::shared_ptr> of libstdc++ 12 unlocks with a relaxed operation", 0},
      // Threads may share a facet, and each fills in what it finds empty. That of the library is filled from the start.
      {Kind::data_race, "^std::ctype<char>::narrow", "",
       "std::ctype<char> of libstdc++ keeps what it has narrowed, and all who write there write the same", 0},
  };
  return list;
}

// `pattern` without ^ and $, where * stands for anything.
bool glob_matches(std::string_view pattern, std::string_view text) {
  std::size_t at = 0, in = 0;
  std::size_t star = std::string_view::npos, resume = 0;
  while (in < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      resume = in;
    } else if (at < pattern.size() && pattern[at] == text[in]) {
      ++at;
      ++in;
    } else if (star != std::string_view::npos) {
      at = star + 1;  // the star takes one more
      in = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

[[noreturn]] void refuse(const std::string& where, const std::string& sentence) {
  throw std::invalid_argument("racecourse: " + where + ": " + sentence);
}

// The line without its comment: "kind=data-race function=f reason=the rest".
Suppression parse_line(std::string_view line, const std::string& where) {
  constexpr std::string_view kExample = "write, for example, kind=data-race function=Stats::add reason=it is a guess.";
  Suppression result;
  while (!line.empty()) {
    const std::size_t equals = line.find('=');
    const std::string_view key = line.substr(0, equals);
    if (equals == std::string_view::npos || key.find_first_of(" \t") != std::string_view::npos)
      refuse(where, "\"" + std::string(line) + "\" is no suppression; " + std::string(kExample));
    if (key == "reason") {
      result.reason = trimmed(line.substr(equals + 1));
      break;
    }
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    const std::string value(line.substr(equals + 1, end - equals - 1));
    if (value.empty()) refuse(where, "there is nothing behind \"" + std::string(key) + "=\"; " + std::string(kExample));
    if (key == "kind") {
      result.kind = kind_from_string(value);
      if (!result.kind) refuse(where, "\"" + value + "\" is no kind of finding; checkers/KINDS.md lists them.");
    } else if (key == "function") {
      result.function = value;
    } else if (key == "file") {
      result.file = value;
    } else {
      refuse(where, "\"" + std::string(key) + "\" is unknown; a suppression has kind, function, file and reason.");
    }
    line = trimmed(line.substr(end));
  }
  if (result.reason.empty()) refuse(where, "a suppression needs a reason; end the line with reason=...");
  if (!result.kind && result.function.empty() && result.file.empty())
    refuse(where, "a suppression must say which findings it means; " + std::string(kExample));
  return result;
}

// Those of the files that this process searched with, by what is to be said of one that was not used.
struct Watched {
  pid_t process = 0;  // a forked one has nothing to say
  std::map<std::string, bool> used;
};

Watched& watched() {
  static auto* const instance = new Watched;  // is read at the exit, after static objects are gone
  return *instance;
}

void tell_of_unused() {
  if (watched().process != getpid()) return;
  for (const auto& [text, used] : watched().used) {
    if (!used) std::fprintf(stderr, "racecourse: %s\n", text.c_str());
  }
}

}  // namespace

bool pattern_matches(std::string_view pattern, std::string_view text) {
  std::string whole;
  if (pattern.starts_with('^'))
    pattern.remove_prefix(1);
  else
    whole = "*";
  const bool bound = pattern.ends_with('$');
  if (bound) pattern.remove_suffix(1);
  whole += pattern;
  if (!bound) whole += '*';
  return glob_matches(whole, text);
}

Suppressions::Suppressions(const std::string& file) : file_(file), all_(shipped()) {
  if (file.empty()) return;
  std::ifstream in(file);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in || in.bad())
    refuse("suppressions=" + file, std::string("the file cannot be read: ") + std::strerror(errno) + ".");
  read(text);
}

void Suppressions::read(std::string_view text) {
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty() || line.front() == '#') continue;
    const std::string where = file_ + ":" + std::to_string(number);
    if (all_.size() == kMost) refuse(where, "there is room for " + std::to_string(kMost) + " suppressions only.");
    all_.push_back(parse_line(line, where));
    all_.back().line = number;
  }
}

std::optional<std::size_t> Suppressions::match(Kind kind, std::span<const SuppressionFrame> frames) const {
  for (std::size_t i = 0; i < all_.size(); i++) {
    const Suppression& one = all_[i];
    if (one.kind && *one.kind != kind) continue;
    if (one.function.empty() && one.file.empty()) return i;
    const auto matches = [&](const SuppressionFrame& frame) {
      return (one.function.empty() || (!frame.function.empty() && pattern_matches(one.function, frame.function))) &&
             (one.file.empty() || (!frame.file.empty() && pattern_matches(one.file, frame.file)));
    };
    if (std::any_of(frames.begin(), frames.end(), matches)) return i;
  }
  return std::nullopt;
}

bool Suppressions::concern(Kind kind) const {
  return std::any_of(all_.begin(), all_.end(), [&](const Suppression& one) { return !one.kind || *one.kind == kind; });
}

std::string Suppressions::text(std::size_t index) const {
  const Suppression& one = all_[index];
  std::string text = one.kind ? to_string(*one.kind) : "a finding";
  const auto add = [&text](const char* what, std::string_view pattern) {
    if (pattern.empty()) return;
    if (pattern.starts_with('^')) pattern.remove_prefix(1);
    if (pattern.ends_with('$')) pattern.remove_suffix(1);
    text += what + std::string(pattern);
  };
  add(" in ", one.function);
  add(" in the file ", one.file);
  return text;
}

std::string Suppressions::complaint(std::size_t index) const {
  return file_ + ":" + std::to_string(all_[index].line) + ": this suppression was not used: " + text(index) + " (" +
         all_[index].reason + ")";
}

void Suppressions::watch() const {
  Watched& mine = watched();
  if (mine.process == 0) std::atexit(tell_of_unused);
  if (mine.process != getpid()) {
    mine.process = getpid();
    mine.used.clear();
  }
  for (std::size_t i = 0; i < all_.size(); i++) {
    if (all_[i].line != 0) mine.used.try_emplace(complaint(i), false);
  }
}

void Suppressions::note_used(const UsedSuppressions& used) const {
  for (const std::size_t index : used) {
    if (all_[index].line != 0) watched().used[complaint(index)] = true;
  }
}

std::string text_of_suppressed(const Suppressions& suppressions, const UsedSuppressions& used) {
  std::string text;
  for (const std::size_t index : used) {
    text +=
        (text.empty() ? "; suppressed: " : ", ") + suppressions.text(index) + " (" + suppressions[index].reason + ")";
  }
  return text;
}

}  // namespace racecourse
