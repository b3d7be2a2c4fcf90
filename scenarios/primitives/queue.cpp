// The queue, right and broken: items go from producers to consumers, each once and in order.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/queue/if_instead_of_while.h>
#include <racecourse/primitives/queue/locked.h>
#include <racecourse/primitives/queue/notify_first_only.h>
#include <racecourse/primitives/queue/one_cv_notify_one.h>
#include <racecourse/primitives/queue/unsynchronized_size.h>
#include <racecourse/scenarios/primitives/declare.h>

#include <cassert>
#include <cstddef>
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

const Primitive primitive("queue");

const Registration registration{{
    primitive.right("locked", "One mutex, and a condition variable for each thing that a thread may wait for.",
                    two_getters_one_putter<queue::Locked<int>, 1>, no_std_types()),

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
        two_getters_one_putter<queue::IfInsteadOfWhile<int>, 0>,
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
}};

}  // namespace
}  // namespace racecourse::catalogue
