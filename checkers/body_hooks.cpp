// What the explore link does for a test framework whose assertions run inside a body.
#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/hooks.h>
#include <racecourse/checkers/runtime/runtime.h>

namespace racecourse {

using runtime::rt;

bool in_controlled_body() { return runtime::controlled(); }

void framework_enters() { rt.ignore++; }

void framework_leaves() { rt.ignore--; }

void assertion_failed(const char* file, int line, const char* message) {
  runtime::fail_at(Kind::assertion, file != nullptr ? file : "", line, message);
}

const char* linked_checker() { return "explore"; }

}  // namespace racecourse
