// A short critical section, over and over.
#include <racecourse/primitives/lock/parking.h>
#include <racecourse/primitives/lock/ticket.h>
#include <racecourse/primitives/lock/ttas.h>
#include <racecourse/primitives/rlock/owner_and_count.h>
#include <racecourse/tests/bench/compare.h>

#include <mutex>

namespace racecourse::bench {
namespace {

template <class Lock>
void section(benchmark::State& state) {
  static Lock lock;
  static long counter = 0;
  for (auto _ : state) {
    std::lock_guard guard(lock);
    benchmark::DoNotOptimize(++counter);
  }
}

const bool registered = [] {
  compare("lock", "std::mutex", "", "", section<std::mutex>);
  compare("lock", "ttas", "std::mutex", "", section<lock::Ttas>);
  compare("lock", "ticket", "std::mutex",
          "whose turn it is may be asleep: with more threads than cores each hand-over waits for the kernel",
          section<lock::Ticket>);
  compare("lock", "parking", "std::mutex", "", section<lock::Parking>);
  compare("rlock", "std::recursive_mutex", "", "", section<std::recursive_mutex>);
  compare("rlock", "owner_and_count", "std::recursive_mutex", "", section<rlock::OwnerAndCount>);
  return true;
}();

}  // namespace
}  // namespace racecourse::bench
