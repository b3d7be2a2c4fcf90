// mmap, mremap, munmap, madvise and mprotect. An execution gets the same addresses in every process, and some of them
// again: what was known of the last mapping there is no news of the next.
#include <errno.h>
#include <racecourse/checkers/detect/race.h>
#include <racecourse/checkers/runtime/executable.h>
#include <racecourse/checkers/runtime/interpose/files.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/mapping.h>
#include <racecourse/checkers/runtime/process_state.h>
#include <racecourse/checkers/runtime/trace.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cstdarg>

namespace racecourse::runtime {

namespace {

void* mapped(long memory) {
  if (memory >= 0 || memory <= -4096) return reinterpret_cast<void*>(memory);
  errno = static_cast<int>(-memory);
  return MAP_FAILED;
}

// Without an address, or where the one that is asked for is taken, the place is ours.
long map_somewhere(std::uintptr_t hint, std::size_t size, const auto& map_at) {
  long memory = -ENOMEM;
  if (hint != 0) memory = map_at(hint & ~std::uintptr_t{4095}, MAP_FIXED_NOREPLACE);
  const std::uintptr_t place = memory < 0 ? free_place(size) : 0;
  if (place != 0) memory = map_at(place, MAP_FIXED_NOREPLACE);
  return memory;
}

void* map(void* at, std::size_t size, int protection, int flags, int file, off_t offset, std::uint64_t pc) {
  if (in_executable(pc)) uses_files(pc);
  // Address space alone costs nothing.
  const bool of_memory = file < 0 && (protection & PROT_WRITE) != 0 && (flags & MAP_NORESERVE) == 0;
  if (rt.executing && of_memory && !may_map(size)) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  const auto map_at = [&](std::uintptr_t begin, int how) {
    return raw_syscall(SYS_mmap, static_cast<long>(begin), static_cast<long>(size), protection, flags | how, file,
                       static_cast<long>(offset));
  };
  const auto hint = reinterpret_cast<std::uintptr_t>(at);
  constexpr int kPlaced = MAP_FIXED | MAP_FIXED_NOREPLACE | MAP_32BIT | MAP_HUGETLB | MAP_GROWSDOWN;
  const bool by_program = rt.executing && in_executable(pc);
  long memory = -ENOMEM;
  if (by_program && (flags & kPlaced) == 0) memory = map_somewhere(hint, size, map_at);
  // Over nothing it is a mapping of its own.
  const bool over = (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) == MAP_FIXED;
  if (by_program && over) memory = map_at(hint, MAP_FIXED_NOREPLACE);
  const bool is_new = memory >= 0 || !over;
  if (by_program && over && memory == -EEXIST) before_unmapping(at, size, Unmapped::gone, pc);
  if (memory < 0) memory = map_at(hint, 0);  // the kernel's choice, or its reason why there is none
  void* const result = mapped(memory);
  if (rt.executing && result != MAP_FAILED) {
    const auto begin = static_cast<std::uintptr_t>(memory);
    const std::uintptr_t end = end_of(begin, size);
    forget_memory(begin, end);
    // A library's own variables outlive the execution, and so must what they refer to.
    if (by_program && is_new) note_mapping({begin, end, file < 0, of_memory});
  }
  return result;
}

// Grows in place if there is room, or moves to a place of ours.
long remapped(std::uintptr_t begin, std::size_t size, std::size_t new_size, int flags, long new_address) {
  const auto call = [&](int how, long where) {
    return raw_syscall(SYS_mremap, static_cast<long>(begin), static_cast<long>(size), static_cast<long>(new_size), how,
                       where);
  };
  constexpr int kLeavesOld = MREMAP_MAYMOVE | MREMAP_DONTUNMAP;
  if (flags != MREMAP_MAYMOVE && flags != kLeavesOld) return call(flags, new_address);
  if (flags == MREMAP_MAYMOVE) {
    const long stayed = call(0, 0);
    if (stayed != -ENOMEM) return stayed;
  }
  const auto place = static_cast<long>(free_place(new_size)), new_length = static_cast<long>(new_size);
  constexpr int kReserved = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  if (place != 0 && raw_syscall(SYS_mmap, place, new_length, PROT_NONE, kReserved, -1) == place) {
    const long moved = call(flags | MREMAP_FIXED, place);
    if (moved == place) return moved;
    raw_syscall(SYS_munmap, place, new_length);
  }
  return call(flags, 0);
}

// What is known of the memory stays known where it stays.
void* remap(std::uintptr_t begin, std::size_t size, std::size_t new_size, int flags, long new_address,
            std::uint64_t pc) {
  const Mapping* const known = mapping_of(begin);
  if (known != nullptr && known->takes_memory && new_size > size && !may_map(new_size - size)) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  if (new_size < size || (flags & MREMAP_MAYMOVE) != 0)
    before_unmapping(reinterpret_cast<void*>(begin), size, Unmapped::gone, pc);
  const long memory = remapped(begin, size, new_size, flags, new_address);
  void* const result = mapped(memory);
  if (result == MAP_FAILED) return result;
  const auto new_begin = static_cast<std::uintptr_t>(memory);
  const std::uintptr_t end = end_of(begin, size), new_end = end_of(new_begin, new_size);
  if (new_begin != begin)
    forget_memory(new_begin, new_end);
  else if (new_end > end)
    forget_memory(end, new_end);
  if (known != nullptr) {
    const Mapping before = *known;
    if ((flags & MREMAP_DONTUNMAP) == 0) forget_mappings(begin, end);
    note_mapping({new_begin, new_end, before.of_no_file, before.takes_memory});
  }
  return result;
}

// Advice that takes away what is there.
bool changes_memory(int advice) { return advice == MADV_DONTNEED || advice == MADV_FREE || advice == MADV_REMOVE; }

}  // namespace

void before_unmapping(const void* begin, std::size_t size, Unmapped how, std::uint64_t pc) {
  if (rt.tracing) complete_pending_event();  // it reads what an access has left there
  const auto address = reinterpret_cast<std::uintptr_t>(begin);
  if (rt.checking) detect::check_used(address, end_of(address, size), how == Unmapped::gone, pc);
}

}  // namespace racecourse::runtime

