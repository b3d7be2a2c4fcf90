// What a search looks for, and which of several findings of one execution leads.
#pragma once

#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/runtime/shared_block.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace racecourse::control {

class KindSet {
 public:
  KindSet() = default;
  explicit KindSet(const std::vector<Kind>& kinds) {
    for (const Kind kind : kinds) add(kind);
  }
  void add(Kind kind) { bits_ |= bit(kind); }
  bool has(Kind kind) const { return (bits_ & bit(kind)) != 0; }

 private:
  static std::uint32_t bit(Kind kind) { return 1u << static_cast<unsigned>(kind); }
  static_assert(kKindCount <= 32);

  std::uint32_t bits_ = 0;
};

// Findings that do not end an execution: what follows from them says more to a reader.
bool goes_on(Kind kind);

struct Goal {
  std::optional<Kind> required;     // nullopt: any finding will do
  KindSet allowed;                  // beside `required`, and before it
  std::optional<KindSet> judged{};  // nullopt: all kinds are; others are passed over

  bool consequence_only = false;  // pass over findings that an execution goes on after, such as races

  bool passes_over(Kind kind) const {
    if (judged && !judged->has(kind)) return true;
    if (consequence_only) return goes_on(kind);
    return required && kind != *required && allows(kind);
  }
  // What is meant to be broken seldom tidies up.
  bool allows(Kind kind) const { return allowed.has(kind) || kind == Kind::leak; }
  // Whether the findings in the block end the search: one that is required, or one that is not allowed.
  bool ends_with(const runtime::SharedBlock& block) const;
  // Index of the finding that leads among the `count` (at least 1): one that ends the search, and a consequence
  // before the race that led to it.
  std::uint32_t lead(const report::RawFinding* findings, std::uint32_t count) const;
};

}  // namespace racecourse::control
