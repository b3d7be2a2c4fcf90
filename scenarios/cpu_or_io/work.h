// Two kinds of work. The one keeps a processor busy; the other waits for something that is not one.
//
// Both return what they have found out, so that the three ways of running them can be held to the same answer, and no
// compiler can leave them out.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace racecourse::cpu_or_io {

using Work = std::function<long()>;

// CPU-bound: counts the primes below a limit by trial division. Nothing but arithmetic.
inline long count_primes(long limit) {
  long count = 0;
  for (long n = 2; n < limit; n++) {
    bool prime = true;
    for (long divisor = 2; prime && divisor * divisor <= n; divisor++) prime = n % divisor != 0;
    if (prime) count++;
  }
  return count;
}

// I/O-bound: asks a server, which answers after a while. The processor has nothing to do meanwhile.
inline long ask_a_server(std::chrono::duration<double, std::milli> answers_after) {
  std::this_thread::sleep_for(answers_after);
  return 1;
}

}  // namespace racecourse::cpu_or_io
