// What the tests of the judges of memory share.
#pragma once

#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>

#include <functional>
#include <string>
#include <vector>

namespace racecourse::memory_tests {

// Keeps the compiler from knowing what memory is, and so from removing accesses, allocations and frees.
template <class T>
T* opaque(T* pointer) {
  asm volatile("" : "+r"(pointer) : : "memory");
  return pointer;
}

inline Options few() {
  Options options;
  options.executions = 300;
  return options;
}

inline void expect_right(const std::function<void()>& body) {
  const Verdict verdict = search(body, few());
  EXPECT_FALSE(verdict.finding.has_value()) << verdict.finding->report;
}

// What the search says of a body that must be caught, or an empty finding.
inline Finding caught(const std::function<void()>& body, Kind kind, const std::vector<Kind>& allowed = {}) {
  const Verdict verdict = search_for(body, kind, allowed, few());
  EXPECT_EQ(verdict.state, State::failed) << verdict.text;
  if (!verdict.finding) return {};
  EXPECT_EQ(to_string(verdict.finding->kind), std::string(to_string(kind))) << verdict.finding->report;
  return *verdict.finding;
}

// The parts, in this order, in the report.
inline ::testing::AssertionResult tells(const Finding& finding, const std::vector<std::string>& parts) {
  std::size_t at = 0;
  for (const std::string& part : parts) {
    at = finding.report.find(part, at);
    if (at == std::string::npos) return ::testing::AssertionFailure() << "no \"" << part << "\" in\n" << finding.report;
    at += part.size();
  }
  return ::testing::AssertionSuccess();
}

}  // namespace racecourse::memory_tests
