// A whole program under control: the linker sends the program's start here (--wrap=main), and its own main() is the
// body that is explored. See racecourse-c++.in for how a program is built so.
//
// Each execution begins with the globals, heap, arguments, environment and standard input that main() was called with,
// and with what else belongs to the process (runtime/process_state.h). At its end the destructors of function-local
// statics and what atexit() was given run as a part of it, and what streams hold is written; destructors of global
// objects, which were built before main(), do not run. Files that the program writes are written by every execution.
// Its output is shown for the execution that failed, and for no other. A program that returns something other than 0
// from main(), or leaves with exit(), has failed.
//
// Exit codes: 0 nothing found, 1 a finding, 2 the program cannot be explored so (an option that is none, a corrupt
// token).
#include <getopt.h>
#include <grp.h>
#include <pwd.h>
#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/hooks.h>
#include <racecourse/checkers/program/standard_input.h>
#include <racecourse/checkers/program/whole.h>
#include <racecourse/checkers/runtime/process_state.h>
#include <search.h>
#include <syslog.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <functional>

extern "C" int __real_main(int count, char** arguments, char** environment);

namespace racecourse::program {
namespace {

constexpr int kFound = 1;
constexpr int kRefused = 2;

// What the C library keeps of earlier executions: its variables are not set back with the program's.
void restore_c_library(char** environment) {
  environ = environment;
  optind = 0;  // getopt() begins anew
  if (runtime::time_zone_was_read()) tzset();
  endpwent();  // the lists of users and groups do not go on where they were
  endgrent();
  hdestroy();
  closelog();
  rewind_standard_input();
}

void tell_of_early_threads() {
  if (early_threads == 0) return;
  std::fprintf(
      stderr,
      "racecourse: the program started %d thread%s before main(), which the search does not control: what they "
      "do is not seen, and who waits for them waits for ever. Start them in main().\n",
      early_threads, early_threads == 1 ? "" : "s");
}

int judge(const std::function<void()>& body) {
  const Verdict verdict = search(body);
  if (verdict.finding) std::fprintf(stderr, "%s\n", verdict.finding->report.c_str());
  std::fprintf(stderr, "racecourse: %s\n", verdict.text.c_str());
  return verdict.state == State::failed || verdict.state == State::unreliable ? kFound : 0;
}

}  // namespace

bool is_whole() { return true; }

}  // namespace racecourse::program

// NOLINTNEXTLINE(bugprone-reserved-identifier): the name that --wrap gives
extern "C" int __wrap_main(int count, char** arguments, char** environment) {
  using namespace racecourse;
  try {
    program::tell_of_early_threads();
    program::keep_standard_input();
    tzset();
    return program::judge([=] {
      framework_enters();
      program::restore_c_library(environment);
      framework_leaves();
      const int status = __real_main(count, arguments, environment);
      if (status != 0) std::exit(status);
    });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return program::kRefused;
  }
}
