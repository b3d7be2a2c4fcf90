// Ten threads append to one list. In Python that works; a std::vector has no lock, and loses what two of them append
// at once.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <cassert>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

namespace racecourse::catalogue {
namespace {

constexpr int kThreads = 2;  // ten in the original; two are enough

template <class Work>
void run_threads(Work work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; i++) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
}

// Each number once, in whatever order.
void check(const std::vector<int>& list) {
  assert(list.size() == kThreads);
  std::vector<int> seen(kThreads);
  for (const int i : list) seen[static_cast<std::size_t>(i)]++;
  assert(seen == std::vector<int>(kThreads, 1));
}

void all_append() {
  std::vector<int> list;
  run_threads([&](int i) { list.push_back(i); });  // BUG: no lock
  check(list);
}

void locked() {
  std::mutex mutex;
  std::vector<int> list;  // guarded by mutex
  run_threads([&](int i) {
    const std::lock_guard lock(mutex);
    list.push_back(i);
  });
  check(list);
}

void a_place_for_each() {
  std::vector<int> list(kThreads);
  run_threads([&](int i) { list[static_cast<std::size_t>(i)] = i; });  // no two threads use one element
  check(list);
}

void reserved() {
  std::vector<int> list;
  list.reserve(kThreads);  // "nothing will move any more"
  run_threads([&](int i) { list.push_back(i); });
  check(list);
}

void locked_to_grow() {
  std::mutex mutex;
  std::vector<int> list;
  list.reserve(kThreads / 2);
  run_threads([&](int i) {
    if (list.size() == list.capacity()) {
      const std::lock_guard lock(mutex);  // "only growing is dangerous"
      list.push_back(i);
    } else {
      list.push_back(i);
    }
  });
  check(list);
}

// What two threads do to one vector without a lock is a data race, and then anything may come of it.
const std::vector<Kind> kAnything = {Kind::data_race,     Kind::use_after_free, Kind::double_free, Kind::signal,
                                     Kind::heap_overflow, Kind::abort,          Kind::exception};

const ScenarioRegistration registration{{
    .name = "ten_threads_append",
    .title = "Ten threads and one list",
    .family = "notes",
    .difficulty = 1,
    .from = "note 004, section 2.4",
    .story = "Ten threads each append their number to one list. Main joins them and looks: all ten should be there. "
             "Sometimes there are nine, and sometimes the program crashes.",
    .python = "The original works: list.append is one step there, because a thread keeps the interpreter's global lock "
              "until it is done. Nothing of the kind stands around push_back().",
    .hints = {"What does push_back() read, and what does it write?",
              "Two threads read the end of the list before either has moved it. Where do they put their numbers?",
              "Both write to the same place, and the end moves by one. And if the vector must grow, who frees what?"},
    .explanation =
        "push_back() looks where the end is, writes there, and moves the end. Two threads that look before either has "
        "moved it write to the same place, and one number is lost. If the room is used up it is worse: both copy the "
        "old elements to new memory, and both free the old. The standard calls any of it a data race, and promises "
        "nothing.",
    .rule = "A standard container may be read by many threads, or changed by one. Everything else needs a lock.",
    .fix = "A lock around each append. Or no sharing: the list gets its full length first, and each thread writes to "
           "its own element; different elements are different objects, so nobody meets.",
    .reading = {"C++ Core Guidelines, CP.2: avoid data races; CP.3: minimize explicit sharing of writable data",
                "cppreference.com, Containers library: thread safety",
                "Python documentation, FAQ: what kinds of global value mutation are thread-safe?"},
    .variants =
        {
            broken("all_append", "Threads call push_back() on one vector without a lock.", all_append,
                   {{Checker::explore, finds(Kind::assertion, kAnything)},
                    {Checker::tsan, finds(Kind::data_race, kAnything)}}),
            right("locked", "Each append holds a lock.", locked),
            right("a_place_for_each", "The vector has its length from the start; each thread has its own element.",
                  a_place_for_each),
            wrong_fix("reserved", "Room for all is reserved before the threads start.",
                      "Nothing moves now, but two threads can still take the same place, and one number is lost.",
                      reserved,
                      {{Checker::explore, finds(Kind::assertion, kAnything)},
                       {Checker::tsan, finds(Kind::data_race, kAnything)}}),
            wrong_fix("locked_to_grow", "The lock is taken only when the vector has to grow.",
                      "Whoever needs no room appends beside it, and the question itself reads what others write.",
                      locked_to_grow,
                      {{Checker::explore, finds(Kind::assertion, kAnything)},
                       {Checker::tsan, finds(Kind::data_race, kAnything)}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
