// The future of std::async waits in its destructor: two tasks that were started together run one after the other.
//
// Every other future can be thrown away. This one joins its thread, so the line that starts a task may be the line that
// waits for it.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <cassert>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

namespace racecourse::catalogue {
namespace {

// Client and server greet each other: neither is done before the other has come.
struct Meeting {
  std::mutex mutex;
  std::condition_variable arrival;
  int present = 0;  // guarded by mutex

  void attend() {
    std::unique_lock lock(mutex);
    ++present;
    arrival.notify_all();
    arrival.wait(lock, [this] { return present == 2; });
  }
};

template <class Task>
void start(Task task) {
  auto running = std::async(std::launch::async, std::move(task));
}  // BUG: waits for the task here

void thrown_away() {
  Meeting meeting;
  start([&] { meeting.attend(); });
  start([&] { meeting.attend(); });
  assert(meeting.present == 2);
}

void kept() {
  Meeting meeting;
  auto server = std::async(std::launch::async, [&] { meeting.attend(); });
  auto client = std::async(std::launch::async, [&] { meeting.attend(); });
  server.get();
  client.get();
  assert(meeting.present == 2);
}

void shared() {
  Meeting meeting;
  {
    std::shared_future<void> server = std::async(std::launch::async, [&] { meeting.attend(); });
  }
  {
    std::shared_future<void> client = std::async(std::launch::async, [&] { meeting.attend(); });
  }
  assert(meeting.present == 2);
}

void packaged() {
  Meeting meeting;
  std::packaged_task<void()> serve([&] { meeting.attend(); }), call([&] { meeting.attend(); });
  std::future<void> served = serve.get_future(), called = call.get_future();
  std::thread server(std::move(serve)), client(std::move(call));
  served.get();  // these futures only hold the result; the threads are joined where that is written
  called.get();
  server.join();
  client.join();
  assert(meeting.present == 2);
}

void deferred() {
  Meeting meeting;
  auto server = std::async(std::launch::deferred, [&] { meeting.attend(); });
  auto client = std::async(std::launch::deferred, [&] { meeting.attend(); });
  server.get();  // runs it here, now
  client.get();
  assert(meeting.present == 2);
}

Options hangs_on_real_threads() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

const std::map<Checker, Expectation> never_meet{{Checker::explore, finds(Kind::deadlock)},
                                                {Checker::tsan, finds(Kind::hang)}};

const ScenarioRegistration registration{{
    .name = "async_future_blocks",
    .title = "The future that waits to be thrown away",
    .family = "classic",
    .difficulty = 2,
    .from = "the working paper N3679 of 2013, which asked to change it; it stayed",
    .story = "A helper starts a task in the background with std::async and goes on; nobody needs the result. A server "
             "and a client are started that way, greet each other, and are done. But the client is never started: the "
             "line before it does not return.",
    .python = "A Future of concurrent.futures waits for nothing when it is dropped; leaving the executor's "
              "with-block is what waits.",
    .hints = {"What becomes of the future that std::async returns, when the helper ends?",
              "Most destructors of futures do nothing. When does this one not?",
              "The future of std::async waits for its task. For whom does that task wait?"},
    .explanation =
        "std::async with launch::async makes a thread, and the last future of that task joins it in its destructor. "
        "The helper's future dies at the closing brace, so the helper returns only when the task is done. The first "
        "task waits for the second to arrive, and the second is started only when the helper has returned. If the "
        "tasks did not need each other, nothing would hang: they would silently run one after the other.",
    .rule = "Keep the future of std::async for as long as the task may run; its end is a join.",
    .fix = "Both futures are kept, and got after both tasks were started. Or start threads or a pool, whose join is "
           "written where it happens.",
    .reading = {"Sutter, N3679: async() future destructors must wait, 2013; Boehm, N3451 on the same",
                "Meyers, Effective Modern C++, 2014, item 38: be aware of varying thread handle destructor behavior",
                "cppreference, std::async, notes"},
    .variants =
        {
            with(hangs_on_real_threads(),
                 broken("thrown_away", "A helper starts each task and drops its future.", thrown_away, never_meet)),
            right("kept", "Both futures live until both tasks were started.", kept),
            right("packaged", "Tasks in threads of their own, whose futures wait for nothing.", packaged),
            with(hangs_on_real_threads(),
                 wrong_fix("shared", "Holds each result as a std::shared_future.",
                           "The last shared future of the task waits in its destructor too.", shared, never_meet)),
            with(hangs_on_real_threads(),
                 wrong_fix("deferred", "Starts the tasks with launch::deferred, whose futures do not wait.",
                           "Nothing runs in the background then: each task runs inside its get().", deferred,
                           never_meet)),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
