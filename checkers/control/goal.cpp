#include <racecourse/checkers/control/goal.h>
#include <racecourse/checkers/control/workspace.h>
#include <racecourse/checkers/report/gravity.h>

#include <tuple>

namespace racecourse::control {
namespace {

Kind kind_of(const report::RawFinding& finding) { return static_cast<Kind>(finding.kind); }

}  // namespace

bool goes_on(Kind kind) { return kind == Kind::data_race || kind == Kind::lock_order || kind == Kind::leak; }

bool Goal::ends_with(const runtime::SharedBlock& block) const {
  for (std::uint32_t i = 0; i < finding_count(block); i++) {
    if (!passes_over(kind_of(block.findings[i]))) return true;
  }
  return false;
}

std::uint32_t Goal::lead(const report::RawFinding* findings, std::uint32_t count) const {
  // Most telling first: one that is judged at all, a kind that nobody allowed, the one that was asked for, the graver
  // one.
  const auto rank = [this](const report::RawFinding& finding) {
    const Kind kind = kind_of(finding);
    const bool asked_for = required && kind == *required;
    const bool unwelcome = required && !asked_for && !allows(kind);
    const bool unjudged = judged && !judged->has(kind);
    return std::tuple(unjudged, !unwelcome, !asked_for, report::gravity(kind));
  };
  std::uint32_t best = 0;
  for (std::uint32_t i = 1; i < count; i++) {
    if (rank(findings[i]) < rank(findings[best])) best = i;
  }
  return best;
}

}  // namespace racecourse::control
