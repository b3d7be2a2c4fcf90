// The stop flag, right and broken: a thread is told to stop, and must see what was written before it was told.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/stop_flag/atomic_bool.h>
#include <racecourse/primitives/stop_flag/condition_variable.h>
#include <racecourse/primitives/stop_flag/flag_declared_after_thread.h>
#include <racecourse/primitives/stop_flag/plain_bool.h>
#include <racecourse/primitives/stop_flag/relaxed_flag_publishes_data.h>
#include <racecourse/primitives/stop_flag/stop_token.h>
#include <racecourse/primitives/stop_flag/store_without_lock.h>
#include <racecourse/primitives/stop_flag/volatile_bool.h>
#include <racecourse/primitives/stop_flag/worker.h>
#include <racecourse/scenarios/primitives/declare.h>

#include <cassert>
#include <chrono>
#include <thread>

namespace racecourse::catalogue {
namespace {

// One step of work: the sleep of the course notes. A call that the compiler cannot see through, so that even a plain
// flag is read again after it.
void step() { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }

// S1 and S2: the worker ends, and reads what was written before the request.
template <class Flag>
void last_order_before_stop() {
  Flag flag;
  int last_order = 0;
  int seen = -1;
  std::thread worker([&] {
    while (!flag.requested()) step();
    seen = last_order;
  });
  last_order = 42;
  flag.request();
  worker.join();
  assert(seen == 42);
}

// The same for a worker that has nothing to do, and sleeps until it is told to stop.
template <class Flag>
void sleeper_is_told() {
  Flag flag;
  int last_order = 0;
  int seen = -1;
  std::thread sleeper([&] {
    flag.wait();
    seen = last_order;
  });
  last_order = 42;
  flag.request();
  sleeper.join();
  assert(seen == 42);
}

// And for a worker that owns its flag and its thread. S3: it must not stop before it is told.
template <class Worker>
void owner_stops_its_worker() {
  int last_order = 0;
  int seen = -1;
  Worker worker(step, [&] { seen = last_order; });
  last_order = 42;
  worker.stop();
  assert(seen == 42);
}

const Primitive primitive("stop_flag");

const Registration registration{{
    primitive.right("atomic_bool",
                    "An atomic flag, stored with release and loaded with acquire, declared before its thread.",
                    owner_stops_its_worker<stop_flag::Worker<stop_flag::AtomicBool>>, finds_nothing()),
    primitive.right("stop_token", "The standard library's stop_source and stop_token.",
                    last_order_before_stop<stop_flag::StopToken>, no_std_types()),
    primitive.right("condition_variable", "The flag is set under the mutex that the sleeper holds while it looks.",
                    sleeper_is_told<stop_flag::ConditionVariable>, no_std_types()),

    primitive.broken("plain_bool", "A plain bool that one thread writes while another reads it.",
                     last_order_before_stop<stop_flag::PlainBool>,
                     {
                         {Checker::explore, finds(Kind::data_race)},
                         {Checker::tsan, finds(Kind::data_race)},
                         {Checker::relacy, no_std_types()},
                     }),
    primitive.broken("volatile_bool", "volatile makes the compiler read it every time; it is a data race all the same.",
                     last_order_before_stop<stop_flag::VolatileBool>,
                     {
                         {Checker::explore, finds(Kind::data_race)},
                         {Checker::tsan, finds(Kind::data_race)},
                         {Checker::relacy, no_std_types()},
                     }),
    primitive.broken("relaxed_flag_publishes_data", "The flag arrives, but what was written before it need not.",
                     last_order_before_stop<stop_flag::RelaxedFlagPublishesData>,
                     {
                         {Checker::explore, finds(Kind::data_race)},
                         {Checker::tsan, finds(Kind::data_race)},
                         {Checker::relacy, finds(Kind::data_race)},
                     }),
    hangs(primitive.broken(
        "store_without_lock", "The request falls between the sleeper's look and its sleep, and wakes nobody.",
        sleeper_is_told<stop_flag::StoreWithoutLock>,
        {
            {Checker::explore, finds(Kind::lost_wakeup, {Kind::deadlock})},
            {Checker::tsan,
             may_find(Kind::hang, "the flag is atomic, so there is no data race; the window is a few instructions")},
            {Checker::relacy, no_std_types()},
        })),
    primitive.broken(
        "flag_declared_after_thread", "The thread starts first and looks at a flag that is not made yet.",
        owner_stops_its_worker<stop_flag::FlagDeclaredAfterThread<stop_flag::AtomicBool>>,
        {
            // Whatever lay in the flag's memory may also end the worker at once: then it has seen nothing.
            {Checker::explore, finds(Kind::data_race, {Kind::assertion})},
            {Checker::tsan, finds(Kind::data_race, {Kind::assertion})},
            {Checker::relacy, not_run("the fault is in the order of construction, not in the memory orders")},
        }),
}};

}  // namespace
}  // namespace racecourse::catalogue
