// A signal handler that takes a lock: the code that it interrupts may be holding it.
//
// No second thread is needed. A handler runs on the thread that it interrupts, which goes on only when the handler has
// returned. Here raise() makes the signal come in the middle, where a real one comes only now and then.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>
#include <signal.h>

#include <atomic>
#include <cassert>
#include <mutex>

namespace racecourse::catalogue {
namespace {

// A handler has no argument for it, so the journal is global: with two numbers that must be equal between two lines.
template <class Mutex>
struct Journal {
  Mutex mutex;
  int lines = 0, line_ends = 0;  // guarded by mutex

  void clear() { lines = line_ends = 0; }
};

Journal<std::mutex> journal;
Journal<std::recursive_mutex> recursive_journal;

volatile sig_atomic_t asked_to_report;  // the one kind of plain variable that a handler may write
std::atomic<int> reported;
std::atomic<bool> saw_half_a_line;

void start_again() {
  asked_to_report = 0;
  reported = 0;
  saw_half_a_line = false;
}

template <auto& journal>
void report() {
  const std::lock_guard lock(journal.mutex);
  if (journal.lines != journal.line_ends) saw_half_a_line = true;
  ++reported;
}

extern "C" {
void handler_that_locks(int) { report<journal>(); }  // BUG: its own thread may hold it
void handler_that_locks_again(int) { report<recursive_journal>(); }
void handler_that_tries(int) {
  if (const std::unique_lock lock(journal.mutex, std::try_to_lock); lock) ++reported;
}
void handler_that_notes(int) { asked_to_report = 1; }
}

void on_signal(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  sigaction(SIGUSR1, &action, nullptr);
}

// A line is written, and the signal comes in the middle of it.
template <auto& journal>
void write_line() {
  const std::lock_guard lock(journal.mutex);
  ++journal.lines;
  raise(SIGUSR1);
  ++journal.line_ends;
}

template <auto& journal, void handler(int)>
void signal_in_the_middle_of_a_line() {
  journal.clear();
  start_again();
  on_signal(handler);
  write_line<journal>();
  assert(reported == 1 && !saw_half_a_line);
}

void handler_leaves_a_note() {
  journal.clear();
  start_again();
  on_signal(handler_that_notes);
  write_line<journal>();
  if (asked_to_report) report<journal>();  // where the program holds nothing
  assert(reported == 1 && !saw_half_a_line);
}

void signal_waits_for_the_line() {
  journal.clear();
  start_again();
  on_signal(handler_that_locks);
  sigset_t one, before;
  sigemptyset(&one);
  sigaddset(&one, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &one, &before);
  write_line<journal>();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);  // the handler runs here
  assert(reported == 1 && !saw_half_a_line);
}

Options hangs_on_real_threads() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

const ScenarioRegistration registration{{
    .name = "handler_takes_a_lock",
    .title = "A signal handler that takes a lock",
    .family = "classic",
    .difficulty = 2,
    .from = "the list of async-signal-safe functions in POSIX, on which no lock, no malloc and no printf stands",
    .story = "A program writes a journal under a mutex. On SIGUSR1 it is to report how many lines there are: the "
             "handler takes the mutex, as everybody who reads the journal must, and counts. One day the program stands "
             "still, with one thread.",
    .python = "Python runs handlers between two steps of the main thread, not in the middle of a C function; but one "
              "that takes a Lock which the main thread holds waits for ever just the same.",
    .hints = {"On which thread does a handler run, and what does that thread do meanwhile?",
              "Suppose the signal comes while the thread is writing a line. What is it holding?",
              "The handler waits for the mutex, and the thread that holds it waits for the handler to return. They "
              "are the same thread."},
    .explanation =
        "The signal arrives between lock and unlock. The handler runs on the same thread, on top of what it "
        "interrupted, and locks the same mutex. The mutex is free when the interrupted code goes on; that goes on when "
        "the handler returns; the handler returns when it has the mutex. malloc and printf have such a lock inside, so "
        "a handler that calls them is the same bug.",
    .rule = "A signal handler sets a flag or writes to a pipe; everything else is done outside of it.",
    .fix =
        "The handler only sets a flag of type volatile sig_atomic_t (or a lock-free atomic), and the program does the "
        "work at a place where it holds nothing. Or the signal is blocked while the lock is held, and comes "
        "afterwards.",
    .reading = {"signal-safety(7)", "Kerrisk, The Linux Programming Interface, 2010, chapter 21",
                "SEI CERT C, SIG30-C: call only asynchronous-safe functions within signal handlers"},
    .variants =
        {
            with(hangs_on_real_threads(),
                 broken("locks", "The handler takes the lock that the interrupted code holds.",
                        signal_in_the_middle_of_a_line<journal, handler_that_locks>,
                        {{Checker::explore, finds(Kind::self_deadlock)}, {Checker::tsan, finds(Kind::hang)}})),
            right("leaves_a_note", "The handler sets a flag; the program looks at it where it holds nothing.",
                  handler_leaves_a_note),
            right("blocks_the_signal", "The signal is blocked while the lock is held.", signal_waits_for_the_line),
            wrong_fix("recursive_mutex", "The mutex is recursive, so that the handler gets it.",
                      "The handler gets it in the middle of a line, and sees a journal that is not whole.",
                      signal_in_the_middle_of_a_line<recursive_journal, handler_that_locks_again>,
                      {{Checker::explore, finds(Kind::assertion)}, {Checker::tsan, finds(Kind::assertion)}}),
            wrong_fix("tries_to_lock", "The handler only tries, and gives up if the lock is taken.",
                      "Nothing hangs, and the report is never made: the signal is lost.",
                      signal_in_the_middle_of_a_line<journal, handler_that_tries>,
                      {{Checker::explore, finds(Kind::assertion)}, {Checker::tsan, finds(Kind::assertion)}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
