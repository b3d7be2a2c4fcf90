#include <linux/futex.h>
#include <pthread.h>
#include <racecourse/checkers/detect/clock.h>
#include <racecourse/checkers/detect/dead_stack.h>
#include <racecourse/checkers/detect/ending.h>
#include <racecourse/checkers/detect/leak.h>
#include <racecourse/checkers/detect/misuse.h>
#include <racecourse/checkers/runtime/fiber.h>
#include <racecourse/checkers/runtime/floating_point.h>
#include <racecourse/checkers/runtime/interpose/interpose.h>
#include <racecourse/checkers/runtime/interpose/robust.h>
#include <racecourse/checkers/runtime/stack_layout.h>
#include <racecourse/checkers/runtime/switch.h>
#include <racecourse/checkers/runtime/tls.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <atomic>
#include <cstring>

namespace racecourse::runtime {

namespace {

char* slot_base(int slot) { return reinterpret_cast<char*>(kStacks) + kMainStack + slot * kSlot; }

// Per-thread tables that are too large for the hot structure.
struct Tables {
  Clock clock[256];
  Clock release_fence[256];
  Clock acquire_pending[256];
  ThreadDestructor destructors[256][kMaxThreadDestructors];
  void* keys[256][kMaxKeys];
};
Tables* tables;  // set once

// A donor is a real thread that leaves its thread control block and thread-local storage behind: it reports its thread
// pointer and ends by the bare system call, so that the C library goes on believing in it. It keeps its thread id, too,
// which the kernel would set to 0: by it the C library knows who holds its own locks (that of setlocale(), of
// gettext()).
struct DonorStart {
  std::atomic<std::uint64_t> fs_base{0};
};

void* donor_main(void* argument) {
  static_cast<DonorStart*>(argument)->fs_base.store(read_fs_base(), std::memory_order_release);
  raw_syscall(SYS_set_tid_address, 0);
  raw_syscall(SYS_exit, 0);
  __builtin_unreachable();
}

std::uint64_t make_donor(int slot) {
  char* low = slot_base(slot) + kGuard;
  // Not before somebody needs the slot: each guard is a mapping of its own, and a fork copies all mappings.
  for (char* guard : {low - kGuard, low + kDonor})
    raw_syscall(SYS_mprotect, reinterpret_cast<long>(guard), kGuard, PROT_NONE);  // mprotect() is the program's
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, low, kDonor);
  const auto create = RC_REAL(pthread_create);
  DonorStart start;
  pthread_t thread;
  const int error = create(&thread, &attributes, donor_main, &start);
  pthread_attr_destroy(&attributes);
  if (error != 0) refuse("cannot create thread %d for its thread-local storage (%s)", slot, strerror(error));
  std::uint64_t fs_base;
  while ((fs_base = start.fs_base.load(std::memory_order_acquire)) == 0) raw_syscall(SYS_sched_yield);
  return fs_base;
}

// What belongs to a number for good.
void number_fiber(Fiber& fiber, int id) {
  fiber.id = static_cast<std::uint16_t>(id);
  fiber.clock = &tables->clock[id];
  fiber.epoch = &fiber.clock->of[id];
  fiber.release_fence = &tables->release_fence[id];
  fiber.acquire_pending = &tables->acquire_pending[id];
  fiber.destructors = tables->destructors[id];
  fiber.keys = tables->keys[id];
  fiber.stack = id == 0 ? reinterpret_cast<char*>(kStacks) + kGuard : slot_base(id) + 2 * kGuard + kDonor;
  fiber.stack_size = id == 0 ? kMainStack - kGuard : kSlot - 2 * kGuard - kDonor;
  // Stacks at different offsets in their pages do not compete for the same cache lines.
  fiber.stack_top = fiber.stack + fiber.stack_size - (id % 16) * 192;
}

RC_INLINE void reset_fiber(Fiber& fiber, void* (*start)(void*), void* argument) {
  if (RC_UNLIKELY(fiber.keys_used > 0)) std::memset(fiber.keys, 0, fiber.keys_used * sizeof fiber.keys[0]);
  static_cast<Waiting&>(fiber) = Waiting{};
  static_cast<Work&>(fiber) = Work{};
  fiber.wait_thread = 0xffff;
  fiber.start = start;
  fiber.argument = argument;
  detect::thread_holds_nothing(fiber);
  fiber.stack_pointer = prepare_stack(fiber.stack_top);
  if (RC_UNLIKELY(rt.own_floating_point)) inherit_floating_point(fiber);
}

// The number of a thread that has ended and that nobody can join any more.
[[gnu::noinline]] int used_slot() {
  for (int i = 1; i < rt.thread_count; ++i) {
    const Fiber& fiber = rt.fibers[i];
    if (fiber.state == ThreadState::ended && (fiber.joined || fiber.detached)) return i;
  }
  return -1;
}

}  // namespace

