// Findings that are known and do not count: those of a file, which `Options::suppressions` names, and a few that come
// with the library because the standard library itself raises false alarms.
//
//   # The counter may be wrong by a few.
//   kind=data-race function=Stats::add reason=it is shown to people only
//   file=*/legacy/*.c reason=it goes away with version 4
//
// One to a line: `kind` (see KINDS.md; left out: all kinds), `function`, `file`, at least one of these, and at last the
// `reason`, which is required and goes to the end of the line. Patterns are those of ThreadSanitizer: they match
// anywhere in the text unless ^ or $ binds them to its begin or end, and * stands for anything. They are compared with
// every function on the stacks of the finding, the standard library's included: both of a data race, those of all
// threads that are stuck. With both patterns, one and the same function must match both. On real threads the names are
// those of ThreadSanitizer's reports, which may lack the class: `function=add` is good for both links.
//
// A suppressed finding neither ends the search nor hides another one. The verdict names the suppressions that were
// used; at the end of the process, standard error those of the file that were not.
#pragma once

#include <racecourse/checkers/finding.h>

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace racecourse {

struct Suppression {
  std::optional<Kind> kind;  // nullopt: all
  std::string function;      // patterns; empty: any
  std::string file;
  std::string reason;
  int line = 0;  // in the file; 0: it comes with the library
};

// One function on a stack. Either text may be empty: unknown.
struct SuppressionFrame {
  std::string_view function;
  std::string_view file;
};

// Whether the pattern matches the text.
bool pattern_matches(std::string_view pattern, std::string_view text);

// Indices of those that were used.
using UsedSuppressions = std::set<std::size_t>;

class Suppressions {
 public:
  static constexpr std::size_t kMost = 256;

  // Those of the library and of the file; an empty name means no file. Throws std::invalid_argument with one sentence
  // for a file that cannot be read or a line that makes no sense.
  explicit Suppressions(const std::string& file);

  // The index of the one that matches the finding whose stacks are these frames.
  std::optional<std::size_t> match(Kind kind, std::span<const SuppressionFrame> frames) const;
  // Whether any is about findings of this kind.
  bool concern(Kind kind) const;
  const Suppression& operator[](std::size_t index) const { return all_[index]; }
  // "data-race in std::_Sp_atomic".
  std::string text(std::size_t index) const;
  // They take part in a search from here on: those of the file that note_used() never names are told at the end of the
  // process.
  void watch() const;
  void note_used(const UsedSuppressions& used) const;

 private:
  void read(std::string_view text);
  std::string complaint(std::size_t index) const;  // that it was not used

  std::string file_;
  std::vector<Suppression> all_;
};

// "; suppressed: data-race in std::_Sp_atomic (its reason)", or nothing.
std::string text_of_suppressed(const Suppressions& suppressions, const UsedSuppressions& used);

}  // namespace racecourse
