// A short critical section, over and over.
#include <racecourse/primitives/lock/parking.h>
#include <racecourse/primitives/lock/ticket.h>
#include <racecourse/primitives/lock/ttas.h>
#include <racecourse/primitives/rlock/owner_and_count.h>
#include <racecourse/tests/bench/compare.h>

#include <mutex>

namespace racecourse::bench {
namespace {

// A line of the cache each: a waiter's attempts on the lock must not slow down what the holder does with the counter
// for one lock, and not for another, by the chance of where the linker puts them.
template <class Lock>
struct Guarded {
  alignas(64) Lock lock;
  alignas(64) long counter = 0;
};

template <class Lock>
void section(benchmark::State& state) {
  static Guarded<Lock> guarded;
  for (auto _ : state) {
    std::lock_guard guard(guarded.lock);
    benchmark::DoNotOptimize(++guarded.counter);
  }
}

// What the table says of a lock that sleeps, where it says that it is slow. Measured: the algorithm of std::mutex,
// written with the calls of primitives/sync/futex.h, takes between 14 and 49 ns with four threads on two cores, as
// Parking does (14 to 55); std::mutex, which takes a little longer where nobody contends, 16 to 33.
constexpr const char* kSwings =
    "swings from run to run, as the cores take turns or contend; std::mutex's algorithm on the same kernel calls does "
    "so too";

const bool registered = [] {
  compare("lock", "std::mutex", "", "", section<std::mutex>);
  compare("lock", "ttas", "std::mutex", "", section<lock::Ttas>);
  compare("lock", "ticket", "std::mutex",
          "whose turn it is may be asleep: with more threads than cores each hand-over waits for the kernel",
          section<lock::Ticket>);
  compare("lock", "parking", "std::mutex", kSwings, section<lock::Parking>);
  compare("rlock", "std::recursive_mutex", "", "", section<std::recursive_mutex>);
  compare("rlock", "owner_and_count", "std::recursive_mutex", kSwings, section<rlock::OwnerAndCount>);
  return true;
}();

}  // namespace
}  // namespace racecourse::bench
