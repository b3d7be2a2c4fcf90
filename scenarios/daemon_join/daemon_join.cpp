// Joining a daemon thread: main waits for the daemon, and the daemon waits for main.
//
// C++ has no daemon flag. What comes nearest is a detached thread: it too lives until the process ends, but nobody can
// join it, so this mistake cannot be made with it. It is made with a joinable thread that has no way to be told to
// stop.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <string_view>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;

std::atomic<int> shown{0};  // stands for the screen

void show_counter_for_ever() {
  for (;;) {
    ++shown;
    std::this_thread::sleep_for(1ms);
  }
}

void show_counter_until(const std::atomic<bool>& stop) {
  while (!stop.load(std::memory_order_acquire)) {  // acquire: pairs with the release of whoever asks it to stop
    ++shown;
    std::this_thread::sleep_for(1ms);
  }
}

void read_input_until_q() {
  for (const char key : std::string_view("abq")) {
    std::this_thread::sleep_for(1ms);
    if (key == 'q') return;
  }
}

void join_daemon_forever() {
  std::thread writer(read_input_until_q);
  std::thread daemon(show_counter_for_ever);
  daemon.join();  // BUG: never ends
  writer.join();
}

void joins_writer_only() {
  std::thread writer(read_input_until_q);
  std::thread(show_counter_for_ever).detach();  // ends with the program, and touches nothing that dies before
  writer.join();
}

void stopped_then_joined() {
  std::atomic<bool> stop{false};
  std::thread writer(read_input_until_q);
  std::thread daemon([&] { show_counter_until(stop); });
  writer.join();
  stop.store(true, std::memory_order_release);  // release: pairs with the acquire of show_counter_until()
  daemon.join();
}

void sleep_then_join() {
  std::thread writer(read_input_until_q);
  std::thread daemon(show_counter_for_ever);
  std::this_thread::sleep_for(10ms);  // "it will be done by then"
  daemon.join();
  writer.join();
}

void join_with_timeout() {
  std::atomic<bool> ended{false}, torn{false};
  std::thread daemon([&] {
    for (int i = 0; i < 3; ++i) {
      torn = true;  // a write in two steps
      std::this_thread::sleep_for(1ms);
      torn = false;
    }
    ended = true;
  });
  const auto deadline = std::chrono::steady_clock::now() + 2ms;
  while (!ended && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(1ms);
  const bool cut_off = torn;  // main goes on here, and the program's end would cut the daemon off
  daemon.join();              // only so that this program can go on to the assertion
  assert(!cut_off);
}

// Every run of a broken one on real threads costs the whole deadline; and in a search each step of the counter is a
// sleep: a few hundred of them are a fair trial of whether it ever ends.
Options short_trials() {
  Options options;
  options.deadline_seconds = 1;
  options.max_steps = 2'000;
  return options;
}

const std::map<Checker, Expectation> never_returns{{Checker::explore, finds(Kind::non_termination)},
                                                   {Checker::tsan, finds(Kind::hang)}};

const ScenarioRegistration registration{{
    .name = "daemon_join",
    .title = "Joining a daemon that never ends",
    .family = "notes",
    .difficulty = 1,
    .from = "note 004, section 2.3; section 2.2 shows when a daemon dies",
    .story = "One thread shows a counter, over and over; another reads what the user types and ends at `q`. The first "
             "is a daemon: it is to end when the program does. Before it leaves, main joins both. The program hangs.",
    .python = "Python behaves the same: join() on a daemon waits like any other join(). The daemon flag only says that "
              "the interpreter does not wait for the thread at its end, and main never gets there.",
    .hints = {"Which of the two threads can end by itself?",
              "The daemon is told to end by the end of the program, and by nothing else. What has to happen first?",
              "Main reaches its end only after join() has returned. Who waits for whom?"},
    .explanation =
        "Main waits in join() for the daemon to end; the daemon ends when main does. Neither ever happens. It "
        "is no deadlock: the daemon keeps running, so a checker that looks for threads that all wait sees "
        "nothing. One that lets the program go on fairly sees that main waits for a thread that does not end.",
    .rule = "Join only what ends by itself, or what you have told to end.",
    .fix =
        "Either main joins only the reader, and lets the daemon die with the program; then the daemon must touch "
        "nothing that dies earlier. Or main asks the daemon to stop, through a flag that its loop looks at, and joins "
        "it then. Either way everyone who is joined has a reason to end.",
    .reading = {"Python documentation, threading: Thread objects, daemon threads",
                "C++ Core Guidelines, CP.25 and CP.26: prefer a joining thread, do not detach()"},
    .variants =
        {
            with(short_trials(), broken("join_daemon_forever", "Main joins a thread that ends only when main does.",
                                        join_daemon_forever, never_returns)),
            with(short_trials(), right("joins_writer_only",
                                       "Main joins the thread that ends by itself; the daemon dies with the program.",
                                       joins_writer_only)),
            with(short_trials(), right("stopped_then_joined", "Main tells the daemon to stop, and joins it then.",
                                       stopped_then_joined)),
            with(short_trials(),
                 wrong_fix("sleep_then_join", "Main waits a little before it joins.",
                           "The daemon does not end however long main sleeps.", sleep_then_join, never_returns)),
            wrong_fix("join_with_timeout", "Main waits for the daemon, but not for ever.",
                      "Main goes on while the daemon is in the middle of a write, and cuts it off there.",
                      join_with_timeout,
                      {{Checker::explore, finds(Kind::assertion)},
                       {Checker::tsan, may_find(Kind::assertion, "the timeout must end in the middle of a write")}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
