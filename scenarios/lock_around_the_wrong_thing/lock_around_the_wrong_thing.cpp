// Two workers print the messages of one inbox. There is a lock, and it guards the printing, not the inbox.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <cassert>
#include <mutex>
#include <thread>

namespace racecourse::catalogue {
namespace {

constexpr int kMessages = 1;

struct Office {
  int next = 0;                     // the inbox: the number of the next message
  std::mutex inbox_lock;            // of the variants that have one
  int printed[kMessages + 1] = {};  // how often each message was; guarded by printer_lock
  std::mutex printer_lock;

  void print(int message) {
    const std::lock_guard lock(printer_lock);
    ++printed[message];
  }
};

template <void work(Office&)>
void two_workers() {
  Office office;
  std::thread first([&] { work(office); }), second([&] { work(office); });
  first.join();
  second.join();
  assert(office.printed[0] == 1);
  assert(office.printed[kMessages] == 0);  // there is no such message
}

void lock_the_printing(Office& office) {
  while (office.next < kMessages) {
    const int message = office.next++;  // BUG: no lock here
    office.print(message);
  }
}

void lock_the_taking(Office& office) {
  while (true) {
    int message = 0;
    {
      const std::lock_guard lock(office.inbox_lock);
      if (office.next >= kMessages) return;
      message = office.next++;
    }
    office.print(message);  // work takes long: without the inbox's lock
  }
}

void lock_of_its_own(Office& office) {
  std::mutex inbox_lock;  // one for each worker: they never meet at it
  while (true) {
    int message = 0;
    {
      const std::lock_guard lock(inbox_lock);
      if (office.next >= kMessages) return;
      message = office.next++;
    }
    office.print(message);
  }
}

void lock_look_and_take_apart(Office& office) {
  const auto is_empty = [&] {
    const std::lock_guard lock(office.inbox_lock);
    return office.next >= kMessages;
  };
  const auto take = [&] {
    const std::lock_guard lock(office.inbox_lock);
    return office.next++;
  };
  while (!is_empty()) {
    office.print(take());  // perhaps one that is not there
  }
}

const std::map<Checker, Expectation> races{
    // The race is there in every execution; the message that is printed twice is what the reader is to see.
    {Checker::explore, finds(Kind::assertion, {Kind::data_race})},
    {Checker::tsan, finds(Kind::data_race, {Kind::assertion})}};

const ScenarioRegistration registration{{
    .name = "lock_around_the_wrong_thing",
    .title = "A lock around the wrong thing",
    .family = "notes",
    .difficulty = 2,
    .from = "note 002, the section on locks",
    .story = "Two workers empty one inbox. A lock makes sure that only one of them prints at a time, because printing "
             "is what must not be done together. Now and then a message is printed twice.",
    .python =
        "In the note the inbox is a queue.Queue, which locks each of its calls for itself; there the workers race "
        "only between qsize() and get(), and one may wait for ever (stolen_last_item shows it). A plain C++ "
        "object has no lock of its own: here the very number of the next message is read and written at once.",
    .hints = {"List the data that both workers use. Under which lock is each of them?",
              "The printing is guarded. How does a worker come by what it prints?",
              "Both may read the same number of the next message before either has raised it."},
    .explanation =
        "A lock does not guard code, it guards data: whatever all threads touch only while they hold it. Here that is "
        "the printer. The inbox is shared too, and is looked at and changed outside. Both workers read the same "
        "number, both print that message, each of them politely alone.",
    .rule = "For each piece of shared data, name the lock that guards it, and take that lock for every access.",
    .fix = "The inbox gets a lock, and it is held from the look to the take, so that what was seen is what is taken. "
           "The printing keeps its own, and the workers do not hold one while they wait for the other.",
    .reading = {"C++ Core Guidelines, CP.50: define a mutex together with the data it guards",
                "Goetz et al., Java Concurrency in Practice, section 2.4: Guarding state with locks"},
    .variants =
        {
            broken("lock_the_printing", "The work is locked; how the workers get their work is not.",
                   two_workers<lock_the_printing>, races),
            right("lock_the_taking", "The inbox has a lock, held from the look to the take.",
                  two_workers<lock_the_taking>),
            wrong_fix("lock_of_its_own", "Look and take are locked, with a lock that each worker has for itself.",
                      "Two locks exclude nobody: each worker always finds its own one free.",
                      two_workers<lock_of_its_own>, races),
            wrong_fix("lock_look_and_take_apart", "Each access to the inbox takes the lock.",
                      "Between the look and the take the other worker takes the last message.",
                      two_workers<lock_look_and_take_apart>,
                      {{Checker::explore, finds(Kind::assertion)},
                       {Checker::tsan,
                        may_find(Kind::assertion, "no data race is left, and the window is a few instructions")}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
