// ThreadSanitizer's options for this link. TSAN_OPTIONS is laid over them, option by option. What is suppressed is said
// in suppression.h, for both links.
//
// The function is called while the runtime starts, before it is ready for any call of the C library.
#include <racecourse/checkers/tsan/address_space.h>

// One frame a line, in a form that report_text.cpp reads: number, function, file, line, module.
#define RACECOURSE_STACK_FRAME "stack_trace_format='    #%n|%f|%s|%l|%m' "

extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier): the runtime's names
const char* __tsan_default_options() {
  racecourse::tsan::settle_address_space();
  return RACECOURSE_STACK_FRAME
      // Each run is a process of its own, forked before anything was reported: that a report is printed only once in a
      // process loses nothing, and keeps a racing loop from printing thousands.
      "halt_on_error=0 exitcode=66 suppress_equal_stacks=1 suppress_equal_addresses=1 "
      "detect_deadlocks=1 second_deadlock_stack=1 report_thread_leaks=1 report_signal_unsafe=1 "
      "report_destroy_locked=1 report_mutex_bugs=1 history_size=4 "
      // Runs are forked from a process with one thread; should there be more, we say so (see canary.h).
      "die_after_fork=0 atexit_sleep_ms=0 print_summary=0 "
      // Crashes come with a stack; the process then ends with `exitcode`.
      "handle_segv=1 handle_sigbus=1 handle_sigill=1 handle_sigfpe=1 handle_abort=1 "
      // Where llvm-symbolizer is not installed.
      "allow_addr2line=1";
}
// NOLINTEND(bugprone-reserved-identifier)

}  // extern "C"
