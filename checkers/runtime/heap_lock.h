// The lock of the heap outside executions. A futex of its own: the C++ and pthread locks are interposed, and may
// themselves allocate.
#pragma once

#include <linux/futex.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <sys/syscall.h>

#include <atomic>
#include <climits>

namespace racecourse::runtime::heap {

// 0: free; 1: held; 2: held, and somebody may sleep.
inline void lock(std::atomic<std::uint32_t>& word) {
  std::uint32_t seen = 0;
  // acquire: pairs with the release in unlock(), as below
  if (word.compare_exchange_strong(seen, 1, std::memory_order_acquire)) return;
  while (word.exchange(2, std::memory_order_acquire) != 0)
    raw_syscall(SYS_futex, reinterpret_cast<long>(&word), FUTEX_WAIT_PRIVATE, 2);
}

inline void unlock(std::atomic<std::uint32_t>& word) {
  // release: pairs with the acquires in lock()
  if (word.exchange(0, std::memory_order_release) == 2)
    raw_syscall(SYS_futex, reinterpret_cast<long>(&word), FUTEX_WAKE_PRIVATE, 1);
}

class Locked {
 public:
  explicit Locked(std::atomic<std::uint32_t>& word) : word_(word) { lock(word_); }
  ~Locked() { unlock(word_); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  std::atomic<std::uint32_t>& word_;
};

}  // namespace racecourse::runtime::heap
