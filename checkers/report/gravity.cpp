#include <racecourse/checkers/report/gravity.h>

#include <algorithm>
#include <array>

namespace racecourse::report {

int gravity(Kind kind) {
  constexpr std::array<Kind, kKindCount> kGravestFirst = {
      Kind::assertion,
      Kind::not_linearizable,
      Kind::forbidden_outcome,
      Kind::use_after_free,
      Kind::double_free,
      Kind::heap_overflow,
      Kind::exception,
      Kind::abort,
      Kind::signal,
      Kind::self_deadlock,
      Kind::deadlock,
      Kind::partial_deadlock,
      Kind::lost_wakeup,
      Kind::non_termination,
      Kind::livelock,
      Kind::hang,
      Kind::mutex_misuse,
      Kind::thread_misuse,
      Kind::sync_misuse,
      Kind::exit,
      Kind::step_limit,
      Kind::data_race,
      Kind::lock_order,
      Kind::thread_leak,
      Kind::leak,
      Kind::nondeterminism,
      Kind::uncontrolled_blocking,
  };
  return static_cast<int>(std::find(kGravestFirst.begin(), kGravestFirst.end(), kind) - kGravestFirst.begin());
}

std::size_t primary_finding(const Trace& trace, std::optional<Kind> lead) {
  for (std::size_t i = 0; lead && i < trace.findings.size(); ++i) {
    if (static_cast<Kind>(trace.findings[i].kind) == *lead) return i;
  }
  const auto graver = [](const RawFinding& a, const RawFinding& b) {
    return gravity(static_cast<Kind>(a.kind)) < gravity(static_cast<Kind>(b.kind));
  };
  return static_cast<std::size_t>(std::min_element(trace.findings.begin(), trace.findings.end(), graver) -
                                  trace.findings.begin());
}

std::vector<Kind> other_kinds(const Trace& trace, std::size_t primary) {
  std::vector<Kind> kinds;
  for (const RawFinding& finding : trace.findings) {
    const Kind kind = static_cast<Kind>(finding.kind);
    if (finding.kind == trace.findings[primary].kind) continue;
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
  }
  return kinds;
}

}  // namespace racecourse::report
