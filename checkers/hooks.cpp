#include <racecourse/checkers/hooks.h>

namespace racecourse {
namespace {

// Constant-initialised: a bridge registers itself from a constructor that may run before this file's would.
constinit Hooks registered;
constinit unsigned calls_in_test = 0;
constinit unsigned calls_outside = 0;

}  // namespace

void set_hooks(const Hooks& hooks) { registered = hooks; }
const Hooks& hooks() { return registered; }

std::string current_test() { return registered.current_test != nullptr ? registered.current_test() : std::string(); }

void test_begins() { calls_in_test = 0; }

unsigned next_call_number() { return current_test().empty() ? ++calls_outside : ++calls_in_test; }

}  // namespace racecourse
