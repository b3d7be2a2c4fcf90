// Whatever a few threads put on a stack and take off it, some order of their calls explains it (S1 to S3,
// linearizable), and alone a stack is a list.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/lifo_queue/locked.h>
#include <racecourse/primitives/lifo_queue/treiber.h>
#include <racecourse/primitives/lifo_queue/treiber_hazard.h>
#include <racecourse/scenarios/properties/any_schedule.h>
#include <racecourse/scenarios/properties/queue_programs.h>

namespace racecourse::catalogue {
namespace {

using property::Workload;
using Lifo = QueueModel<LastIn>;

void lifo_queue_locked(std::uint64_t seed) {
  using Queue = lifo_queue::Locked<int>;
  ToTry<LastIn, Queue, 2>::check_alone("lifo_queue/locked", seed);
  check_programs<QueueOperation>(
      "lifo_queue/locked", seed, anybody_puts_and_gets(),
      {"LifoQueue", "SomeOrderExplains", "racecourse::lifo_queue::Locked<int> queue(2);", "while (queue.try_get()) {}"},
      [](const Workload<QueueOperation>& workload) {
        Queue queue(2);
        some_order_explains(workload, queue, Lifo{.maxsize = 2});
      });
}

void lifo_queue_treiber(std::uint64_t seed) {
  using Queue = lifo_queue::Treiber<int>;
  ToTry<LastIn, Queue, 2>::check_alone("lifo_queue/treiber", seed);
  check_programs<QueueOperation>("lifo_queue/treiber", seed, anybody_puts_and_gets(),
                                 {"LifoQueue", "SomeOrderExplains", "racecourse::lifo_queue::Treiber<int> queue(2);",
                                  "while (queue.try_get()) {}"},
                                 [](const Workload<QueueOperation>& workload) {
                                   Queue queue(2);
                                   // try_put() may be refused while a node is in the hands of another call.
                                   some_order_explains(workload, queue,
                                                       Lifo{.maxsize = 2, .puts_may_fail_if_overlapped = true});
                                 });
}

// It frees what nobody reads after each get: the sooner, the likelier a mistake shows.
void lifo_queue_treiber_hazard(std::uint64_t seed) {
  using Queue = lifo_queue::TreiberHazard<int>;
  ToTry<LastIn, Queue, 0, 1>::check_alone("lifo_queue/treiber_hazard", seed);
  check_programs<QueueOperation>("lifo_queue/treiber_hazard", seed, anybody_puts_and_gets(),
                                 {"LifoQueue", "SomeOrderExplains",
                                  "racecourse::lifo_queue::TreiberHazard<int> queue(1);", "while (queue.try_get()) {}"},
                                 [](const Workload<QueueOperation>& workload) {
                                   Queue queue(1);
                                   some_order_explains(workload, queue, Lifo());
                                 });
}

const PropertyRegistration registrations[] = {
    any_schedule("lifo_queue", "locked", finds_nothing(), {lifo_queue_locked}),
    any_schedule("lifo_queue", "treiber", finds_nothing(), {lifo_queue_treiber}),
    any_schedule("lifo_queue", "treiber_hazard", finds_nothing(), {lifo_queue_treiber_hazard}),
    any_schedule("lifo_queue", "aba",
                 may_find(Kind::assertion, "random switches seldom stop two threads in the right places at once",
                          {Kind::data_race, Kind::non_termination})),
    any_schedule("lifo_queue", "plain_next", finds(Kind::data_race)),
    any_schedule("lifo_queue", "stale_next", cannot_see("here each load returns what was stored last")),
    any_schedule("lifo_queue", "node_back_too_soon", finds(Kind::data_race, {Kind::assertion})),
    any_schedule("lifo_queue", "use_after_pop",
                 finds(Kind::data_race, {Kind::use_after_free, Kind::double_free, Kind::signal, Kind::assertion,
                                         Kind::abort, Kind::non_termination})),
};

}  // namespace
}  // namespace racecourse::catalogue
