#include <racecourse/checkers/tsan/canary.h>
#include <racecourse/checkers/tsan/interface.h>
#include <racecourse/checkers/tsan/runner.h>

#include <algorithm>
#include <functional>
#include <thread>

namespace racecourse::tsan {
namespace {

constexpr double kDeadline = 20;  // seconds; the report may be the first to load the debug information

// This file is not instrumented: the runtime is told of two writes as instrumented code would tell it.
void race() {
  alignas(8) static int word;
  std::thread other([] { __tsan_write4(&word); });
  __tsan_write4(&word);
  other.join();
}

std::string try_race() {
  const std::function<void()> body = race;
  Runner runner(body, 1);
  constexpr int kTries = 3;
  for (int i = 1; i <= kTries; i++) {
    const RunResult result = runner.run(static_cast<std::uint64_t>(i), kDeadline);
    if (!result.problem.empty()) return result.problem;
    const auto is_race = [](const Seen& seen) { return seen.kind == Kind::data_race; };
    if (std::any_of(result.seen.begin(), result.seen.end(), is_race)) return "";
  }
  return "ThreadSanitizer did not report a data race that was made to test it; is it switched off in TSAN_OPTIONS?";
}

}  // namespace

const std::string& reason_for_silence() {
  static const std::string reason = try_race();
  return reason;
}

}  // namespace racecourse::tsan
