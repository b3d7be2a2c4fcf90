// The polling consumer: a process asks empty() for ever. The producer has ended long ago, and main waits for both.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/process/shared_memory.h>
#include <racecourse/primitives/process_queue/robust.h>
#include <racecourse/scenarios/primitives/worlds.h>
#include <racecourse/scenarios/scenario.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using Queue = process_queue::Robust<int>;

constexpr int kItem = 1;
constexpr int kLast = 0;  // not an item: says that none will follow

// What the processes share beside the queue.
struct Board {
  std::atomic<int> eaten{0};
  std::atomic<bool> producer_ended{false};
};
using Shared = process::SharedMemory<Board>;

template <class World, bool says_it_is_over = false, class Consume>
void produce_one(Consume consume) {
  Queue queue;
  Shared board(0);
  typename World::Running producer([queue, board]() mutable {
    queue.put(kItem);
    if (says_it_is_over) queue.put(kLast);
    board->producer_ended = true;
  });
  typename World::Running consumer([queue, board, consume]() mutable { consume(queue, *board); });
  producer.ends(Ending::well);
  consumer.ends(Ending::well);
  assert(board->eaten == 1);
}

template <class World>
void asks_for_ever() {
  produce_one<World>([](Queue& queue, Board& board) {
    for (;;) {
      if (!queue.empty()) queue.get(), ++board.eaten;  // BUG: no way out
    }
  });
}

template <class World>
void waits_for_the_last_item() {
  produce_one<World, true>([](Queue& queue, Board& board) {
    while (queue.get() != kLast) ++board.eaten;
  });
}

template <class World>
void ended_before_empty() {
  produce_one<World>([](Queue& queue, Board& board) {
    for (;;) {
      const bool ended = board.producer_ended;  // asked first: what was put before is in the queue by now
      if (!queue.empty()) {
        queue.get(), ++board.eaten;
      } else if (ended) {
        return;
      } else {
        std::this_thread::sleep_for(1ms);
      }
    }
  });
}

template <class World>
void rests_between() {
  produce_one<World>([](Queue& queue, Board& board) {
    for (;;) {
      if (!queue.empty()) queue.get(), ++board.eaten;
      std::this_thread::sleep_for(1ms);
    }
  });
}

template <class World>
void ends_when_empty() {
  produce_one<World>([](Queue& queue, Board& board) {
    while (!queue.empty()) queue.get(), ++board.eaten;
  });
}

template <class World>
void empty_before_ended() {
  produce_one<World>([](Queue& queue, Board& board) {
    for (;;) {
      if (!queue.empty()) {
        queue.get(), ++board.eaten;
      } else if (board.producer_ended) {
        return;
      } else {
        std::this_thread::sleep_for(1ms);
      }
    }
  });
}

// Every run of one that never ends costs the whole deadline; and a few hundred looks are a fair trial.
Entry endless(Entry entry) {
  entry.options.deadline_seconds = 1;
  entry.options.max_steps = 2'000;
  return entry;
}

std::map<Checker, Expectation> never_ends() {
  return {{Checker::explore, finds(Kind::non_termination, {Kind::livelock})}, {Checker::tsan, finds(Kind::hang)}};
}

#define IN_BOTH_WORLDS(body) in_both_worlds<body<Threads>, body<Processes>>

const ScenarioRegistration registration{{
    .name = "polling_consumer",
    .title = "The polling consumer",
    .family = "notes",
    .difficulty = 2,
    .from = "note 001, two processes and a queue",
    .story = "One process puts items into a queue and ends. Another takes them: it looks whether the queue is empty, "
             "takes an item if it is not, and looks again. All items arrive. But main joins both processes, and the "
             "program never ends; one processor is busy with asking.",
    .python = "The original does exactly this, and hangs after its last line of output.",
    .hints = {"Which line lets the consumer leave its loop?",
              "The queue is empty. Is that because more is to come, or because it is over?",
              "empty() cannot tell the two apart. Somebody who knows has to say it."},
    .explanation =
        "The consumer knows one question: is there something now? After the last item the answer is no, as it was in "
        "every pause before, so it asks on, for ever. It is no deadlock, for it never waits: it burns a processor, "
        "and main waits for a process that does not end.",
    .rule = "A consumer has to be told that production is over, by somebody who knows; an empty queue does not say it.",
    .fix = "The producer puts one last item that is none, and the consumer waits in get() until it comes: no asking, "
           "and a reason to end. Or the producer raises a flag when it has ended. The consumer then must look at the "
           "flag first and at the queue afterwards: what was put before the flag is in the queue by then.",
    .reading = {"Python documentation, queue: Queue.empty() does not guarantee that a later get() will not block",
                "Allen B. Downey, The Little Book of Semaphores, chapter 4: producer-consumer problem"},
    .variants =
        {
            endless(IN_BOTH_WORLDS(asks_for_ever)(
                broken("asks_for_ever", "Asks empty() again and again, with no way out.", {}, never_ends()))),
            IN_BOTH_WORLDS(waits_for_the_last_item)(
                right("waits_for_the_last_item", "Waits in get(), and ends at the item that says so.", {})),
            IN_BOTH_WORLDS(ended_before_empty)(
                right("ended_before_empty",
                      "Looks whether the producer has ended, and only then whether anything is left.", {})),
            endless(IN_BOTH_WORLDS(rests_between)(wrong_fix(
                "rests_between", "Sleeps a little between two looks.",
                "The processor is spared, but the loop has no more of an end than before.", {}, never_ends()))),
            IN_BOTH_WORLDS(ends_when_empty)(wrong_fix(
                "ends_when_empty", "Ends as soon as the queue is empty.",
                "It is empty before the first item too: a fast consumer goes home without having eaten.", {},
                {{Checker::explore, finds(Kind::assertion)},
                 {Checker::tsan, may_find(Kind::assertion, "the consumer must look before the item is there")}})),
            IN_BOTH_WORLDS(empty_before_ended)(wrong_fix(
                "empty_before_ended", "Ends if the queue is empty and the producer has ended, asked in this order.",
                "Between the two questions the producer can put its last items and end: they stay behind.", {},
                {{Checker::explore, finds(Kind::assertion)},
                 {Checker::tsan, may_find(Kind::assertion, "the producer must come between two questions")}})),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
