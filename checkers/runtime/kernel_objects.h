// System V semaphores, message queues and shared memory that the body has made. They outlive the process: what an
// execution does not remove is removed at its end, or behind the worker if that does not live to do it.
#pragma once

#include <sys/ipc.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstdint>

namespace racecourse::runtime {

enum class KernelObject : std::uint32_t { semaphores, queue, memory };

struct KernelObjects {
  static constexpr std::uint32_t kMost = 512;

  struct One {
    KernelObject kind;
    int number;
  };
  std::uint32_t count;
  One made[kMost];

  bool has_room() const { return count < kMost; }
  void add(KernelObject kind, int number) { made[count++] = {kind, number}; }
  void forget(KernelObject kind, int number) {
    One* const found =
        std::find_if(made, made + count, [&](const One& one) { return one.kind == kind && one.number == number; });
    if (found != made + count) *found = made[--count];
  }

  // By a function that makes system calls. One that is removed twice, because a kill came in between, does no harm. A
  // body may have destroyed what is counted.
  template <class SystemCall>
  void remove(SystemCall call) {
    for (count = std::min(count, kMost); count > 0; --count) {
      const One& last = made[count - 1];
      if (last.kind == KernelObject::semaphores) call(SYS_semctl, last.number, 0, IPC_RMID, 0, 0, 0);
      if (last.kind == KernelObject::queue) call(SYS_msgctl, last.number, IPC_RMID, 0, 0, 0, 0);
      if (last.kind == KernelObject::memory) call(SYS_shmctl, last.number, IPC_RMID, 0, 0, 0, 0);
    }
  }
};

}  // namespace racecourse::runtime
