// Late to the barrier: server and client meet at a barrier with a timeout, and the server takes longer than that. The
// client gives up; and the barrier is broken for the server too.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/barrier/generation_counted.h>
#include <racecourse/scenarios/scenario.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using barrier::BrokenBarrier;
using Barrier = barrier::GenerationCounted;

struct Meeting {
  explicit Meeting(barrier::Clock::duration timeout = barrier::Clock::duration::max()) : both_ready(2, timeout) {}

  // The server's thread and the client's, each with what it does at the barrier.
  template <class Server, class Client>
  void between(Server server, Client client) {
    std::thread serves([&] {
      std::this_thread::sleep_for(20ms);  // it starts, and that takes longer than usual
      listening = true;
      server();
    });
    std::thread calls(client);
    serves.join();
    calls.join();
  }
  void call() { assert(listening); }

  Barrier both_ready;
  std::atomic<bool> listening{false};
};

// False if the other did not come in time. Which of them was late makes no difference.
bool meets(Barrier& barrier) {
  try {
    barrier.wait();
    return true;
  } catch (const BrokenBarrier&) {
    return false;
  }
}

void only_the_client_gives_up() {
  Meeting meeting(5ms);
  meeting.between([&] { meeting.both_ready.wait(); },  // BUG: throws too
                  [&] {
                    if (meets(meeting.both_ready)) meeting.call();
                  });
}

void both_give_up() {
  Meeting meeting(5ms);
  bool served = false, called = false;
  meeting.between([&] { served = meets(meeting.both_ready); },
                  [&] {
                    called = meets(meeting.both_ready);
                    if (called) meeting.call();
                  });
  assert(served == called);  // neither is left alone
}

void no_timeout() {
  Meeting meeting;
  meeting.between([&] { meeting.both_ready.wait(); },
                  [&] {
                    meeting.both_ready.wait();
                    meeting.call();
                  });
}

void carries_on() {
  Meeting meeting(5ms);
  meeting.between([&] { meets(meeting.both_ready); },
                  [&] {
                    meets(meeting.both_ready);  // "it has waited long enough"
                    meeting.call();
                  });
}

void longer_timeout() {
  Meeting meeting(50ms);
  meeting.between([&] { meeting.both_ready.wait(); },
                  [&] {
                    if (meets(meeting.both_ready)) meeting.call();
                  });
}

void waits_again() {
  Meeting meeting(5ms);
  meeting.between([&] { meets(meeting.both_ready); },
                  [&] {
                    while (!meets(meeting.both_ready)) std::this_thread::sleep_for(1ms);  // "some time it will come"
                    meeting.call();
                  });
}

// Every run of one that waits for ever costs the whole deadline; and a few hundred rounds are a fair trial of whether
// it ends.
Options short_trials() {
  Options options;
  options.deadline_seconds = 1;
  options.max_steps = 2'000;
  return options;
}

const ScenarioRegistration registration{{
    .name = "late_to_the_barrier",
    .title = "Late to the barrier",
    .family = "notes",
    .difficulty = 2,
    .from = "note 001, the barrier of two with a timeout",
    .story =
        "A server starts, and a client must not call before it listens. Both meet at a barrier of two, which waits "
        "five milliseconds at most. Today the server needs longer. The client expects that, and goes home. Then "
        "the server comes to the barrier, with nothing to be blamed for but being late, and the program dies.",
    .python = "Python behaves the same, but there BrokenBarrierError ends only the thread that does not catch it, with "
              "a traceback on the screen. In C++ an exception that leaves a thread ends the whole program.",
    .hints = {"What does the barrier look like to a thread that comes after the timeout?",
              "The client gives up by breaking the barrier. Is it whole again when the server arrives?",
              "A broken barrier stays broken, and every wait() at it throws. Who catches what the server's throws?"},
    .explanation =
        "When the client's time is up, it does not just leave: it breaks the barrier, so that nobody waits for it in "
        "vain. From then on every wait() throws BrokenBarrier at once, also in the thread that was late and never "
        "timed out itself. The server does not expect that. The exception leaves its thread, and the program ends.",
    .rule = "A barrier is broken for everyone: each party must know what to do when the meeting fails.",
    .fix = "Either both catch it and agree: no meeting, so nobody serves and nobody calls. Or there is no timeout, and "
           "everyone waits as long as it takes; then nobody may stay away. Both suffice, because what one party is "
           "told, the other is told as well.",
    .reading = {"Python documentation, threading: Barrier objects, BrokenBarrierError",
                "Java documentation, java.util.concurrent.CyclicBarrier: the all-or-none breakage model"},
    .variants =
        {
            broken("only_the_client_gives_up", "The client is prepared for a broken barrier; the server is not.",
                   only_the_client_gives_up,
                   {{Checker::explore, finds(Kind::exception)}, {Checker::tsan, finds(Kind::exception)}}),
            right("both_give_up", "Whoever finds the barrier broken does without the other.", both_give_up),
            right("no_timeout", "Both wait as long as it takes.", no_timeout),
            wrong_fix("carries_on", "The client waits, and calls in any case.",
                      "It calls before the server listens: a timeout does not make the other ready.", carries_on,
                      {{Checker::explore, finds(Kind::assertion)}, {Checker::tsan, finds(Kind::assertion)}}),
            wrong_fix("longer_timeout", "The timeout is ten times as long.",
                      "It is still a bet on how long the server takes, and the server still does not know what losing "
                      "it looks like.",
                      longer_timeout,
                      {{Checker::explore, finds(Kind::exception)},
                       {Checker::tsan, may_find(Kind::exception, "the server must lose 30 ms on a busy machine")}}),
            with(short_trials(),
                 wrong_fix("waits_again", "The client waits again until the server has come.",
                           "A broken barrier stays broken, so it waits again and again, for ever.", waits_again,
                           {{Checker::explore, finds(Kind::non_termination, {Kind::livelock})},
                            {Checker::tsan, finds(Kind::hang)}})),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
