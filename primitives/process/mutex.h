// A mutex that lies in shared memory. With the standard library's names, for std::lock_guard and std::unique_lock.
//
//   kShared   processes may lock it. Without it, one that sleeps is woken only by its own process.
//   kRobust   if a process dies while it holds the mutex, the next to lock it gets it. Without it, all wait for ever.
//
// std::mutex has neither, and so has PTHREAD_MUTEX_INITIALIZER.
//
// When a holder has died, what it was changing is half changed. lock() declares it consistent all the same, so this
// class is for data that is consistent between any two instructions: those who change it prepare everything, and commit
// with one store. (Data that is not needs a repair between pthread_mutex_lock() and pthread_mutex_consistent().)
#pragma once

#include <pthread.h>

#include <cerrno>
#include <system_error>

namespace racecourse::process {

enum MutexTraits : unsigned { kPlain = 0, kShared = 1, kRobust = 2 };
constexpr MutexTraits operator|(MutexTraits a, MutexTraits b) {
  return static_cast<MutexTraits>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

class Mutex {
 public:
  explicit Mutex(MutexTraits traits) {
    pthread_mutexattr_t attributes;
    check(pthread_mutexattr_init(&attributes));
    if (traits & kShared) check(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
    if (traits & kRobust) check(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST));
    const int error = pthread_mutex_init(&mutex_, &attributes);
    pthread_mutexattr_destroy(&attributes);
    check(error);
  }
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() { got(pthread_mutex_lock(&mutex_)); }

  bool try_lock() {
    const int error = pthread_mutex_trylock(&mutex_);
    if (error == EBUSY) return false;
    got(error);
    return true;
  }

  void unlock() { pthread_mutex_unlock(&mutex_); }

  // How many holders have died. Read it with the mutex held.
  unsigned deaths() const { return deaths_; }

 private:
  static void check(int error) {
    if (error != 0) throw std::system_error(error, std::generic_category(), "process::Mutex");
  }

  void got(int error) {
    if (error == EOWNERDEAD) {
      deaths_++;
      // Before unlock: a robust mutex that is unlocked without this can never be locked again.
      error = pthread_mutex_consistent(&mutex_);
    }
    check(error);
  }

  pthread_mutex_t mutex_;
  unsigned deaths_ = 0;  // guarded by mutex_
};

}  // namespace racecourse::process
