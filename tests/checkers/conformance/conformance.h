// What every conformance test says: a facility works under control, and its broken twin is caught.
//
// A facility is one TEST case with two tests:
//   TEST(Latch, Works)          { works([] { ...correct use, checked with EXPECT... }); }
//   TEST(Latch, BrokenIsCaught) { is_caught([] { ...a real misuse... }, Kind::deadlock); }
//
// The explore link is the point of these tests. In the tsan link the correct uses must stay silent; of the broken
// ones only data races are required there, because ThreadSanitizer reports a race in whatever order the threads ran,
// while a deadlock or a lost update needs the unlucky order to happen.
#pragma once

#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>

#include <functional>
#include <string_view>
#include <vector>

namespace racecourse::conformance {

inline bool explores() { return std::string_view(linked_checker()) == "explore"; }

inline void works(const std::function<void()>& body, Options options = {}) {
  options.executions = 2'000;
  options.repetitions = 5;
  explore(body, options);
}

// Each twin is caught within the default budget; most of them within the first ten executions.
inline void is_caught(const std::function<void()>& body, Kind kind, const std::vector<Kind>& allowed = {},
                      Options options = {}) {
  if (!explores() && kind != Kind::data_race) GTEST_SKIP() << "ThreadSanitizer sees this one by luck only";
  expect_finding(body, kind, allowed, options);
}

// For what ThreadSanitizer cannot follow on real threads; the test says why.
#define RACECOURSE_EXPLORE_ONLY(reason) \
  if (!::racecourse::conformance::explores()) GTEST_SKIP() << (reason)

}  // namespace racecourse::conformance
