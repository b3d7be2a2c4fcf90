#include <cxxabi.h>
#include <racecourse/checkers/tsan/child.h>
#include <racecourse/checkers/tsan/delays.h>
#include <racecourse/checkers/tsan/interface.h>
#include <racecourse/checkers/tsan/positions.h>
#include <racecourse/checkers/tsan/uncaught.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>

namespace racecourse::tsan {
namespace {

constinit bool body_runs = false;

void run_body(const std::function<void()>& body, RunBlock& block) {
  try {
    body();
  } catch (const abi::__forced_unwind&) {
    throw;  // pthread_exit() in the body: not ours to stop
  } catch (...) {
    add_note(block, Kind::exception, nullptr, 0, "the body threw " + described_exception());
    stop_run(block);
  }
}

// The runtime of clang++ 14 cannot tell what a thread did between a fork and the first time that it publishes
// something, and drops reports for want of that: so it publishes at once, to nobody.
void begin_history() {
  static int nobody;
  __tsan_release(&nobody);
}

// Detached threads may still be at work when the body returns, and what they do then is part of the run. Looking for
// them is dear: the kernel keeps what it was asked of a process until that ends.
void wait_for_detached_threads() {
  if (all_joined()) return;
  constexpr int kTries = 10;
  for (int i = 0; i < kTries && other_threads() > 0; i++) {
    const timespec pause{0, 2'000'000};
    system_call()(SYS_nanosleep, &pause, nullptr);
  }
}

}  // namespace

bool in_body() { return body_runs; }

void live_as_run(const std::function<void()>& body, const RunConfig& config, RunBlock& block) {
  __sanitizer_set_report_fd(reinterpret_cast<void*>(static_cast<std::uintptr_t>(config.report_descriptor)));
  // Output of a run that is cut short is not lost with the buffer.
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  notice_termination();
  answer_position_requests(config.report_descriptor);
  begin_history();
  block.stage = Stage::running;
  body_runs = true;
  start_delays(config.seed, config.run);
  run_body(body, block);
  stop_delays();
  let_threads_begin();
  wait_for_detached_threads();
  block.stage = Stage::ended;
  // The runtime's own _exit: it reports threads that nobody joined. Destructors of the program's globals do not run,
  // for they belong to the program that called explore().
  _exit(0);
}

void stop_run(RunBlock& block) {
  block.stage = Stage::stopped;
  system_call()(SYS_exit_group, 0);
  __builtin_unreachable();
}

}  // namespace racecourse::tsan
