// An exception between lock() and unlock(): nobody gives the lock back, and the next thread waits for ever.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <atomic>
#include <cassert>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

namespace racecourse::catalogue {
namespace {

// The pages that three threads fetch: two of them do not hold a number that fits.
const std::string kPages[] = {"99999999999", "pikachu", "10"};

struct Total {
  std::mutex mutex;
  int sum = 0;  // guarded by mutex
};

// Adds up three pages, each in a thread of its own. A bad page is logged and left out.
template <void add(Total&, const std::string&)>
void add_all_pages() {
  Total total;
  std::atomic<int> failed{0};  // stands for a log
  const auto work = [&](const std::string& page) {
    try {
      add(total, page);
    } catch (const std::exception&) {
      ++failed;
    }
  };
  std::thread first(work, kPages[0]), second(work, kPages[1]), third(work, kPages[2]);
  first.join();
  second.join();
  third.join();
  assert(total.sum == 10 && failed == 2);
}

void unlock_by_hand(Total& total, const std::string& page) {
  total.mutex.lock();
  total.sum += std::stoi(page);  // BUG: may throw
  total.mutex.unlock();
}

void guard(Total& total, const std::string& page) {
  const std::lock_guard lock(total.mutex);
  total.sum += std::stoi(page);
}

void parse_first(Total& total, const std::string& page) {
  const int number = std::stoi(page);
  total.mutex.lock();
  total.sum += number;  // nothing from lock() to unlock() throws
  total.mutex.unlock();
}

void catch_one_type(Total& total, const std::string& page) {
  total.mutex.lock();
  try {
    total.sum += std::stoi(page);
  } catch (const std::invalid_argument&) {  // "pikachu"; but a number that is too large is a std::out_of_range
    total.mutex.unlock();
    throw;
  }
  total.mutex.unlock();
}

void unlock_before_throw(Total& total, const std::string& page) {
  total.mutex.lock();
  if (page.find_first_not_of("0123456789") != std::string::npos) {
    total.mutex.unlock();
    throw std::invalid_argument("not a number: " + page);
  }
  total.sum += std::stoi(page);  // throws as well, out of sight
  total.mutex.unlock();
}

// Every run of a broken one on real threads costs the whole deadline.
Options short_trials() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

const std::map<Checker, Expectation> waits_for_ever{{Checker::explore, finds(Kind::deadlock)},
                                                    {Checker::tsan, finds(Kind::hang)}};

const ScenarioRegistration registration{{
    .name = "lock_not_released",
    .title = "An exception takes the lock with it",
    .family = "notes",
    .difficulty = 1,
    .from = "note 000, section 5",
    .story = "Three threads fetch a page each and add the number on it to a total, under a lock. A page that holds no "
             "number makes the parser throw; the thread catches that, logs it and goes on. After a bad page the "
             "program stands still.",
    .python = "The same in Python, where the note calls acquire() and release() inside one try: an exception between "
              "them skips the release. The cure there is `with lock:`, or a release in a finally.",
    .hints = {"Which thread holds the lock when the program stands still? Is it still running?",
              "An exception leaves by the shortest way. Which line does it pass over?",
              "std::stoi throws between lock() and unlock(). Who unlocks then?"},
    .explanation =
        "The thread with the bad page takes the lock, and std::stoi throws. The exception leaves the function at once "
        "and passes over unlock(). The thread catches it and carries on as if nothing had happened, and ends with the "
        "lock in hand. Whoever comes next waits for a thread that is no more.",
    .rule = "Leave the unlock to a destructor: every way out of the scope passes through it.",
    .fix = "std::lock_guard unlocks in its destructor, and that runs on a return, on a break and on every exception. "
           "To do what can throw before the lock is taken is as good, as long as nobody adds a line; and it keeps the "
           "lock for a shorter time.",
    .reading = {"C++ Core Guidelines, CP.20: use RAII, never plain lock()/unlock(); E.6: use RAII to prevent leaks",
                "Williams, C++ Concurrency in Action, 2nd edition, section 3.2: Protecting shared data with mutexes",
                "Python documentation, threading: Using locks, conditions, and semaphores in the with statement"},
    .variants =
        {
            with(short_trials(), broken("unlock_by_hand", "Between lock() and unlock() stands a line that throws.",
                                        add_all_pages<unlock_by_hand>, waits_for_ever)),
            right("guard", "A guard unlocks on every way out.", add_all_pages<guard>),
            right("parse_first", "All that can throw is done before the lock is taken.", add_all_pages<parse_first>),
            with(short_trials(), wrong_fix("catch_one_type", "Catches the exception that was seen, and unlocks there.",
                                           "Another page throws another type, which passes by that handler.",
                                           add_all_pages<catch_one_type>, waits_for_ever)),
            with(short_trials(), wrong_fix("unlock_before_throw", "Unlocks before its own throw.",
                                           "A function that it calls throws too, and knows nothing of the lock.",
                                           add_all_pages<unlock_before_throw>, waits_for_ever)),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
