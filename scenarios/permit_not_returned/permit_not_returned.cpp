// A permit that is not returned: an exception jumps over the release. Nothing hangs until the last permit is gone.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/semaphore/counting.h>
#include <racecourse/scenarios/scenario.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using Semaphore = semaphore::Counting;
using semaphore::Permit;

struct Server {
  explicit Server(int permits) : connections(permits) {}

  // The server takes two at a time. Pages below 2 do not exist.
  void download(int page) {
    assert(++inside <= 2);
    std::this_thread::sleep_for(5ms);
    --inside;
    if (page < 2) throw std::runtime_error("no such page");
  }

  Semaphore connections;
  std::atomic<int> inside{0};
};

// Each worker downloads one page, and carries on if there is none.
template <class Download>
void three_workers(int permits, Download download) {
  Server server(permits);
  const auto work = [&](int page) {
    try {
      download(server, page);
    } catch (const std::runtime_error&) {
    }
  };
  std::thread a(work, 0), b(work, 1), c(work, 2);
  a.join();
  b.join();
  c.join();
}

void acquire_and_release(Server& server, int page) {
  server.connections.acquire();
  server.download(page);
  server.connections.release();  // BUG: jumped over
}

void lost_on_an_exception() { three_workers(2, acquire_and_release); }

void held_by_an_object() {
  three_workers(2, [](Server& server, int page) {
    const Permit<Semaphore> permit(server.connections);
    server.download(page);
  });
}

void one_spare_permit() {
  three_workers(3, acquire_and_release);  // "in case one gets lost"
}

void released_in_any_case() {
  three_workers(2, [](Server& server, int page) {
    for (int attempt = 0; attempt < 2; attempt++) {
      try {
        if (!server.connections.try_acquire_for(1ms)) throw std::runtime_error("the server is busy");
        server.download(page);
      } catch (const std::runtime_error&) {
      }
      server.connections.release();  // "whatever happened, none is lost"
    }
  });
}

Options short_hang() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

const ScenarioRegistration registration{{
    .name = "permit_not_returned",
    .title = "A permit that is not returned",
    .family = "notes",
    .difficulty = 2,
    .from = "note 002, the semaphore: each worker calls acquire(), works, and calls release()",
    .story = "A server takes two downloads at a time, so two permits are shared among the workers. Two pages do not "
             "exist, and their downloads throw. The workers catch that and carry on. After a good start the program "
             "stands still, in front of an idle server.",
    .python = "Python behaves the same, and has the same cure: `with semaphore:` gives the permit back however the "
              "block is left.",
    .hints = {"Follow one worker whose page does not exist. Which lines does it run?",
              "How many permits are there after the first exception, and how many after the second?",
              "A semaphore does not know who has its permits. Who could give back one whose worker has gone?"},
    .explanation =
        "The exception leaves the worker's code between acquire() and release(). The permit is not held by anybody any "
        "more, and will not come back. After the first exception the program is only slower: one download at a time. "
        "After the second nobody gets in. A lock would at least still have an owner to be found in the debugger.",
    .rule = "What must be given back is held by an object, and given back by its destructor; and only if it was got.",
    .fix = "Permit acquires in its constructor and releases in its destructor. An exception runs the destructor too, "
           "and a Permit that was never constructed has none to run: so exactly what was taken comes back.",
    .reading = {"C++ Core Guidelines, E.6: use RAII to prevent leaks; CP.20: use RAII, never plain lock()/unlock()",
                "Bjarne Stroustrup, The C++ Programming Language, chapter 13: exception handling"},
    .variants =
        {
            with(short_hang(),
                 broken("lost_on_an_exception", "The permit is given back in the next line, if that is reached.",
                        lost_on_an_exception,
                        {{Checker::explore, finds(Kind::deadlock, {Kind::lost_wakeup, Kind::partial_deadlock})},
                         {Checker::tsan, finds(Kind::hang)}})),
            right("held_by_an_object", "An object has the permit, and its destructor gives it back.",
                  held_by_an_object),
            wrong_fix("one_spare_permit", "There is one permit more, in case one is lost.",
                      "As long as none is lost, one download too many runs; and a third exception hangs it again.",
                      one_spare_permit,
                      {{Checker::explore, finds(Kind::assertion)}, {Checker::tsan, finds(Kind::assertion)}}),
            wrong_fix("released_in_any_case", "The release stands where every path comes by.",
                      "So does the path on which no permit was got: that one gives back a permit that never was, and "
                      "lets one too many in.",
                      released_in_any_case,
                      {{Checker::explore, finds(Kind::assertion)}, {Checker::tsan, finds(Kind::assertion)}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
