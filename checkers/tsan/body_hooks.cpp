// What a running body reports by itself: failed assertions and outcomes.
#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/forbidden.h>
#include <racecourse/checkers/hooks.h>
#include <racecourse/checkers/tsan/child.h>
#include <racecourse/checkers/tsan/interface.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace racecourse {
namespace {

// The framework keeps one failure at a time for us, and threads of the body can fail together. Not a mutex: see
// BlockLock.
constinit std::atomic_flag in_framework;

}  // namespace

bool in_controlled_body() { return tsan::in_body(); }

void framework_enters() {
  while (in_framework.test_and_set(std::memory_order_acquire)) {  // acquire: pairs with framework_leaves()
    tsan::system_call()(SYS_sched_yield);
  }
}

void framework_leaves() { in_framework.clear(std::memory_order_release); }

void assertion_failed(const char* file, int line, const char* message) {
  tsan::RunBlock& block = tsan::run_block();
  tsan::add_note(block, Kind::assertion, file, line, message);
  tsan::stop_run(block);
}

void outcome(std::string_view text) {
  if (!tsan::in_body()) return;
  tsan::RunBlock& block = tsan::run_block();
  tsan::count_outcome(block, text);
  if (!is_forbidden_outcome(text)) return;
  tsan::add_note(block, Kind::forbidden_outcome, nullptr, 0, "forbidden outcome: " + std::string(text));
  tsan::stop_run(block);
}

const char* linked_checker() { return "tsan"; }

}  // namespace racecourse

// assert(). In the program that called explore() it must end the process as ever.
extern "C" [[noreturn]] void __assert_fail(const char* expression, const char* file, unsigned line,
                                           const char* function) noexcept {
  const std::string message = std::string("assert(") + expression + ") in " + function;
  if (racecourse::tsan::in_body()) {
    racecourse::assertion_failed(file, static_cast<int>(line), message.c_str());
    __builtin_unreachable();
  }
  std::fprintf(stderr, "%s:%u: %s failed.\n", file, line, message.c_str());
  std::abort();
}
