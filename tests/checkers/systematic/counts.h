#pragma once

#include <gtest/gtest.h>
#include <racecourse/checkers/control/grouped.h>
#include <racecourse/checkers/explore.h>

#include <cstdint>
#include <ostream>
#include <string>

#include "together.h"

namespace racecourse {

inline void PrintTo(State state, std::ostream* out) { *out << to_string(state); }

inline Options exhaustive(int preemptions = -1) {
  Options options;
  options.strategy = "exhaustive";
  options.executions = 1'000'000;
  options.preemptions = preemptions;
  return options;
}

// It is proved, and of so many different executions.
inline Verdict expect_different(const Body& body, std::uint64_t count, const Options& options = exhaustive()) {
  Verdict verdict = search(body, options);
  EXPECT_EQ(verdict.state, State::proved) << verdict.text;
  const std::string wanted = "all " + control::grouped(count) + (count == 1 ? " execution " : " executions ");
  EXPECT_NE(verdict.text.find(wanted), std::string::npos) << verdict.text << ", and not " << count;
  return verdict;
}

}  // namespace racecourse
