// The alias header: names for the few types that Relacy replaces by its own.
//
//   sync::atomic<T>, sync::mutex   std::atomic<T> and std::mutex; Relacy's when RACECOURSE_RELACY is defined
//   sync::var<T>                   plain T; in the Relacy build a T whose accesses are checked for data races
//   sync::pause()                  "I wait for another thread": belongs in every spin loop
//
// Relacy judges code by its own atomics, under the weak memory of C++11; it cannot see std::atomic. So a primitive
// whose correctness hangs on memory orders is written with these names and means the same in every build. Memory orders
// keep their std names everywhere. Code that needs no weak memory uses std directly.
//
// Differences to know in the Relacy build: an atomic has load(), store(), exchange(), compare_exchange_*() and
// fetch_*(), no operators; a read of a var is reported at the line of the var's declaration; a compare_exchange_weak
// fails spuriously, as the standard permits.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>

#ifdef RACECOURSE_RELACY
#include <racecourse/primitives/sync/relacy_types.h>
#else
namespace racecourse::sync {

template <class T>
using atomic = std::atomic<T>;

using mutex = std::mutex;

template <class T>
using var = T;

// A yield, not only a processor hint: where threads outnumber cores, the thread waited for may not be running.
inline void pause() noexcept { std::this_thread::yield(); }

}  // namespace racecourse::sync
#endif
