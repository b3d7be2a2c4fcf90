// Which of several findings of one execution is the one to show.
#pragma once

#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/report/trace_view.h>

#include <cstddef>
#include <optional>
#include <vector>

namespace racecourse::report {

// Smaller is graver. A consequence (a failed assertion, a deadlock, a crash) comes before the race that caused it, a
// race before what is merely left undone.
int gravity(Kind kind);

// Index of the finding to show: the first of kind `lead` if there is one, else the gravest; the earlier of equals.
// There must be a finding.
std::size_t primary_finding(const Trace& trace, std::optional<Kind> lead = std::nullopt);
// Kinds of the others, without repetition and without the primary's.
std::vector<Kind> other_kinds(const Trace& trace, std::size_t primary);

}  // namespace racecourse::report