using namespace racecourse::runtime;

RC_INTERPOSE void* mmap(void* at, size_t size, int protection, int flags, int file, off_t offset) noexcept {
  return map(at, size, protection, flags, file, offset, RC_CALLER);
}

RC_INTERPOSE void* mmap64(void* at, size_t size, int protection, int flags, int file, off64_t offset) noexcept {
  return map(at, size, protection, flags, file, offset, RC_CALLER);
}

// The new address is read also where there is none: an argument of any value.
RC_INTERPOSE_UNRESERVED void* mremap(void* begin, size_t size, size_t new_size, int flags, ...) noexcept {
  va_list list;
  va_start(list, flags);
  const auto new_address = va_arg(list, long);
  va_end(list);
  uses_files(RC_CALLER);
  const auto address = reinterpret_cast<std::uintptr_t>(begin);
  if (rt.executing) return remap(address, size, new_size, flags, new_address, RC_CALLER);
  return mapped(raw_syscall(SYS_mremap, static_cast<long>(address), static_cast<long>(size),
                            static_cast<long>(new_size), flags, new_address));
}

RC_INTERPOSE int munmap(void* begin, size_t size) noexcept {
  uses_files(RC_CALLER);
  if (rt.executing) before_unmapping(begin, size, Unmapped::gone, RC_CALLER);
  const auto address = reinterpret_cast<std::uintptr_t>(begin);
  const int result = from_kernel(raw_syscall(SYS_munmap, static_cast<long>(address), static_cast<long>(size)));
  if (rt.executing && result == 0) forget_mappings(address, end_of(address, size));
  return result;
}

RC_INTERPOSE_UNRESERVED int madvise(void* begin, size_t size, int advice) noexcept {
  uses_files(RC_CALLER);
  if (rt.executing && changes_memory(advice)) before_unmapping(begin, size, Unmapped::gone, RC_CALLER);
  return from_kernel(raw_syscall(SYS_madvise, reinterpret_cast<long>(begin), static_cast<long>(size), advice));
}

// Pages that the snapshot protects are the program's to protect only once they are kept.
RC_INTERPOSE int mprotect(void* begin, size_t size, int protection) noexcept {
  uses_files(RC_CALLER);
  if (rt.executing) {
    if ((protection & PROT_WRITE) == 0) {
      const bool readable = (protection & (PROT_READ | PROT_EXEC)) != 0;
      before_unmapping(begin, size, readable ? Unmapped::read_only : Unmapped::gone, RC_CALLER);
    }
    snapshot_prepare_write(begin, size);
    protection_changed();
  }
  return from_kernel(raw_syscall(SYS_mprotect, reinterpret_cast<long>(begin), static_cast<long>(size), protection));
}
