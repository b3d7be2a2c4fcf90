#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/forbidden.h>
#include <racecourse/checkers/runtime/outcome_table.h>
#include <racecourse/checkers/runtime/runtime.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace racecourse {
namespace {

using runtime::OutcomeCount;
using runtime::rt;

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
  runtime::entry_of(rt.shared->outcomes, rt.shared->outcome_count, kept).count++;
  const bool forbidden = is_forbidden_outcome(kept);
  rt.ignore--;
  runtime::event(runtime::Op::outcome, nullptr, RC_CALLER);
  if (forbidden) runtime::fail(Kind::forbidden_outcome, RC_CALLER, nullptr, "forbidden outcome: %s", kept);
}

}  // namespace racecourse
