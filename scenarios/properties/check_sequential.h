// One thread against a model: random sequences of operations, each of which must do what a simple value says. What
// fails here has nothing to do with schedules, so it is tried first.
#pragma once

#include <racecourse/checkers/property/check.h>
#include <rapidcheck.h>
#include <rapidcheck/state.h>

#include <cstdint>
#include <string>

namespace racecourse::catalogue {

constexpr int kSequences = 200;

// Each of `Commands` is an rc::state::Command<Model, Primitive>: checkPreconditions() says where it may stand, apply()
// changes the model, run() does it to the primitive and compares with RC_ASSERT, show() prints it as C++.
template <class Model, class Primitive, class... Commands>
void check_sequential(const std::string& name, std::uint64_t seed) {
  property::check(name + ", one thread", {.seed = seed, .tests = kSequences}, std::function<void()>([] {
                    Primitive primitive;
                    rc::state::check(Model(), primitive, rc::state::gen::execOneOfWithArgs<Commands...>());
                  }));
}

}  // namespace racecourse::catalogue