void prepare_fibers() {
  if (tables != nullptr) return;
  const std::size_t size = kMainStack + kSlots * kSlot;
  void* stacks = mmap(reinterpret_cast<void*>(kStacks), size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  void* memory =
      mmap(nullptr, sizeof(Tables), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (stacks != reinterpret_cast<void*>(kStacks) || memory == MAP_FAILED)
    refuse("cannot map %zu MiB for thread stacks at a fixed address: is the address space limited (ulimit -v)?",
           size >> 20);
  tables = static_cast<Tables*>(memory);
  for (int id = 0; id < kHostSlot; ++id) number_fiber(rt.fibers[id], id);
  mprotect(stacks, kGuard, PROT_NONE);
}

void prepare_donors(int count) {
  if (rt.host.fs_base == 0) rt.host.fs_base = make_donor(kHostSlot);
  if (count > static_cast<int>(kMaxThreads)) count = kMaxThreads;
  for (int i = 1; i < count; ++i)
    if (rt.fibers[i].fs_base == 0) rt.fibers[i].fs_base = make_donor(i);
}

bool in_stack_guard(const void* address) {
  const auto offset = reinterpret_cast<std::uintptr_t>(address) - kStacks;
  if (offset < kGuard) return true;
  if (offset >= kMainStack + kSlots * kSlot || offset < kMainStack) return false;
  const std::size_t in_slot = (offset - kMainStack) % kSlot;
  return in_slot < kGuard || (in_slot >= kGuard + kDonor && in_slot < 2 * kGuard + kDonor);
}

Fiber& make_main_fiber(const std::function<void()>& body, std::uint64_t main_fs_base) {
  Fiber& fiber = rt.fibers[0];
  reset_fiber(fiber, nullptr, const_cast<std::function<void()>*>(&body));
  fiber.fs_base = main_fs_base;
  rt.thread_count = 1;
  detect::start_clock(fiber, nullptr);
  return fiber;
}

Fiber* spawn(void* (*start)(void*), void* argument, std::uint64_t pc) {
  const int id = RC_LIKELY(rt.thread_count < kMaxThreads) ? rt.thread_count : used_slot();
  if (id < 0) return nullptr;
  Fiber& fiber = fiber_at(static_cast<std::uint32_t>(id));
  if (RC_UNLIKELY(fiber.fs_base == 0)) fiber.fs_base = make_donor(id);
  tls_reset(fiber.fs_base);
  reset_fiber(fiber, start, argument);
  fiber.parent = self().id;
  fiber.create_stack = self().frame;
  if (id == rt.thread_count) {
    ++rt.thread_count;
    detect::reserve_clocks(rt.thread_count);
  }
  detect::start_clock(fiber, &self());
  ++rt.unjoined;
  update_checking();
  event(Op::thread_create, &fiber, pc, fiber.id);
  enable_new(fiber);
  return &fiber;
}

Fiber* fiber_of(unsigned long pthread_id) {
  if (pthread_id == rt.fibers[0].fs_base) return &rt.fibers[0];
  // A thread control block lies in the slot of its number.
  const std::uint64_t number = (pthread_id - reinterpret_cast<std::uint64_t>(slot_base(0))) / kSlot;
  if (number >= rt.thread_count || rt.fibers[number].fs_base != pthread_id) return nullptr;
  return &rt.fibers[number];
}

namespace {

RC_INLINE void become_ended(Fiber& fiber) {
  point(0, on(&fiber, Access::end));
  abandon_robust();
  if (RC_UNLIKELY(detect::stack_matters(fiber)) && controlled()) detect::stack_goes();
  event(Op::thread_end, &fiber, 0);
  detect::forget_stack(fiber);
  fiber.state = ThreadState::ended;
  wake_all(Wait::join, &fiber);
}

RC_INLINE void finish(Fiber& fiber, void* result) {
  if (RC_UNLIKELY(fiber.destructor_count > 0)) run_thread_destructors(fiber);
  if (RC_UNLIKELY(fiber.keys_used > 0)) run_key_destructors(fiber);
  fiber.result = result;
  become_ended(fiber);
}

}  // namespace

[[noreturn]] void end_thread(void* result) {
  Fiber& fiber = self();
  if (fiber.id == 0) {
    point(0, on(&fiber, Access::end));  // others may run before the program ends
    if (RC_UNLIKELY(detect::last_taken[0] != nullptr)) detect::stack_goes();
    if (rt.unjoined > 0) {
      if (rt.recording) rt.strategy->leaves_threads();
      detect::body_returned();
    }
    detect::judge_leaks();
    end_execution();
  }
  finish(fiber, result);
  leave_ended();
}

[[noreturn]] void vanish_thread() {
  Fiber& fiber = self();
  become_ended(fiber);
  // What its frames hold stays theirs for good.
  fiber.wait = Wait::never;
  fiber.stack_pointer = __builtin_frame_address(0);
  leave_ended();
}

void open_stacks() {
  for (int i = 0; i < rt.thread_count; ++i)
    raw_syscall(SYS_mprotect, reinterpret_cast<long>(rt.fibers[i].stack), static_cast<long>(rt.fibers[i].stack_size),
                PROT_READ | PROT_WRITE);
}

void run_on_host_stack(void (*function)(void*), void* argument) {
  rt.host.id = 255;
  rt.host.clock = &tables->clock[255];
  rt.host.start = nullptr;
  rt.host.argument = argument;
  rt.host.result = reinterpret_cast<void*>(function);
  char* stack = slot_base(kHostSlot) + 2 * kGuard + kDonor;
  rt.host.stack_pointer = prepare_stack(stack + kSlot - 2 * kGuard - kDonor);
  rt.current = &rt.host;
  rt.fibers[0].fs_base = read_fs_base();
  rt.on_host_stack = true;
  racecourse_switch(&rt.main_stack_pointer, rt.host.stack_pointer, rt.host.fs_base);
  rt.on_host_stack = false;
}

}  // namespace racecourse::runtime

extern "C" [[gnu::used]] void racecourse_fiber_main() {
  using namespace racecourse::runtime;
  Fiber& fiber = *rt.current;
  if (&fiber == &rt.host) {
    reinterpret_cast<void (*)(void*)>(fiber.result)(fiber.argument);
    void* ignored;
    racecourse_switch(&ignored, rt.main_stack_pointer, rt.fibers[0].fs_base);
    __builtin_unreachable();
  }
  event(Op::thread_begin, &fiber, 0);
  if (fiber.id == 0) {
    (*static_cast<const std::function<void()>*>(fiber.argument))();
    run_exit();
    end_thread(nullptr);
  }
  finish(fiber, fiber.start(fiber.argument));
  const Fiber& next = next_after_end();
  go_on(next.stack_pointer, next.fs_base);
}
