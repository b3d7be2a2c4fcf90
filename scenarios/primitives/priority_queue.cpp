// The priority queue, right and broken: the smallest items go first, each once.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/priority_queue/locked.h>
#include <racecourse/primitives/priority_queue/peek_then_pop.h>
#include <racecourse/primitives/priority_queue/size_checked_unlocked.h>
#include <racecourse/scenarios/primitives/declare.h>

#include <cassert>
#include <optional>
#include <thread>

namespace racecourse::catalogue {
namespace {

// P1 and P2: of three items two threads get the smaller two, one each.
template <class Queue>
void two_getters_three_items() {
  Queue queue;
  for (const int item : {30, 10, 20}) queue.put(item);
  std::optional<int> first_got, second_got;
  std::thread first([&] { first_got = queue.try_get(); });
  std::thread second([&] { second_got = queue.try_get(); });
  first.join();
  second.join();
  assert((first_got == 10 && second_got == 20) || (first_got == 20 && second_got == 10));
  assert(queue.get() == 30 && queue.empty());
}

// The same with one item for two.
template <class Queue>
void two_getters_one_item() {
  Queue queue;
  queue.put(10);
  std::optional<int> first_got, second_got;
  std::thread first([&] { first_got = queue.try_get(); });
  std::thread second([&] { second_got = queue.try_get(); });
  first.join();
  second.join();
  assert(first_got.has_value() != second_got.has_value());
}

const Primitive primitive("priority_queue");

const Registration registration{{
    primitive.right("locked", "The locked queue with a heap inside, so that the smallest item is the next.",
                    two_getters_three_items<priority_queue::Locked<int>>, no_std_types()),

    primitive.broken(
        "size_checked_unlocked", "Looks whether it is empty before it locks, and not again: one item for two getters.",
        two_getters_one_item<priority_queue::SizeCheckedUnlocked<int>>,
        {
            // Who takes an item from an empty heap follows a pointer that is null, or was freed.
            {Checker::explore, finds(Kind::data_race, {Kind::signal, Kind::assertion, Kind::abort, Kind::use_after_free,
                                                       Kind::double_free, Kind::heap_overflow})},
            {Checker::tsan, finds(Kind::data_race, {Kind::signal, Kind::assertion, Kind::abort, Kind::use_after_free,
                                                    Kind::double_free, Kind::heap_overflow})},
            {Checker::relacy, no_std_types()},
        }),
    primitive.broken(
        "peek_then_pop", "Reads the smallest in one section, drops it in another: got twice, or never.",
        two_getters_three_items<priority_queue::PeekThenPop<int>>,
        {
            {Checker::explore, finds(Kind::assertion)},
            {Checker::tsan,
             may_find(Kind::assertion, "each access is locked; the second getter must come between two locks")},
            {Checker::relacy, no_std_types()},
        }),
}};

}  // namespace
}  // namespace racecourse::catalogue
