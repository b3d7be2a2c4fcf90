// Joined before it was closed: a pool cannot be waited for while more work may come. The order is: submit, close, join.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/pool/fixed.h>
#include <racecourse/scenarios/scenario.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using pool::Fixed;

// Two jobs; who calls it wants to read what they have earned.
class Jobs {
 public:
  void submit_to(Fixed& pool) {
    pool.submit([this] { earned_ += 2; });
    pool.submit([this] { earned_ += 3; });
  }
  void check() const { assert(earned_ == 5); }

 private:
  std::atomic<int> earned_{0};
};

void joined_while_open() {
  Jobs jobs;
  Fixed pool(2);
  jobs.submit_to(pool);
  pool.join();  // BUG: still open
  jobs.check();
}

void submit_close_join() {
  Jobs jobs;
  Fixed pool(2);
  jobs.submit_to(pool);
  pool.close();
  pool.join();
  jobs.check();
}

void in_a_block() {
  Jobs jobs;
  {
    Fixed pool(2);
    jobs.submit_to(pool);
  }  // closed and joined by the destructor
  jobs.check();
}

void caught_and_ignored() {
  Jobs jobs;
  Fixed pool(2);
  jobs.submit_to(pool);
  try {
    pool.join();
  } catch (const std::logic_error&) {  // "it is only a complaint"
  }
  jobs.check();
}

void sleep_instead() {
  Jobs jobs;
  Fixed pool(2);
  jobs.submit_to(pool);
  std::this_thread::sleep_for(50ms);  // "they will be done by then"
  jobs.check();
}

void closed_first() {
  Jobs jobs;
  Fixed pool(2);
  pool.close();  // "then it cannot be forgotten"
  jobs.submit_to(pool);
  pool.join();
  jobs.check();
}

const ScenarioRegistration registration{{
    .name = "joined_before_closed",
    .title = "Joined before it was closed",
    .family = "notes",
    .difficulty = 1,
    .from = "note 001, the process pool: close() must come before join()",
    .story = "Main hands two jobs to a pool, waits for them with join(), and reads what they have earned. The program "
             "ends at join(), with an exception. It is easily made to go away; and then the sum is wrong.",
    .python = "Pool.join() raises ValueError there, `Pool is still running`. The with-block of a "
              "multiprocessing.Pool is a trap of its own: it ends with terminate(), not with close() and join().",
    .hints = {"What is join() of a pool to wait for?",
              "As long as the pool is open, another submit() may come. When would waiting be over?",
              "Without the exception main would go on. What is known about the two jobs then?"},
    .explanation =
        "join() waits until the workers have ended, and they end when there is no work and none can come. While the "
        "pool is open, some can: join() would wait for ever. So it refuses, at once. Who swallows the refusal goes on "
        "without having waited at all, and reads the sum while the jobs still run.",
    .rule = "Submit everything, close, join; and read the results after that.",
    .fix = "close() says that no more work will come. From then on the workers end when the queue is empty, so join() "
           "has something to wait for, and all that the jobs did is done when it returns. A block does both in the "
           "right order: the pool's destructor closes and joins.",
    .reading = {"Python documentation, multiprocessing.pool.Pool: close(), terminate(), join()",
                "C++ Core Guidelines, CP.23: think of a joining thread as a scoped container"},
    .variants =
        {
            broken("joined_while_open", "Main waits for a pool to which more work may still come.", joined_while_open,
                   {{Checker::explore, finds(Kind::exception)}, {Checker::tsan, finds(Kind::exception)}}),
            right("submit_close_join", "Main closes the pool after the last job, and joins it then.",
                  submit_close_join),
            right("in_a_block", "The pool lives in a block, and its destructor closes and joins.", in_a_block),
            wrong_fix("caught_and_ignored", "Main catches the exception and carries on.",
                      "Nobody has waited: main reads the sum while the jobs still run.", caught_and_ignored,
                      {{Checker::explore, finds(Kind::assertion)}, {Checker::tsan, finds(Kind::assertion)}}),
            wrong_fix("sleep_instead", "Main sleeps a while instead of joining.",
                      "A sleep waits for nobody; on a busy machine the jobs take longer.", sleep_instead,
                      {{Checker::explore, finds(Kind::assertion)},
                       {Checker::tsan, may_find(Kind::assertion, "the jobs must be 50 ms late")}}),
            wrong_fix("closed_first", "Main closes the pool before it submits, so as not to forget it.",
                      "A closed pool takes in nothing more: submit() throws.", closed_first,
                      {{Checker::explore, finds(Kind::exception)}, {Checker::tsan, finds(Kind::exception)}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
