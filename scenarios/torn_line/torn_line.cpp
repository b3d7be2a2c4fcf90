// Two workers print a line each, the text first and then its end. On the screen the lines are torn.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;

// As stdout: each call is whole, whoever else writes. Its lock is recursive, so that a thread may keep it for several
// calls (flockfile() does that for stdout).
struct Screen {
  std::recursive_mutex mutex;
  char text[5] = "";  // guarded by mutex
  int length = 0;     // guarded by mutex

  void write(std::string_view piece) {
    const std::lock_guard lock(mutex);
    for (const char letter : piece) text[length++] = letter;
  }
};

constexpr char kEnd[] = "/";  // stands for the end of a line

template <void print(Screen&, std::string_view)>
void two_workers() {
  Screen screen;
  std::thread first([&] { print(screen, "a"); }), second([&] { print(screen, "b"); });
  first.join();
  second.join();
  outcome(screen.text);
}

void text_then_end(Screen& screen, std::string_view line) {
  screen.write(line);
  screen.write(kEnd);  // BUG: a second call
}

void in_one_call(Screen& screen, std::string_view line) {
  std::string whole(line);
  whole += kEnd;
  screen.write(whole);
}

void under_the_screens_lock(Screen& screen, std::string_view line) {
  const std::lock_guard lock(screen.mutex);
  screen.write(line);
  screen.write(kEnd);
}

void under_a_lock_of_its_own(Screen& screen, std::string_view line) {
  std::mutex mutex;  // each worker has one
  const std::lock_guard lock(mutex);
  screen.write(line);
  screen.write(kEnd);
}

void one_a_little_later(Screen& screen, std::string_view line) {
  if (line == "b") std::this_thread::sleep_for(1ms);
  screen.write(line);
  screen.write(kEnd);
}

const Expectation luck = may_find(Kind::forbidden_outcome, "the window is a few instructions");

const ScenarioRegistration registration{{
    .name = "torn_line",
    .title = "Two lines on one line",
    .family = "notes",
    .difficulty = 1,
    .from = "note 002, the section on queues, whose output shows it",
    .story = "Two workers print what they do, a line each. The screen takes one call at a time, so that no letter is "
             "lost. Yet sometimes both texts stand on one line, and an empty one follows. (An end of line is shown as "
             "/ here.)",
    .python = "Python's print() writes the text and its end in two calls, so one print() is enough for a torn line; "
              "print(text + '\\n', end='') is one call. In C++ std::cout << text << '\\n' is two as well, and "
              "printf(\"%s\\n\", text) is one.",
    .outcomes = {{"a/b/", Outcome::Is::acceptable, "Two whole lines."},
                 {"b/a/", Outcome::Is::acceptable, "Two whole lines; nobody said which comes first."},
                 {"ab//", Outcome::Is::forbidden, "The second text came before the end of the first line."},
                 {"ba//", Outcome::Is::forbidden, "The same, the other way round."}},
    .hints = {"How many calls does it take to print one line?",
              "Each call is whole. What may happen between two of them?", "Text, text, end, end: who wrote which?"},
    .explanation =
        "The screen's lock makes each call whole, but a line is two calls. Between them the lock is free, and the "
        "other worker's text comes in. There is no data race anywhere: every access is under the lock. What should be "
        "whole is larger than what the lock holds together.",
    .rule = "Calls that are whole one by one are not whole together.",
    .fix = "The line is put together first and written in one call. Or the worker holds the screen's own lock around "
           "both calls, as flockfile() does for stdout, and std::osyncstream for a stream.",
    .reading = {"flockfile(3); cppreference, std::basic_osyncstream",
                "Goetz et al., Java Concurrency in Practice, section 4.4.1: Client-side locking"},
    .variants =
        {
            broken("text_then_end", "The text is one call, its end another.", two_workers<text_then_end>,
                   {{Checker::explore, finds(Kind::forbidden_outcome)}, {Checker::tsan, luck}}),
            right("in_one_call", "The line is put together first, and written in one call.", two_workers<in_one_call>),
            right("under_the_screens_lock", "The lock that each call takes is held around both.",
                  two_workers<under_the_screens_lock>),
            wrong_fix("lock_of_its_own", "Each worker prints its line under a lock, which it has for itself.",
                      "The lock keeps out nobody: the other worker has another.", two_workers<under_a_lock_of_its_own>,
                      {{Checker::explore, finds(Kind::forbidden_outcome)}, {Checker::tsan, luck}}),
            wrong_fix("one_a_little_later", "One worker sleeps first, so that they do not print at the same time.",
                      "Nobody promises that the other one is done by then.", two_workers<one_a_little_later>,
                      {{Checker::explore, finds(Kind::forbidden_outcome)},
                       {Checker::tsan,
                        may_find(Kind::forbidden_outcome, "the other worker must be held up for a millisecond")}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
