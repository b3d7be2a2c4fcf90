// sbrk and brk. The kernel puts the end of a program's data elsewhere in every process; in an execution it lies at an
// address of ours, and begins there each time.
#include <errno.h>
#include <racecourse/checkers/runtime/interpose/files.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/mapping.h>
#include <racecourse/checkers/runtime/stack_layout.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

RC_DECLARE_ORIGINAL(sbrk)
RC_DECLARE_ORIGINAL(brk)

namespace racecourse::runtime {

namespace {

// Behind the stacks, with cells of its own in the race shadow.
constexpr std::uintptr_t kFirst = kStacks + (std::uintptr_t{1} << 30), kLast = kFirst + (std::uintptr_t{8} << 30);
static_assert(kStacks + kMainStack + kSlots * kSlot <= kFirst);
[[gnu::section("racecourse_state")]] std::uintptr_t break_now = kFirst;

bool map_more(std::uintptr_t from, std::uintptr_t to) {
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
  const auto begin = static_cast<long>(from), size = static_cast<long>(to - from);
  return may_map(to - from) && raw_syscall(SYS_mmap, begin, size, PROT_READ | PROT_WRITE, kFlags, -1) == begin;
}

bool move_break(std::uintptr_t to) {
  const std::uintptr_t mapped = end_of(break_now, 0), wanted = end_of(to, 0);
  if (to < kFirst || to > kLast || (wanted > mapped && !map_more(mapped, wanted))) {
    errno = ENOMEM;
    return false;
  }
  if (wanted < mapped) {
    before_unmapping();
    raw_syscall(SYS_munmap, static_cast<long>(wanted), static_cast<long>(mapped - wanted));
    forget_mappings(wanted, mapped);
  }
  if (wanted > mapped) {
    forget_memory(mapped, wanted);
    note_mapping({kFirst, wanted, true, true});
  }
  break_now = to;
  return true;
}

}  // namespace

void restore_break() { break_now = kFirst; }

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE_UNRESERVED void* sbrk(intptr_t change) noexcept {
  if (!rt.executing) return RC_ORIGINAL(sbrk)(change);
  if (change != 0) uses_files(RC_CALLER);
  const std::uintptr_t before = break_now;
  return reinterpret_cast<void*>(move_break(before + static_cast<std::uintptr_t>(change)) ? before : UINTPTR_MAX);
}

RC_INTERPOSE_UNRESERVED int brk(void* address) noexcept {
  if (!rt.executing) return RC_ORIGINAL(brk)(address);
  uses_files(RC_CALLER);
  return move_break(reinterpret_cast<std::uintptr_t>(address)) ? 0 : -1;
}
