// The wrong number of parties: a barrier counts arrivals, and does not know who belongs to it.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/barrier/generation_counted.h>
#include <racecourse/scenarios/scenario.h>

#include <array>
#include <atomic>
#include <cassert>
#include <thread>
#include <vector>

namespace racecourse::catalogue {
namespace {

using Barrier = barrier::GenerationCounted;

constexpr int kWorkers = 3;

// Each worker counts its part of the votes. When all parts are there, each of them announces the sum.
struct Election {
  std::array<std::atomic<int>, kWorkers> part{};

  void count(int worker) { part[worker] = 10; }
  void announce() const {
    int sum = 0;
    for (const auto& votes : part) sum += votes;
    assert(sum == 10 * kWorkers);
  }
};

template <class Work>
void run_workers(Work work) {
  std::vector<std::thread> workers;
  for (int i = 0; i < kWorkers; i++) workers.emplace_back(work, i);
  for (std::thread& worker : workers) worker.join();
}

void one_too_few() {
  Election votes;
  Barrier all_counted(2);  // BUG: three come
  run_workers([&](int me) {
    votes.count(me);
    all_counted.wait();
    votes.announce();
  });
}

void one_too_many() {
  Election votes;
  Barrier all_counted(kWorkers + 1);  // BUG: main stays away
  run_workers([&](int me) {
    votes.count(me);
    all_counted.wait();
    votes.announce();
  });
}

void as_many_as_come() {
  Election votes;
  Barrier all_counted(kWorkers);
  run_workers([&](int me) {
    votes.count(me);
    all_counted.wait();
    votes.announce();
  });
}

void main_comes_too() {
  Election votes;
  Barrier all_counted(kWorkers + 1);
  std::vector<std::thread> workers;
  for (int i = 0; i < kWorkers; i++) {
    workers.emplace_back([&, i] {
      votes.count(i);
      all_counted.wait();
    });
  }
  all_counted.wait();
  votes.announce();  // main alone
  for (std::thread& worker : workers) worker.join();
}

void everyone_waits_twice() {
  Election votes;
  Barrier all_counted(2);
  run_workers([&](int me) {
    votes.count(me);
    all_counted.wait();
    all_counted.wait();  // "six arrivals are three pairs: nobody is left over"
    votes.announce();
  });
}

Options short_hang() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

const std::vector<Kind> kEndlessWaits = {Kind::lost_wakeup, Kind::partial_deadlock};

const ScenarioRegistration registration{{
    .name = "wrong_parties",
    .title = "The wrong number of parties",
    .family = "notes",
    .difficulty = 2,
    .from = "note 001, the barrier; its number of parties is given once, far from the threads",
    .story = "Three workers count votes, meet at a barrier, and announce the sum of all three parts. The barrier was "
             "made for two, when there were two workers. Sometimes the sum is too small; and even when it is right, "
             "one worker never comes home.",
    .python = "Python behaves the same: threading.Barrier(2) lets any two through, whichever they are.",
    .hints = {"How many arrivals does the barrier wait for, and how many come?",
              "The first two are let through. What has the third done by then?",
              "Two announce a sum in which the third part may be missing. With whom does the third meet?"},
    .explanation =
        "A barrier knows no names. It counts arrivals, and lets go as soon as there are as many as it was made for. "
        "With one party too few the first two pass, whether or not the third has counted, and announce a sum that may "
        "lack its part. The third then opens a phase of its own, for which nobody else will come. With one party too "
        "many all three wait for a fourth.",
    .rule = "The number of parties is the number of threads that call wait() in each phase: no more, no fewer.",
    .fix = "Make the barrier from the same constant that the threads are started from; or let main come too, and count "
           "it. Then a phase ends when the last part is there, and no one is left over.",
    .reading = {"Allen B. Downey, The Little Book of Semaphores, chapter 3: reusable barrier",
                "Python documentation, threading: Barrier objects"},
    .variants =
        {
            with(short_hang(), broken("one_too_few", "Three workers meet at a barrier for two.", one_too_few,
                                      {{Checker::explore, finds(Kind::assertion, {Kind::deadlock})},
                                       {Checker::tsan, finds(Kind::hang, {Kind::assertion})}})),
            with(short_hang(), broken("one_too_many", "The barrier counts main, which never comes.", one_too_many,
                                      {{Checker::explore, finds(Kind::deadlock, kEndlessWaits)},
                                       {Checker::tsan, finds(Kind::hang)}})),
            right("as_many_as_come", "The barrier has as many parties as there are workers.", as_many_as_come),
            right("main_comes_too", "Main is a party, waits with the workers, and announces the sum.", main_comes_too),
            with(short_hang(),
                 wrong_fix("everyone_waits_twice", "Each worker waits twice, so that the arrivals come out even.",
                           "Two workers can meet each other twice: they pass without the third, and leave it alone.",
                           everyone_waits_twice,
                           {{Checker::explore, finds(Kind::assertion, {Kind::deadlock})},
                            {Checker::tsan, may_find(Kind::hang, "two must meet twice before the third has come",
                                                     {Kind::assertion})}})),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
