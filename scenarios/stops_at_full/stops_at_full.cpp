// A producer that stops when the queue is full, a consumer that stops when it is empty: each takes a moment for the
// end.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/queue/locked.h>
#include <racecourse/scenarios/scenario.h>
#include <racecourse/scenarios/shelf.h>

#include <chrono>
#include <string>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using Orders = queue::Locked<int, Shelf<int>>;

constexpr int kOrders = 3;
constexpr int kNoMore = -1;  // the last item: not an order, but the end of them

template <void produce(Orders&), int consume(Orders&)>
void kitchen() {
  Orders orders(2);
  int cooked = 0;
  std::thread consumer([&] { cooked = consume(orders); });
  std::thread producer([&] { produce(orders); });
  consumer.join();
  producer.join();
  outcome(std::to_string(cooked) + " of 3 cooked");
}

void put_until_full(Orders& orders) {
  for (int order = 1; order <= kOrders; ++order) {
    if (orders.full()) break;  // BUG: full for now
    orders.put(order);
  }
}

int get_until_empty(Orders& orders) {
  int cooked = 0;
  while (!orders.empty()) {  // BUG: empty for now
    orders.get();
    ++cooked;
  }
  return cooked;
}

void put_all(Orders& orders) {
  for (int order = 1; order <= kOrders; ++order) orders.put(order);  // waits while it is full
  orders.put(kNoMore);
}

int get_until_told(Orders& orders) {
  int cooked = 0;
  while (orders.get() != kNoMore) ++cooked;  // waits while it is empty
  return cooked;
}

int sleep_first(Orders& orders) {
  std::this_thread::sleep_for(5ms);  // "by then there will be something"
  return get_until_empty(orders);
}

int ask_three_times(Orders& orders) {
  int cooked = 0;
  for (int asked = 0; asked < 3; ++asked) {
    cooked += get_until_empty(orders);
    std::this_thread::sleep_for(1ms);
  }
  return cooked;
}

// Every run of a broken one on real threads that hangs costs the whole deadline.
Options short_trials() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

const std::map<Checker, Expectation> leaves_some{{Checker::explore, finds(Kind::forbidden_outcome)},
                                                 {Checker::tsan, finds(Kind::forbidden_outcome)}};

const ScenarioRegistration registration{{
    .name = "stops_at_full",
    .title = "Full and empty are not the end",
    .family = "notes",
    .difficulty = 1,
    .from = "note 000, section 8",
    .story = "A producer hands three orders to a consumer, through a queue with room for two. So that nobody has to "
             "wait, the producer stops when the queue is full, and the consumer stops when it is empty. Not all that "
             "was ordered is cooked.",
    .python = "The same in Python. In the note the producer sleeps less than the consumer and starts first, so the "
              "queue fills, the producer leaves, and the consumer empties what is there: it looks like a plan, and it "
              "is the sleeps.",
    .outcomes = {{"3 of 3 cooked", Outcome::Is::acceptable, "All orders went through."},
                 {"2 of 3 cooked", Outcome::Is::forbidden, "One stayed behind, at the producer or in the queue."},
                 {"1 of 3 cooked", Outcome::Is::forbidden, "Two stayed behind."},
                 {"0 of 3 cooked", Outcome::Is::forbidden, "The consumer came first, found nothing and left."}},
    .hints = {"When is the queue empty? Name two occasions.",
              "Let the consumer run first. Then let the producer run first.",
              "Empty means \"nothing yet\" or \"nothing any more\", and the queue cannot tell which. Who can?"},
    .explanation =
        "Before the first order the queue is as empty as after the last one. A consumer that comes early takes the "
        "first for the second and leaves; whatever is put then stays there. A producer that is quick finds the queue "
        "full and leaves with the rest of its orders in hand. Full and empty say how the two stand to each other at "
        "the moment, and nothing about the work.",
    .rule = "Full and empty are reasons to wait, never to end.",
    .fix = "Each side waits: put() while the queue is full, get() while it is empty. The end is a message of its own: "
           "the producer, who alone knows it, puts a last item that is no order.",
    .reading = {"Goetz et al., Java Concurrency in Practice, section 5.3: Blocking queues and the producer-consumer "
                "pattern",
                "Python documentation, queue: Queue.empty(), Queue.full()"},
    .variants =
        {
            broken("ends_at_full_and_empty", "The producer ends at full(), the consumer at empty().",
                   kitchen<put_until_full, get_until_empty>, leaves_some),
            right("waits_and_is_told", "Both wait for each other, and a last item says that it is the last.",
                  kitchen<put_all, get_until_told>),
            wrong_fix("consumer_sleeps_first", "The consumer gives the producer time to get ahead.",
                      "A producer that is ahead finds the queue full, and leaves with what is left.",
                      kitchen<put_until_full, sleep_first>, leaves_some),
            wrong_fix("consumer_asks_again", "The consumer looks three times, with a pause, before it leaves.",
                      "A producer that is slower than three looks still comes too late, and the other one still leaves "
                      "at full().",
                      kitchen<put_until_full, ask_three_times>, leaves_some),
            with(short_trials(),
                 wrong_fix("producer_waits", "The producer waits for room; the consumer is left as it was.",
                           "The consumer still leaves at empty(), and now the producer waits for it for ever.",
                           kitchen<put_all, get_until_empty>,
                           {{Checker::explore, finds(Kind::deadlock, {Kind::forbidden_outcome})},
                            {Checker::tsan, may_find(Kind::hang,
                                                     "if the consumer leaves late, orders are lost and "
                                                     "nobody waits",
                                                     {Kind::forbidden_outcome})}})),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
