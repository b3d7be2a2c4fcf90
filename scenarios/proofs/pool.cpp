// The pool, proved (F1, F2, F3 and F6).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/pool/fixed.h>
#include <racecourse/primitives/pool/helping.h>
#include <racecourse/scenarios/catalogue.h>

#include <cassert>
#include <stdexcept>

namespace racecourse::catalogue {
namespace {

// A value and an exception; the pool is shut down before either is asked for.
void submits_twice_and_shuts_down() {
  pool::Fixed pool(2);
  auto value = pool.submit([] { return 42; });
  auto failing = pool.submit([]() -> int { throw std::runtime_error("no such page"); });
  pool.shutdown();
  assert(value.result() == 42);
  assert(failing.exception());
}

void waits_inside_a_task() {
  pool::Fixed pool(2);
  auto outer = pool.submit([&] { return 2 * pool::helping_wait(pool, pool.submit([] { return 21; })); });
  assert(outer.result() == 42);
}

const ProofRegistration proofs[] = {
    {"pool", "fixed", proves("one thread submits two tasks and shuts down; two workers"), submits_twice_and_shuts_down},
    {"pool", "helping", proves("a task submits one and waits for it; two workers"), waits_inside_a_task},
};

}  // namespace
}  // namespace racecourse::catalogue
