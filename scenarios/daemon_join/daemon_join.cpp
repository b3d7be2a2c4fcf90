// Joining a daemon thread.
//
// The story: one thread shows a counter, over and over; another reads the user's input and ends at `q`. The course note
// makes the first a daemon (Python: daemon=True), so that it ends when the program does, and then calls join() on it.
// Main waits for the daemon, and the daemon waits for main: it is told to end by main's ending, and by nothing else.
//
// C++ has no daemon flag. What comes nearest is a detached thread: it too lives until the process ends, but nobody can
// join it, so this mistake cannot be made with it. It is made with a joinable thread that has no way to be told to
// stop.
//
// The rule: join only what will end by itself, or what you have told to end.
// Not a deadlock: the daemon never stops running. A checker that looks for threads that all wait sees nothing; one that
// lets the program go on fairly sees that main waits for a thread that does not end.
// Tempting, and wrong: a sleep before the join (the daemon still never ends); a join with a timeout (main goes on while
// the daemon is in the middle of something).
//
// From note 004, section 2.3; section 2.2 shows when a daemon dies.
#include <racecourse/scenarios/catalogue.h>

#include <atomic>
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

Entry entry(std::string variant, bool broken, std::string summary, std::function<void()> body,
            std::map<Checker, Expectation> expected) {
  Entry made;
  made.scenario = "daemon_join";
  made.variant = std::move(variant);
  made.family = "notes";
  made.broken = broken;
  made.summary = std::move(summary);
  made.body = std::move(body);
  made.expected = std::move(expected);
  // Every run of the broken one on real threads costs the whole deadline, and every run of it hangs.
  made.options.deadline_seconds = 1;
  // Each step of the counter is a sleep; a few hundred of them are a fair trial of whether it ever ends.
  made.options.max_steps = 2'000;
  return made;
}

Expectation no_relacy() { return not_run("Relacy has no threads that outlive the test, and no sleep"); }

const Registration registration{{
    entry("join_daemon_forever", true, "Main joins a thread that ends only when main does.", join_daemon_forever,
          {{Checker::explore, finds(Kind::non_termination)},
           {Checker::tsan, finds(Kind::hang)},
           {Checker::relacy, no_relacy()}}),
    entry("joins_writer_only", false, "Main joins the thread that ends by itself; the daemon dies with the program.",
          joins_writer_only,
          {{Checker::explore, finds_nothing()}, {Checker::tsan, finds_nothing()}, {Checker::relacy, no_relacy()}}),
    entry("stopped_then_joined", false, "Main tells the daemon to stop, and joins it then.", stopped_then_joined,
          {{Checker::explore, finds_nothing()}, {Checker::tsan, finds_nothing()}, {Checker::relacy, no_relacy()}}),
}};

}  // namespace
}  // namespace racecourse::catalogue
