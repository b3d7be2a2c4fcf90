// Properties with a fixed seed, for the catalogue and for tests that expect a property to be falsified.
//
// rc::check and RC_GTEST_PROP are the ordinary way to write a property; both work with the generators here. check()
// differs in that its seed is an argument, and that a falsified property is a value to look at.
#pragma once

#include <racecourse/checkers/explore.h>
#include <rapidcheck.h>

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

namespace racecourse::property {

struct Settings {
  std::uint64_t seed = 1;
  int tests = 100;
};

// The smallest counterexample that was found.
struct Falsified : std::runtime_error {
  explicit Falsified(const std::string& what) : std::runtime_error(what) {}

  Kind kind = Kind::assertion;
  std::string token;           // of its schedule; empty if no body was run under one
  std::string message;         // one sentence
  std::string counterexample;  // the values, one a line
  std::string test;            // the counterexample as a test to paste, if check_workloads() made it
  Finding finding;             // what the smallest counterexample showed
  std::uint64_t seed = 0;
  int tests = 0;    // until it failed first
  int shrinks = 0;  // steps from there to the smallest
};

struct Passed {
  int tests = 0;
};

// Checks anything that rc::check takes. Prints the seed on standard error. Throws Falsified, or std::runtime_error if
// the generators could not make enough values.
Passed check_property(const std::string& name, const Settings& settings, const rc::detail::Property& property);

template <class Testable>
Passed check(const std::string& name, const Settings& settings, Testable&& testable) {
  return check_property(name, settings, rc::detail::toProperty(std::forward<Testable>(testable)));
}

// Runs a property that returns normally when it holds and throws Falsified when not, and says so as a verdict.
// `executions` counts the schedules that were tried.
Verdict verdict_of(const std::function<void(std::uint64_t seed)>& property, std::uint64_t seed);

}  // namespace racecourse::property
