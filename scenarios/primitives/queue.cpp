// The queue, right and broken: items go from producers to consumers, each once and in order.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/queue/freed_at_once.h>
#include <racecourse/primitives/queue/if_instead_of_while.h>
#include <racecourse/primitives/queue/locked.h>
#include <racecourse/primitives/queue/michael_scott.h>
#include <racecourse/primitives/queue/mpmc_ring.h>
#include <racecourse/primitives/queue/notify_first_only.h>
#include <racecourse/primitives/queue/one_cv_notify_one.h>
#include <racecourse/primitives/queue/published_unfilled.h>
#include <racecourse/primitives/queue/relaxed_publish.h>
#include <racecourse/primitives/queue/spsc_ring.h>
#include <racecourse/primitives/queue/unsynchronized_size.h>
#include <racecourse/scenarios/primitives/declare.h>

#include <cassert>
#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <thread>

namespace racecourse::catalogue {
namespace {

// Q2 and Q4: two sleepers on one side and a producer that may have to wait on the other.
template <class Queue, std::size_t maxsize>
void two_getters_one_putter() {
  Queue queue(maxsize);
  int first_got = 0, second_got = 0;
  std::thread first([&] { first_got = queue.get(); });
  std::thread second([&] { second_got = queue.get(); });
  queue.put(1);
  queue.put(2);
  first.join();
  second.join();
  assert(first_got + second_got == 3 && (first_got == 1 || first_got == 2));
  assert(queue.empty());
}

// The same with a pause between the items, in which a getter finds nothing.
template <class Queue>
void second_item_comes_later() {
  Queue queue;
  int first_got = 0, second_got = 0;
  std::thread first([&] { first_got = queue.get(); });
  std::thread second([&] { second_got = queue.get(); });
  queue.put(1);
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  queue.put(2);
  first.join();
  second.join();
  assert(first_got + second_got == 3 && (first_got == 1 || first_got == 2));
}

// A worker, and somebody who looks how far it has come.
template <class Queue>
void worker_and_reader() {
  Queue queue(2);
  queue.put(1);
  std::thread worker([&] {
    queue.put(2);
    assert(queue.get() == 1);
  });
  std::thread reader([&] { assert(queue.qsize() <= 2); });
  worker.join();
  reader.join();
  assert(queue.get() == 2);
}

// Q1 and Q5: three items through a ring of two, so that it is full, and goes round.
template <class Ring>
void one_producer_one_consumer() {
  Ring ring(2);
  std::thread producer([&] {
    for (int item = 1; item <= 3; item++) ring.put(item);
  });
  std::thread consumer([&] {
    for (int item = 1; item <= 3; item++) assert(ring.get() == item);
  });
  producer.join();
  consumer.join();
  assert(ring.empty());
}

// One producer too many.
void two_producers() {
  queue::SpscRing<int> ring(2);
  std::thread first([&] { ring.put(1); });
  std::thread second([&] { ring.put(2); });
  first.join();
  second.join();
  const std::optional<int> one = ring.try_get(), other = ring.try_get();
  assert(one && other && *one + *other == 3);
}

// Q1 and Q2: two threads, each of them producer and consumer.
template <class Queue, std::size_t argument>
void both_put_and_get() {
  Queue queue(argument);
  int got[2][2] = {};
  auto put_and_get = [&](int thread) {
    for (int round = 0; round < 2; round++) {
      queue.put(10 * (thread + 1) + round);
      got[thread][round] = queue.get();
    }
  };
  std::thread first(put_and_get, 0), second(put_and_get, 1);
  first.join();
  second.join();
  assert(std::set<int>({got[0][0], got[0][1], got[1][0], got[1][1]}) == std::set<int>({10, 11, 20, 21}));
  for (const auto& mine : got) assert(mine[0] / 10 != mine[1] / 10 || mine[0] < mine[1]);
  assert(queue.empty());
}

const Primitive primitive("queue");

const Registration registration{{
    primitive.right("locked", "One mutex, and a condition variable for each thing that a thread may wait for.",
                    two_getters_one_putter<queue::Locked<int>, 1>, no_std_types()),
    primitive.right("spsc_ring", "One producer, one consumer, and an index for each that the other only reads.",
                    one_producer_one_consumer<queue::SpscRing<int>>, finds_nothing()),
    // The 1 is the number of nodes after which it frees what nobody reads: at once, so that a short run shows it.
    primitive.right("michael_scott",
                    "A linked list without locks, whose nodes hazard pointers keep while they are read.",
                    both_put_and_get<queue::MichaelScott<int>, 1>, finds_nothing()),
    primitive.right("mpmc_ring", "Each cell of the ring counts whose turn it is: the next put's or the next get's.",
                    both_put_and_get<queue::MpmcRing<int>, 2>, finds_nothing()),

    hangs(primitive.broken("one_cv_notify_one",
                           "Both sides sleep on one condition variable; the one wakeup goes to the wrong side.",
                           two_getters_one_putter<queue::OneCvNotifyOne<int>, 1>,
                           {
                               {Checker::explore, finds(Kind::deadlock, {Kind::lost_wakeup, Kind::partial_deadlock})},
                               {Checker::tsan, may_find(Kind::hang, "two getters must be asleep before the first put")},
                               {Checker::relacy, no_std_types()},
                           })),
    primitive.broken(
        "if_instead_of_while", "A woken getter does not look again, and takes an item that another has taken.",
        second_item_comes_later<queue::IfInsteadOfWhile<int>>,
        {
            {Checker::explore, finds(Kind::assertion)},
            {Checker::tsan, may_find(Kind::assertion, "the second getter must come between wakeup and mutex")},
            {Checker::relacy, no_std_types()},
        }),
    hangs(primitive.broken(
        "notify_first_only", "A put wakes nobody unless the queue was empty: two puts, two sleepers, one wakeup.",
        two_getters_one_putter<queue::NotifyFirstOnly<int>, 2>,
        {
            {Checker::explore, finds(Kind::deadlock, {Kind::lost_wakeup, Kind::partial_deadlock})},
            {Checker::tsan, may_find(Kind::hang, "two getters must be asleep, and still be while both puts are made")},
            {Checker::relacy, no_std_types()},
        })),
    primitive.broken("unsynchronized_size", "Reads the size without the lock, because it only reads.",
                     worker_and_reader<queue::UnsynchronizedSize<int>>,
                     {
                         {Checker::explore, finds(Kind::data_race)},
                         {Checker::tsan, finds(Kind::data_race)},
                         {Checker::relacy, no_std_types()},
                     }),
    primitive.broken("relaxed_publish", "The index is published without the item that it says is there.",
                     one_producer_one_consumer<queue::RelaxedPublish<int>>,
                     {
                         {Checker::explore, finds(Kind::data_race)},
                         {Checker::tsan, finds(Kind::data_race)},
                         {Checker::relacy, finds(Kind::data_race)},
                     }),
    primitive.broken(
        "two_producers", "The right ring for one producer, used by two: one item overwrites the other.", two_producers,
        {
            {Checker::explore, finds(Kind::data_race, {Kind::assertion})},
            {Checker::tsan,
             may_find(Kind::data_race, "both must read the index within a few nanoseconds", {Kind::assertion})},
            {Checker::relacy, finds(Kind::data_race, {Kind::assertion})},
        }),
    primitive.broken(
        "freed_at_once", "Frees a node as soon as it is out of the list, while another thread reads it.",
        both_put_and_get<queue::FreedAtOnce<int>, 1>,
        {
            // A free counts as a write, so a read beside it is a race. What is then read may lead anywhere.
            {Checker::explore, finds(Kind::data_race, {Kind::use_after_free, Kind::double_free, Kind::signal,
                                                       Kind::assertion, Kind::abort, Kind::non_termination})},
            {Checker::tsan, may_find(Kind::use_after_free, "a getter must be overtaken between two loads",
                                     {Kind::data_race, Kind::assertion, Kind::signal, Kind::double_free})},
            {Checker::relacy, finds(Kind::use_after_free)},
        }),
    primitive.broken("published_unfilled", "A put hands over its cell and fills it then; a getter comes in between.",
                     both_put_and_get<queue::PublishedUnfilled<int>, 2>,
                     {
                         {Checker::explore, finds(Kind::data_race, {Kind::assertion})},
                         {Checker::tsan, finds(Kind::data_race, {Kind::assertion})},
                         {Checker::relacy, finds(Kind::data_race, {Kind::assertion, Kind::use_after_free})},
                     }),
}};

}  // namespace
}  // namespace racecourse::catalogue
