// The stack, right and broken: what was put on it comes off, each item once, however the threads meet at its top.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/lifo_queue/aba.h>
#include <racecourse/primitives/lifo_queue/locked.h>
#include <racecourse/primitives/lifo_queue/node_back_too_soon.h>
#include <racecourse/primitives/lifo_queue/plain_next.h>
#include <racecourse/primitives/lifo_queue/stale_next.h>
#include <racecourse/primitives/lifo_queue/treiber.h>
#include <racecourse/primitives/lifo_queue/treiber_hazard.h>
#include <racecourse/primitives/lifo_queue/use_after_pop.h>
#include <racecourse/scenarios/primitives/declare.h>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <optional>
#include <thread>
#include <vector>

namespace racecourse::catalogue {
namespace {

// S2 and S1, with three threads at the top: one that may stop in the middle of a get, one with the first node in its hands,
// and one that takes the second node and puts an item on again. That is the least for a top to go from A to B and back
// to A with another next, if nodes come from a list of free ones: alone, a thread puts them back as they were.
template <class Stack, std::size_t argument>
void two_get_and_one_replaces() {
  Stack stack(argument);
  stack.put(1);
  stack.put(2);
  std::optional<int> got[3];
  std::thread first([&] { got[0] = stack.try_get(); });
  std::thread second([&] { got[1] = stack.try_get(); });
  got[2] = stack.try_get();
  stack.put(3);
  first.join();
  second.join();
  std::vector<int> items;
  for (const std::optional<int>& item : got) {
    if (item) items.push_back(*item);
  }
  // One more than there can be: a broken list may have become a circle.
  for (int i = 0; i < 4; i++) {
    if (const std::optional<int> item = stack.try_get()) items.push_back(*item);
  }
  std::sort(items.begin(), items.end());
  assert(items == std::vector<int>({1, 2, 3}));
  assert(stack.empty());
  // S1, which can be seen only where nobody else gets.
  stack.put(4);
  stack.put(5);
  assert(stack.try_get() == 5);
  assert(stack.try_get() == 4);
}

const Primitive primitive("lifo_queue");

const Registration registration{{
    primitive.right("locked", "The locked queue, with its items taken from the end where they are put.",
                    two_get_and_one_replaces<lifo_queue::Locked<int>, 2>, no_std_types()),
    primitive.right("treiber",
                    "A linked list from a pool of nodes; the word on top has a tag that grows with each change.",
                    two_get_and_one_replaces<lifo_queue::Treiber<int>, 2>, finds_nothing()),
    // The 1 is the number of nodes after which it frees what nobody reads: at once, so that a short run shows it.
    primitive.right("treiber_hazard", "The same from the heap: hazard pointers keep the nodes that somebody reads.",
                    two_get_and_one_replaces<lifo_queue::TreiberHazard<int>, 1>, finds_nothing()),

    primitive.broken("aba", "The top looks as it did, but is not the same: a node that is free is put on top.",
                     two_get_and_one_replaces<lifo_queue::Aba<int>, 2>,
                     {
                         {Checker::explore, finds(Kind::assertion, {Kind::data_race, Kind::non_termination})},
                         {Checker::tsan, may_find(Kind::assertion, "three threads must meet in a window of two loads",
                                                  {Kind::data_race, Kind::hang})},
                         {Checker::relacy, finds(Kind::assertion, {Kind::data_race, Kind::livelock})},
                     }),
    primitive.broken("plain_next", "Reads a next that another thread writes; the value is thrown away, the race stays.",
                     two_get_and_one_replaces<lifo_queue::PlainNext<int>, 2>,
                     {
                         {Checker::explore, finds(Kind::data_race)},
                         {Checker::tsan, may_find(Kind::data_race, "a get must be overtaken by a get and a put")},
                         {Checker::relacy, finds(Kind::data_race)},
                     }),
    primitive.broken("stale_next", "Reads the newest top, and then a next that its node had in an earlier life.",
                     two_get_and_one_replaces<lifo_queue::StaleNext<int>, 2>,
                     {
                         {Checker::explore, cannot_see("here each load returns what was stored last")},
                         {Checker::tsan, cannot_see("every access is atomic, and x86 loads in order")},
                         {Checker::relacy, finds(Kind::assertion, {Kind::data_race, Kind::livelock})},
                     }),
    primitive.broken(
        "node_back_too_soon", "A node is free again before its item is out of it; a put fills it meanwhile.",
        two_get_and_one_replaces<lifo_queue::NodeBackTooSoon<int>, 2>,
        {
            {Checker::explore, finds(Kind::data_race, {Kind::assertion})},
            {Checker::tsan,
             may_find(Kind::data_race, "a put must take the node that a get is emptying", {Kind::assertion})},
            {Checker::relacy, finds(Kind::data_race, {Kind::assertion})},
        }),
    primitive.broken(
        "use_after_pop", "Frees a node as soon as it is off the stack, while another thread reads its next.",
        two_get_and_one_replaces<lifo_queue::UseAfterPop<int>, 1>,
        {
            // A free counts as a write, so a read beside it is a race. What is then read may lead anywhere.
            {Checker::explore, finds(Kind::data_race, {Kind::use_after_free, Kind::double_free, Kind::signal,
                                                       Kind::assertion, Kind::abort, Kind::non_termination})},
            {Checker::tsan, may_find(Kind::use_after_free, "a get must be overtaken between two loads",
                                     {Kind::data_race, Kind::assertion, Kind::signal, Kind::double_free})},
            {Checker::relacy, finds(Kind::use_after_free)},
        }),
}};

}  // namespace
}  // namespace racecourse::catalogue
