#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/forbidden.h>
#include <racecourse/checkers/runtime/runtime.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace racecourse {
namespace {

using runtime::kMaxOutcomes;
using runtime::OutcomeCount;
using runtime::rt;

// The entry of this text, made if need be. When the table is full the rest is counted together.
OutcomeCount& entry_of(const char (&text)[sizeof OutcomeCount::text]) {
  runtime::SharedBlock& shared = *rt.shared;
  for (std::uint32_t i = 0; i < shared.outcome_count; i++) {
    if (std::strcmp(shared.outcomes[i].text, text) == 0) return shared.outcomes[i];
  }
  if (shared.outcome_count == kMaxOutcomes) return shared.outcomes[kMaxOutcomes - 1];
  OutcomeCount& fresh = shared.outcomes[shared.outcome_count++];
  const bool last = shared.outcome_count == kMaxOutcomes;
  std::strcpy(fresh.text, last ? "(other outcomes)" : text);
  fresh.count = 0;
  return fresh;
}

}  // namespace

void outcome(std::string_view text) {
  if (!rt.executing) {
    if (is_forbidden_outcome(text)) std::abort();  // a plain run, see scenarios/plain.h
    return;
  }
  char kept[sizeof OutcomeCount::text] = {};
  // Our own copying is no access of the body.
  rt.ignore++;
  std::memcpy(kept, text.data(), std::min(text.size(), sizeof kept - 1));
  OutcomeCount& entry = entry_of(kept);
  entry.count++;
  const bool forbidden = is_forbidden_outcome(kept);
  rt.ignore--;
  runtime::event(runtime::Op::outcome, nullptr, RC_CALLER);
  if (forbidden) runtime::fail(Kind::forbidden_outcome, RC_CALLER, nullptr, "forbidden outcome: %s", kept);
}

}  // namespace racecourse
