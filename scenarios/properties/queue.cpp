// Whatever a few threads put and get, some order of their calls explains it (Q1 to Q4, linearizable), and alone a queue
// is a list.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/queue/locked.h>
#include <racecourse/primitives/queue/michael_scott.h>
#include <racecourse/primitives/queue/mpmc_ring.h>
#include <racecourse/primitives/queue/spsc_ring.h>
#include <racecourse/scenarios/properties/any_schedule.h>
#include <racecourse/scenarios/properties/queue_programs.h>

namespace racecourse::catalogue {
namespace {

using property::Workload;
using Fifo = QueueModel<FirstIn>;

// The first thread only puts, the second only gets.
rc::Gen<Workload<QueueOperation>> one_puts_one_gets() {
  using Does = QueueOperation::Does;
  const auto some = [](rc::Gen<QueueOperation> operation) {
    return rc::gen::nonEmpty(rc::gen::resize(4, rc::gen::container<std::vector<QueueOperation>>(std::move(operation))));
  };
  return rc::gen::map(rc::gen::pair(some(queue_operations({Does::try_put, Does::try_put_for})),
                                    some(queue_operations({Does::try_get, Does::try_get_for}))),
                      [](const std::pair<std::vector<QueueOperation>, std::vector<QueueOperation>>& sides) {
                        return Workload<QueueOperation>{{sides.first, sides.second}};
                      });
}

void queue_locked(std::uint64_t seed) {
  using Queue = queue::Locked<int>;
  ToTry<FirstIn, Queue, 2>::check_alone("queue/locked", seed);
  check_programs<QueueOperation>(
      "queue/locked", seed, anybody_puts_and_gets(),
      {"Queue", "SomeOrderExplains", "racecourse::queue::Locked<int> queue(2);", "assert(queue.qsize() <= 2);"},
      [](const Workload<QueueOperation>& workload) {
        Queue queue(2);
        some_order_explains(workload, queue, Fifo{.maxsize = 2});
      });
}

void queue_spsc_ring(std::uint64_t seed) {
  using Queue = queue::SpscRing<int>;
  ToTry<FirstIn, Queue, 2>::check_alone("queue/spsc_ring", seed);
  check_programs<QueueOperation>(
      "queue/spsc_ring", seed, one_puts_one_gets(),
      {"Queue", "SomeOrderExplains", "racecourse::queue::SpscRing<int> queue(2);", "assert(queue.qsize() <= 2);"},
      [](const Workload<QueueOperation>& workload) {
        Queue queue(2);
        some_order_explains(workload, queue, Fifo{.maxsize = 2});
      });
}

// It frees what nobody reads after each get: the sooner, the likelier a mistake shows.
void queue_michael_scott(std::uint64_t seed) {
  using Queue = queue::MichaelScott<int>;
  ToTry<FirstIn, Queue, 0, 1>::check_alone("queue/michael_scott", seed);
  check_programs<QueueOperation>(
      "queue/michael_scott", seed, anybody_puts_and_gets(),
      {"Queue", "SomeOrderExplains", "racecourse::queue::MichaelScott<int> queue(1);", "while (queue.try_get()) {}"},
      [](const Workload<QueueOperation>& workload) {
        Queue queue(1);
        some_order_explains(workload, queue, Fifo());
      });
}

void queue_mpmc_ring(std::uint64_t seed) {
  using Queue = queue::MpmcRing<int>;
  ToTry<FirstIn, Queue, 1>::check_alone("queue/mpmc_ring", seed);
  ToTry<FirstIn, Queue, 3>::check_alone("queue/mpmc_ring", seed);
  check_programs<QueueOperation>(
      "queue/mpmc_ring", seed, anybody_puts_and_gets(),
      {"Queue", "SomeOrderExplains", "racecourse::queue::MpmcRing<int> queue(2);", "assert(queue.qsize() <= 2);"},
      [](const Workload<QueueOperation>& workload) {
        Queue queue(2);
        some_order_explains(
            workload, queue,
            Fifo{.maxsize = 2, .puts_may_fail_if_overlapped = true, .gets_may_fail_if_overlapped = true});
      });
}

const PropertyRegistration registrations[] = {
    any_schedule("queue", "locked", finds_nothing(), {queue_locked}),
    any_schedule("queue", "spsc_ring", finds_nothing(), {queue_spsc_ring}),
    any_schedule("queue", "michael_scott", finds_nothing(), {queue_michael_scott}),
    any_schedule("queue", "mpmc_ring", finds_nothing(), {queue_mpmc_ring}),
    any_schedule("queue", "one_cv_notify_one", finds(Kind::deadlock, {Kind::lost_wakeup, Kind::partial_deadlock})),
    any_schedule("queue", "if_instead_of_while", finds(Kind::assertion)),
    any_schedule("queue", "notify_first_only", finds(Kind::deadlock, {Kind::lost_wakeup, Kind::partial_deadlock})),
    any_schedule("queue", "unsynchronized_size", finds(Kind::data_race)),
    any_schedule("queue", "relaxed_publish", finds(Kind::data_race)),
    any_schedule("queue", "two_producers", finds(Kind::data_race, {Kind::assertion})),
    any_schedule("queue", "freed_at_once",
                 finds(Kind::data_race, {Kind::use_after_free, Kind::double_free, Kind::signal, Kind::assertion,
                                         Kind::abort, Kind::non_termination})),
    any_schedule("queue", "published_unfilled", finds(Kind::data_race, {Kind::assertion})),
};

}  // namespace
}  // namespace racecourse::catalogue
