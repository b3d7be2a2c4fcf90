#include <racecourse/scenarios/lab/view.h>
#include <racecourse/scenarios/racecourse/line_diff.h>
#include <racecourse/scenarios/racecourse/place.h>

#include <cctype>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace racecourse::lab {
namespace {

using command::lines_of;

std::string trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

bool is_comment(const std::string& line) { return trimmed(line).starts_with("//"); }

// Where the comment behind code begins. No header of ours has "//" in a string.
std::size_t trailing_comment(const std::string& line) { return is_comment(line) ? std::string::npos : line.find("//"); }

// Comment lines that follow each other are one comment, from the line `at` on.
std::size_t end_of_comment(const std::vector<std::string>& lines, std::size_t at) {
  while (at < lines.size() && is_comment(lines[at])) ++at;
  return at;
}

std::string comment_text(const std::vector<std::string>& lines, std::size_t begin, std::size_t end) {
  std::string text;
  for (std::size_t i = begin; i < end; i++) text += trimmed(lines[i]) + "\n";
  return text;
}

std::set<std::string> comments_of(const std::string& text) {
  const std::vector<std::string> lines = lines_of(text);
  std::set<std::string> comments;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = end_of_comment(lines, at);
    if (end > at) {
      comments.insert(comment_text(lines, at, end));
    } else if (trailing_comment(lines[at]) != std::string::npos) {
      comments.insert(trimmed(lines[at].substr(trailing_comment(lines[at]))));
    }
    at = std::max(end, at + 1);
  }
  return comments;
}

std::string opening(const Exercise& exercise) {
  return "// Yours to mend; STORY.md says what is wrong. What it promises, by number:\n"
         "// contracts/racecourse/primitives/" +
         exercise.primitive + "/" + exercise.primitive + ".h\n";
}

std::string header_of(const Exercise& exercise, const std::string& variant) {
  return kit_text("primitives/" + exercise.primitive + "/" + variant + ".h");
}

}  // namespace

std::string renamed(const std::string& text, const std::string& from, const std::string& to) {
  return std::regex_replace(text, std::regex("\\b" + from + "\\b"), to);
}

std::string without_marks(const std::string& broken, const std::string& reference, const std::string& opening) {
  const std::set<std::string> known = comments_of(reference);
  const std::vector<std::string> lines = lines_of(broken);
  std::string text = opening;
  // The comment at the top is the variant's own story.
  for (std::size_t at = end_of_comment(lines, 0); at < lines.size();) {
    const std::size_t end = end_of_comment(lines, at);
    if (end > at) {
      if (known.contains(comment_text(lines, at, end))) {
        for (std::size_t i = at; i < end; i++) text += lines[i] + "\n";
      }
      at = end;
      continue;
    }
    std::string line = lines[at++];
    const std::size_t comment = trailing_comment(line);
    if (comment != std::string::npos && !known.contains(trimmed(line.substr(comment)))) line.resize(comment);
    while (line.ends_with(' ')) line.pop_back();
    const bool second_blank = line.empty() && text.ends_with("\n\n");
    if (!second_blank) text += line + "\n";
  }
  return text;
}

std::string contract_only(const std::string& header) {
  static const std::regex kElsewhere(R"(\s*\([a-z_]+\.h[^)\n]*\))");
  const std::vector<std::string> lines = lines_of(header);
  const std::size_t end = end_of_comment(lines, 0);
  std::string text;
  for (std::size_t at = 0; at < end; at++) {
    // What follows names classes of the catalogue, and then their faults.
    const std::string line = trimmed(lines[at]);
    if (line.starts_with("// Ordering promise") || line.starts_with("// Misuse") || line.starts_with("// Python"))
      break;
    text += std::regex_replace(lines[at], kElsewhere, "") + "\n";
  }
  if (text.ends_with("//\n")) text.resize(text.size() - 3);
  for (std::size_t at = end; at < lines.size(); at++) text += lines[at] + "\n";
  return text;
}

std::string kit_text(const std::string& file) {
  const std::string path = command::header_folder() + "/" + file;
  std::ifstream stream(path);
  if (!stream) throw std::runtime_error("cannot read " + path + ": is this installation of Racecourse complete?");
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

std::string starter_text(const Exercise& exercise) {
  return renamed(
      without_marks(header_of(exercise, exercise.starter), header_of(exercise, exercise.reference), opening(exercise)),
      exercise.starter_symbol, exercise.symbol);
}

std::string reference_text(const Exercise& exercise) {
  return renamed(header_of(exercise, exercise.reference), exercise.reference_symbol, exercise.symbol);
}

std::string mutant_text(const Exercise& exercise, const std::string& mutant) {
  const std::size_t space = mutant.find(' ');
  return renamed(header_of(exercise, mutant.substr(0, space)), mutant.substr(space + 1), exercise.symbol);
}

std::string mutant_text(const Exercise& exercise, const Edit& edit) {
  std::string text = reference_text(exercise);
  const std::size_t at = text.find(edit.from);
  if (edit.from.empty() || at == std::string::npos || text.find(edit.from, at + 1) != std::string::npos) {
    throw std::logic_error(exercise.name + ": what " + edit.name + " edits does not stand in the reference once");
  }
  return text.replace(at, edit.from.size(), edit.to);
}

std::vector<Mutant> mutants_of(const Exercise& exercise) {
  std::vector<Mutant> mutants;
  for (const std::string& mutant : exercise.mutants) {
    mutants.push_back({mutant.substr(0, mutant.find(' ')), mutant_text(exercise, mutant)});
  }
  for (const Edit& edit : exercise.edits) mutants.push_back({edit.name, mutant_text(exercise, edit)});
  return mutants;
}

std::string checks_text(const Exercise& exercise) {
  std::string text;
  for (const std::string& file : exercise.bodies) {
    text += (text.empty() ? "" : "\n") + kit_text("scenarios/lab/checks/" + file + ".cpp");
  }
  return text;
}

}  // namespace racecourse::lab
