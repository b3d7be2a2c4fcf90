// Whatever a few threads put and get, some order of their calls explains it (P1 to P3, linearizable), and alone the
// queue is a list from which the smallest is taken.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/priority_queue/locked.h>
#include <racecourse/scenarios/properties/any_schedule.h>
#include <racecourse/scenarios/properties/queue_programs.h>

namespace racecourse::catalogue {
namespace {

using property::Workload;

void priority_queue_locked(std::uint64_t seed) {
  using Queue = priority_queue::Locked<int>;
  ToTry<Smallest, Queue, 7>::check_alone("priority_queue/locked", seed);  // three levels of the heap
  ToTry<Smallest, Queue, 0>::check_alone("priority_queue/locked", seed);
  check_programs<QueueOperation>("priority_queue/locked", seed, anybody_puts_and_gets(),
                                 {"PriorityQueue", "SomeOrderExplains",
                                  "racecourse::priority_queue::Locked<int> queue(2);", "while (queue.try_get()) {}"},
                                 [](const Workload<QueueOperation>& workload) {
                                   Queue queue(2);
                                   some_order_explains(workload, queue, QueueModel<Smallest>{.maxsize = 2});
                                 });
}

const PropertyRegistration registrations[] = {
    any_schedule("priority_queue", "locked", finds_nothing(), {priority_queue_locked}),
    any_schedule("priority_queue", "size_checked_unlocked",
                 finds(Kind::data_race, {Kind::signal, Kind::assertion, Kind::abort, Kind::use_after_free,
                                         Kind::double_free, Kind::heap_overflow})),
    any_schedule("priority_queue", "peek_then_pop", finds(Kind::assertion)),
};

}  // namespace
}  // namespace racecourse::catalogue
