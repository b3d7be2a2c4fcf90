// Consumers that take from a queue for ever: when production is over nobody tells them, and whoever joins them waits.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/queue/locked.h>
#include <racecourse/scenarios/scenario.h>
#include <racecourse/scenarios/shelf.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;

constexpr int kNoMore = -1;  // the last item: not a product, but the end of them

struct Factory {
  queue::Locked<int, Shelf<int>> products;
  std::atomic<bool> over{false};  // of the variant that has a flag
  std::atomic<int> used{0};
};

template <void produce(Factory&), void consume(Factory&)>
void one_shift() {
  Factory factory;
  std::thread first([&] { consume(factory); }), second([&] { consume(factory); });
  produce(factory);
  first.join();
  second.join();
  assert(factory.used == 2);
}

void produce(Factory& factory) {
  factory.products.put(7);
  std::this_thread::sleep_for(5ms);  // the second one takes longer
  factory.products.put(8);
}

void use_for_ever(Factory& factory) {
  while (true) {  // BUG: until when?
    factory.products.get();
    ++factory.used;
  }
}

void use_until_told(Factory& factory) {
  while (factory.products.get() != kNoMore) ++factory.used;
}

void put_an_end_for_each(Factory& factory) {
  produce(factory);
  factory.products.put(kNoMore);
  factory.products.put(kNoMore);
}

void put_one_end(Factory& factory) {
  produce(factory);
  factory.products.put(kNoMore);
}

void use_and_pass_the_end_on(Factory& factory) {
  use_until_told(factory);
  factory.products.put(kNoMore);  // for the next one; the last one leaves it in the queue
}

void raise_a_flag(Factory& factory) {
  produce(factory);
  factory.over = true;
}

void use_until_flag(Factory& factory) {
  while (!factory.over || !factory.products.empty()) {
    factory.products.get();  // asleep in here nobody sees a flag
    ++factory.used;
  }
}

void use_until_quiet(Factory& factory) {
  while (factory.products.try_get_for(2ms)) ++factory.used;  // "nothing for so long: it must be over"
}

// Every run of a broken one on real threads that hangs costs the whole deadline.
Options short_trials() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

const std::map<Checker, Expectation> waits_for_ever{{Checker::explore, finds(Kind::deadlock)},
                                                    {Checker::tsan, finds(Kind::hang)}};

const ScenarioRegistration registration{{
    .name = "never_told_it_is_over",
    .title = "Nobody told the consumers that it is over",
    .family = "notes",
    .difficulty = 1,
    .from = "note 004, section 2.5",
    .story = "A producer makes two products; two consumers use them. When all is made and used the program should end. "
             "All is used, and the program stands still.",
    .python = "The same in Python: the program in the note never ends, because its consumers are not daemons and wait "
              "in get(). As daemons they would be cut off at the end, perhaps in the middle of a product. Since 3.13 "
              "its queues can be closed: shutdown() makes get() raise in everyone who waits.",
    .hints = {"What are the consumers doing when the program stands still?",
              "get() waits for the next product. Who knows that there is none?",
              "The producer knows. How can it reach somebody who is asleep in get(), and how many are they?"},
    .explanation =
        "get() waits until there is something. After the last product there is nothing ever again, so both consumers "
        "sleep in get(), and main sleeps in join(). Everyone waits for something that only the end of the program "
        "could bring. Only the producer knows that nothing will come, and it went home without a word.",
    .rule = "Whoever produces also says that it is over, once to each who waits for it.",
    .fix = "The producer puts a last item for each consumer, one that is no product. It comes in order, behind all "
           "products, and it wakes whoever sleeps in get(). One item is enough if each consumer hands it on.",
    .reading = {"Goetz et al., Java Concurrency in Practice, section 7.2.3: Poison pills",
                "Python documentation, queue: Queue.shutdown()"},
    .variants =
        {
            with(short_trials(), broken("get_for_ever", "The consumers get the next product, and so for ever.",
                                        one_shift<produce, use_for_ever>, waits_for_ever)),
            right("an_end_for_each", "The producer puts as many last items as there are consumers.",
                  one_shift<put_an_end_for_each, use_until_told>),
            right("end_is_passed_on", "One last item; each consumer puts it back for the next.",
                  one_shift<put_one_end, use_and_pass_the_end_on>),
            with(short_trials(), wrong_fix("one_end_for_two", "The producer puts one last item.",
                                           "One consumer takes it and goes home; the other is not told.",
                                           one_shift<put_one_end, use_until_told>, waits_for_ever)),
            with(short_trials(), wrong_fix("flag_beside_the_queue", "A flag says that it is over.",
                                           "A flag wakes nobody: a consumer that sleeps in get() does not look at it.",
                                           one_shift<raise_a_flag, use_until_flag>, waits_for_ever)),
            wrong_fix("gives_up_when_quiet", "A consumer goes home when nothing has come for a while.",
                      "A product that takes longer than that comes to an empty hall.",
                      one_shift<produce, use_until_quiet>,
                      {{Checker::explore, finds(Kind::assertion)}, {Checker::tsan, finds(Kind::assertion)}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
