// A function that holds a lock calls another one that takes it: the thread waits for itself.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <cassert>
#include <mutex>
#include <thread>

namespace racecourse::catalogue {
namespace {

template <class Mutex>
struct Log {
  Mutex mutex;
  int lines[3] = {};  // guarded by mutex
  int count = 0;      // guarded by mutex

  void append(int line) { lines[count++] = line; }  // the caller holds mutex
};

using Plain = Log<std::mutex>;
using Recursive = Log<std::recursive_mutex>;

// One thread writes two lines that belong together, the other writes one.
template <class Log, void write_pair(Log&, int), void write(Log&, int)>
void two_writers() {
  Log log;
  std::thread pair([&] { write_pair(log, 1); });
  std::thread single([&] { write(log, 2); });
  pair.join();
  single.join();
  assert(log.count == 3);
  assert(log.lines[1] == 1);  // 1 1 2 or 2 1 1: nothing stands between the two
}

template <class Log>
void write(Log& log, int line) {
  const std::lock_guard lock(log.mutex);
  log.append(line);
}

template <class Log>
void write_pair(Log& log, int line) {
  const std::lock_guard lock(log.mutex);  // nothing shall come between the two
  write(log, line);                       // BUG: locks again (unless the lock is recursive)
  write(log, line);
}

void append_pair(Plain& log, int line) {
  const std::lock_guard lock(log.mutex);
  log.append(line);
  log.append(line);
}

void write_unless_locked(Plain& log, int line) {
  const std::unique_lock lock(log.mutex, std::try_to_lock);  // "if it is taken, then by us"
  log.append(line);
}

void write_pair_unless_locked(Plain& log, int line) {
  const std::lock_guard lock(log.mutex);
  write_unless_locked(log, line);
  write_unless_locked(log, line);
}

void let_go_for_each(Plain& log, int line) {
  std::unique_lock lock(log.mutex);
  lock.unlock();  // write() takes it
  write(log, line);
  write(log, line);
  lock.lock();
}

// Every run of a broken one on real threads that hangs costs the whole deadline.
Options short_trials() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

const ScenarioRegistration registration{{
    .name = "locked_twice",
    .title = "A lock taken twice by one thread",
    .family = "notes",
    .difficulty = 1,
    .from = "note 001, the section on locks",
    .story = "A log locks itself for each line. Some lines come in pairs that nothing may separate, so there is a "
             "function that takes the lock and writes both. The first pair stops the program.",
    .python = "The same with threading.Lock, which has no owner: its second acquire() waits, in the same thread too. "
              "threading.RLock is the recursive one. In C++ a second lock() of a std::mutex by its owner is undefined: "
              "it mostly waits for ever. Even try_lock() by the owner is.",
    .hints = {"Only one thread is needed for this hang. Which one, and what does it wait for?",
              "Follow the lock through both functions. Who holds it when the inner one asks for it?",
              "write_pair() holds the lock while it calls write(), which takes the lock. When will it be free?"},
    .explanation =
        "write_pair() takes the lock and calls write(). That one takes the lock too, finds it taken, and waits for its "
        "holder. The holder is the thread itself, in the function around this one, which goes on when write() returns. "
        "A std::mutex does not know or care who holds it.",
    .rule = "Decide for each function whether it takes the lock or expects it to be held, and let no function of the "
            "first kind call another one.",
    .fix = "What both functions do is put into a helper that expects the lock to be held; the functions for everybody "
           "take the lock once and call the helper. A recursive lock works too: it knows its owner, counts, and is "
           "free after the last unlock. But it hides which function relies on what.",
    .reading = {"Williams, C++ Concurrency in Action, 2nd edition, section 3.3.3: Recursive locking",
                "C++ Core Guidelines, CP.22: never call unknown code while holding a lock",
                "pthread_mutex_lock(3p): relock, by the type of the mutex"},
    .variants =
        {
            with(short_trials(),
                 broken("write_pair_locks_too", "Holds the lock and calls a function that takes it.",
                        two_writers<Plain, write_pair, write>,
                        {{Checker::explore, finds(Kind::self_deadlock)}, {Checker::tsan, finds(Kind::hang)}})),
            right("unlocked_helper", "The lock is taken on the outside only; the helper expects it to be held.",
                  two_writers<Plain, append_pair, write>),
            right("recursive_lock", "The lock knows its owner, lets it in again, and counts.",
                  two_writers<Recursive, write_pair, write>),
            wrong_fix("goes_on_if_locked", "Tries to take the lock, and goes on without it if it is taken.",
                      "It may be taken by somebody else, and then both write at once.",
                      two_writers<Plain, write_pair_unless_locked, write_unless_locked>,
                      {{Checker::explore, finds(Kind::assertion, {Kind::data_race})},
                       {Checker::tsan, may_find(Kind::data_race, "one must come while the other writes its pair",
                                                {Kind::assertion})}}),
            wrong_fix("unlocks_around_the_call", "Gives the lock back before each call.",
                      "Between the two lines it is free, and another line comes between them.",
                      two_writers<Plain, let_go_for_each, write>,
                      {{Checker::explore, finds(Kind::assertion)},
                       {Checker::tsan, may_find(Kind::assertion, "the window is a few instructions")}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
