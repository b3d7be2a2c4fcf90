// How a test framework is told of verdicts, so that the library does not need one.
#pragma once

#include <string>
#include <vector>

namespace racecourse {

struct Hooks {
  // "Suite.Test" as the framework's filter understands it; empty outside a test.
  std::string (*current_test)() = nullptr;
  // Fails the running test. `file` may be null.
  void (*fail)(const char* file, int line, const std::string& report) = nullptr;
  // The argument that makes the program run just this test, as a person would type it.
  std::string (*filter_argument)(const std::string& test) = nullptr;
  // Called in a forked child that is about to exec this program again: whatever else must be added to the arguments,
  // or changed in the environment, so that the test runs once and leaves no files.
  void (*prepare_rerun)(std::vector<std::string>& arguments) = nullptr;
};

// Without a framework nothing is registered: reports go to standard error.
void set_hooks(const Hooks& hooks);
const Hooks& hooks();

// The running test, or empty.
std::string current_test();
// Told by the framework's bridge when a test begins: calls of explore() are counted within a test.
void test_begins();
// Number of this call of explore() in the running test (or, outside tests, in the process), from 1.
unsigned next_call_number();

// A failed assertion inside a body. Each is defined by a link that runs bodies in a way of its own, and null in others:
// then the framework's usual handling is right.
//
// True on a thread of a body that is under control.
[[gnu::weak]] bool in_controlled_body();
// Around the framework's own code: it adds no scheduling points, no events and no accesses.
[[gnu::weak]] void framework_enters();
[[gnu::weak]] void framework_leaves();
// Records the finding. Does not return: the execution ends here. `file` may be null.
[[gnu::weak]] void assertion_failed(const char* file, int line, const char* message);

}  // namespace racecourse
