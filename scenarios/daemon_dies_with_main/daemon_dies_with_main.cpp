// What ends a program: the last line of main, the last thread, or the last thread that is no daemon? Whatever it is,
// threads that nobody waited for are cut off where they are.
//
// explore runs each program as a body and looks at the file in its last line, after which nothing of it runs any more;
// in the tsan link the program is a process of its own, and its parent looks at the file when it has ended.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/process/child.h>
#include <racecourse/primitives/process/shared_memory.h>
#include <racecourse/scenarios/scenario.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <stop_token>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;

// What is in a file when the program has ended stays there. Its numbers are atomic: this is about lines, not memory.
struct Lines {
  std::atomic<int> begun{0}, finished{0};
  void write_line() {
    ++begun;
    std::this_thread::sleep_for(1ms);  // in the middle of the line
    ++finished;
  }
};
struct Files {
  Lines letter;   // of the worker, which the program is for
  Lines counter;  // of the daemon, which counts as long as the program runs
};

void count_for_ever(Files& files) {
  while (true) files.counter.write_line();
}

void count_until(std::stop_token stop, Files& files) {
  while (!stop.stop_requested()) files.counter.write_line();
}

void write_letter(Files& files) { files.letter.write_line(); }

// What main does itself: it sees to it that the letter is begun.
void wait_until_begun(const Lines& lines) {
  while (lines.begun == 0) std::this_thread::sleep_for(1ms);
}

void main_returns(Files& files) {
  std::thread([&] { count_for_ever(files); }).detach();
  std::thread([&] { write_letter(files); }).detach();  // BUG: nobody waits
  wait_until_begun(files.letter);
}

void waits_for_the_worker(Files& files) {
  std::thread([&] { count_for_ever(files); }).detach();
  std::thread worker([&] { write_letter(files); });
  wait_until_begun(files.letter);
  worker.join();
}

void stops_the_daemon_too(Files& files) {
  std::jthread daemon([&](std::stop_token stop) { count_until(stop, files); });
  std::thread worker([&] { write_letter(files); });
  wait_until_begun(files.letter);
  worker.join();
}  // the destructor of the jthread tells the daemon to stop, and joins it

void sleeps_at_the_end(Files& files) {
  main_returns(files);
  std::this_thread::sleep_for(5ms);  // "they will be done by then"
}

void ends_only_its_thread(Files& files) {
  main_returns(files);
  syscall(SYS_exit, 0);  // what pthread_exit() in main comes to: the program ends when its last thread does
}

void check(const Files& files) {
  assert(files.letter.finished == 1);
  assert(files.counter.begun == files.counter.finished);
}

// The program is a body of the search, and the files are looked at in its last line: after it nothing of it runs.
Files files;
template <void program(Files&)>
void explored() {
  program(files);
  check(files);
}

// The program is a process, and the files are looked at when it has ended.
template <void program(Files&)>
void real() {
  const process::SharedMemory<Files> disk(0);
  process::Child run([&] { program(*disk); }, 3s);
  const process::Ending ending = run.join();
  assert(ending == process::Ending::well);  // and not too late
  check(*disk);
}

template <void program(Files&)>
Entry in_both(Entry entry) {
  entry.body = explored<program>;
  entry.real_body = real<program>;
  entry.options.max_steps = 2'000;  // each line of the daemon is a sleep; a few hundred of them are a fair trial
  return entry;
}

const std::map<Checker, Expectation> cuts_off{{Checker::explore, finds(Kind::assertion)},
                                              {Checker::tsan, finds(Kind::assertion)}};

const ScenarioRegistration registration{{
    .name = "daemon_dies_with_main",
    .title = "What ends the program, and whom it cuts off",
    .family = "notes",
    .difficulty = 3,
    .from = "note 004, section 2.2, both runs; note 000, section 2",
    .story = "A worker writes a letter; a daemon counts until the program ends. Main starts both, sees that "
             "the letter is begun, and returns. The letter is cut off in the middle.",
    .python = "Python waits at its end for all threads that are no daemons: the letter would be whole. Only then does "
              "the daemon die, not when main's last line is done and not when the worker ends: the note shows both "
              "orders. And it dies wherever it happens to be. C++ has no such flag: when main returns, all threads "
              "die.",
    .hints = {"What happens to a thread that still runs when main returns?",
              "detach() says that nobody will wait for the thread. Who should have waited for the letter?",
              "And the daemon: is it between two lines when the program ends, or in one?"},
    .explanation =
        "A return from main is a call of exit(), and the process ends with all of its threads, wherever each of them "
        "is. No destructor of theirs runs, no line is finished. That a thread was not meant to be a daemon makes no "
        "difference, as C++ does not know that word. A program that waits for its worker keeps the letter, as Python "
        "does; the daemon it still cuts off in the middle of a line.",
    .rule = "Before main returns, wait for each thread that must not be cut off; who has no end of its own is told "
            "first.",
    .fix = "Main joins the worker, which ends by itself. It tells the daemon to stop, and joins it as well: the daemon "
           "looks only between two lines, so its last one is whole. std::jthread does both in its destructor.",
    .reading = {"C++ Core Guidelines, CP.25: prefer a joining thread; CP.26: do not detach() a thread",
                "exit(3); pthread_exit(3), on the main thread",
                "Python documentation, threading: Thread objects, daemon threads"},
    .variants =
        {
            in_both<main_returns>(
                broken("main_returns", "Main starts its threads, sees the letter begun, and returns.", {}, cuts_off)),
            in_both<stops_the_daemon_too>(
                right("stops_the_daemon_too", "Waits for the worker, tells the daemon to stop, waits for it.", {})),
            in_both<waits_for_the_worker>(wrong_fix("waits_for_the_worker",
                                                    "Waits for the worker only, as Python does by itself.",
                                                    "The daemon is cut off in the middle of a line.", {}, cuts_off)),
            in_both<sleeps_at_the_end>(wrong_fix("sleeps_at_the_end", "Main sleeps a little before it returns.",
                                                 "The letter is whole if it was quick; the daemon is in a line still.",
                                                 {}, cuts_off)),
            only_real("it ends the first thread of a process, and the search has its own in there",
                      wrong_fix("ends_only_its_thread", "Main ends its thread, and leaves the program to the others.",
                                "A program that ends with its last thread never ends: the daemon waits for its end.",
                                real<ends_only_its_thread>, {{Checker::tsan, finds(Kind::assertion)}})),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
