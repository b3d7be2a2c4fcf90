// System V objects: made, asked about and removed. Of waiting for them, see system_v_wait.cpp.
#include <errno.h>
#include <racecourse/checkers/runtime/interpose/files.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/mapping.h>
#include <racecourse/checkers/runtime/interpose/system_v.h>
#include <racecourse/checkers/runtime/process_state.h>
#include <racecourse/checkers/runtime/shared_block.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include <cstdarg>

RC_DECLARE_ORIGINAL(semget)
RC_DECLARE_ORIGINAL(semctl)
RC_DECLARE_ORIGINAL(msgget)
RC_DECLARE_ORIGINAL(msgctl)
RC_DECLARE_ORIGINAL(shmget)
RC_DECLARE_ORIGINAL(shmctl)
RC_DECLARE_ORIGINAL(shmat)
RC_DECLARE_ORIGINAL(shmdt)

namespace racecourse::runtime {

namespace {

bool exists(long get, key_t key) {
  const long found = get == SYS_msgget ? raw_syscall(get, key, 0) : raw_syscall(get, key, 0, 0);
  return found != -ENOENT;
}

// Who makes an object by a key may find that of another worker.
template <class Get>
int make(KernelObject kind, long get_number, key_t key, std::uint64_t pc, Get get) {
  if (!rt.executing) return get();
  uses_files(pc);
  if (key != IPC_PRIVATE) note_named();
  const bool is_new = key == IPC_PRIVATE || !exists(get_number, key);
  KernelObjects& objects = rt.shared->kernel_objects;
  if (is_new && !objects.has_room()) {
    errno = ENOSPC;
    return -1;
  }
  const int number = get();
  if (is_new && number >= 0) objects.add(kind, number);
  return number;
}

// `room`: how much the kernel may write where `argument` points.
template <class Change>
int change(KernelObject kind, int number, int command, void* argument, std::size_t room, std::uint64_t pc,
           Change change) {
  if (!rt.executing) return change();
  uses_files(pc);
  open_for_kernel(argument, room);
  const int result = change();
  if (command == IPC_RMID && result == 0) rt.shared->kernel_objects.forget(kind, number);
  return result;
}

std::size_t written_by_semctl(int command) {
  constexpr std::size_t kMostSemaphores = 32000;
  switch (command) {
    case GETALL:
      return kMostSemaphores * sizeof(unsigned short);
    case IPC_STAT:
    case SEM_STAT:
    case SEM_STAT_ANY:
      return sizeof(semid_ds);
    case IPC_INFO:
    case SEM_INFO:
      return sizeof(seminfo);
    default:
      return 0;
  }
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE_UNRESERVED int semget(key_t key, int count, int flags) noexcept {
  return make(KernelObject::semaphores, SYS_semget, key, RC_CALLER,
              [&] { return RC_ORIGINAL(semget)(key, count, flags); });
}

RC_INTERPOSE_UNRESERVED int msgget(key_t key, int flags) noexcept {
  return make(KernelObject::queue, SYS_msgget, key, RC_CALLER, [&] { return RC_ORIGINAL(msgget)(key, flags); });
}

RC_INTERPOSE_UNRESERVED int shmget(key_t key, size_t size, int flags) noexcept {
  return make(KernelObject::memory, SYS_shmget, key, RC_CALLER, [&] { return RC_ORIGINAL(shmget)(key, size, flags); });
}

// The argument is read also where there is none, or a number: an argument of any value.
RC_INTERPOSE_UNRESERVED int semctl(int set, int semaphore, int command, ...) noexcept {
  va_list list;
  va_start(list, command);
  void* const argument = va_arg(list, void*);
  va_end(list);
  return change(KernelObject::semaphores, set, command, argument, written_by_semctl(command), RC_CALLER, [&] {
    const int result = RC_ORIGINAL(semctl)(set, semaphore, command, argument);
    if (!rt.executing) return result;
    if (command == SETVAL || command == SETALL) order_before(clock_of(KernelObject::semaphores, set, kWholeSet));
    if (command == GETVAL) {
      const auto one = static_cast<unsigned>(semaphore);
      for (const unsigned part : {kWholeSet, raised(one), lowered(one)})
        order_after(clock_of(KernelObject::semaphores, set, part));
      spun(RC_CALLER);
    }
    return result;
  });
}

RC_INTERPOSE_UNRESERVED int msgctl(int queue, int command, msqid_ds* argument) noexcept {
  return change(KernelObject::queue, queue, command, argument, sizeof *argument, RC_CALLER,
                [&] { return RC_ORIGINAL(msgctl)(queue, command, argument); });
}

RC_INTERPOSE_UNRESERVED int shmctl(int memory, int command, shmid_ds* argument) noexcept {
  return change(KernelObject::memory, memory, command, argument, sizeof *argument, RC_CALLER,
                [&] { return RC_ORIGINAL(shmctl)(memory, command, argument); });
}

// What was known of the last mapping there is no news of this one.
RC_INTERPOSE_UNRESERVED void* shmat(int memory, const void* at, int flags) noexcept {
  if (!rt.executing) return RC_ORIGINAL(shmat)(memory, at, flags);
  uses_files(RC_CALLER);
  shmid_ds described{};
  if (RC_ORIGINAL(shmctl)(memory, IPC_STAT, &described) == 0 && !may_map(described.shm_segsz)) {
    errno = ENOMEM;
    return reinterpret_cast<void*>(-1);
  }
  void* begin = reinterpret_cast<void*>(-1);
  const std::uintptr_t place = at == nullptr && (flags & SHM_REMAP) == 0 ? free_place(described.shm_segsz) : 0;
  if (place != 0) begin = RC_ORIGINAL(shmat)(memory, reinterpret_cast<const void*>(place), flags);
  if (begin == reinterpret_cast<void*>(-1)) begin = RC_ORIGINAL(shmat)(memory, at, flags);
  if (begin != reinterpret_cast<void*>(-1)) note_attached(begin, described.shm_segsz);
  return begin;
}

RC_INTERPOSE_UNRESERVED int shmdt(const void* begin) noexcept {
  if (!rt.executing) return RC_ORIGINAL(shmdt)(begin);
  uses_files(RC_CALLER);
  const Mapping* const attached = mapping_of(reinterpret_cast<std::uintptr_t>(begin));
  if (attached != nullptr) before_unmapping(begin, attached->end - attached->begin, Unmapped::gone, RC_CALLER);
  const int result = RC_ORIGINAL(shmdt)(begin);
  if (result == 0) note_detached(begin);
  return result;
}
