// mmap, mremap, munmap and mprotect. The kernel hands out the same addresses again: what was known of the last mapping
// there is no news of the next. And what an execution leaves mapped, because nobody came to unmap it, goes before the
// next one.
#include <errno.h>
#include <racecourse/checkers/detect/race.h>
#include <racecourse/checkers/runtime/executable.h>
#include <racecourse/checkers/runtime/interpose/files.h>
#include <racecourse/checkers/runtime/interpose/mapping.h>
#include <racecourse/checkers/runtime/process_state.h>
#include <racecourse/checkers/runtime/trace.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstdarg>

namespace racecourse::runtime {

namespace {

struct Mapping {
  std::uintptr_t begin, end;
  bool of_no_file;
  bool takes_memory;
};
// Those that the program made in this execution; what finds no room here stays until the worker ends.
constexpr int kMaxMappings = 1024;
[[gnu::section("racecourse_state")]] Mapping mappings[kMaxMappings] = {};
[[gnu::section("racecourse_state")]] int mapping_count = 0;
// Memory that a program maps without end would be taken from whatever else runs on the machine.
constexpr std::size_t kMostMapped = std::size_t{4} << 30;
[[gnu::section("racecourse_state")]] std::size_t mapped_beyond = 0;  // what found no room

void add_mapping(const Mapping& mapping) {
  if (mapping.begin == mapping.end) return;
  if (mapping_count < kMaxMappings)
    mappings[mapping_count++] = mapping;
  else if (mapping.takes_memory)
    mapped_beyond += mapping.end - mapping.begin;
}

// What is left of those that are changed in part stays known.
void forget_mappings(std::uintptr_t begin, std::uintptr_t end) {
  for (int i = mapping_count - 1; i >= 0; --i) {
    const Mapping whole = mappings[i];
    if (whole.begin >= end || begin >= whole.end) continue;
    mappings[i] = mappings[--mapping_count];
    add_mapping({whole.begin, std::max(whole.begin, begin), whole.of_no_file, whole.takes_memory});
    add_mapping({std::min(whole.end, end), whole.end, whole.of_no_file, whole.takes_memory});
  }
}

void note_mapping(const Mapping& mapping) {
  forget_mappings(mapping.begin, mapping.end);
  add_mapping(mapping);
}

std::size_t memory_mapped() {
  std::size_t sum = mapped_beyond;
  for (int i = 0; i < mapping_count; ++i)
    if (mappings[i].takes_memory) sum += mappings[i].end - mappings[i].begin;
  return sum;
}

void* mapped(long memory) {
  if (memory >= 0 || memory <= -4096) return reinterpret_cast<void*>(memory);
  errno = static_cast<int>(-memory);
  return MAP_FAILED;
}

std::uintptr_t end_of(std::uintptr_t begin, std::size_t size) { return (begin + size + 4095) & ~std::uintptr_t{4095}; }

void forget_memory(std::uintptr_t begin, std::uintptr_t end) {
  detect::forget_accesses(begin, end - begin);
  forget_sync(reinterpret_cast<const void*>(begin), end - begin);
}

void* map(void* at, std::size_t size, int protection, int flags, int file, off_t offset, std::uint64_t pc) {
  if (in_executable(pc)) uses_files(pc);
  // Address space alone costs nothing.
  const bool of_memory = file < 0 && (protection & PROT_WRITE) != 0 && (flags & MAP_NORESERVE) == 0;
  if (rt.executing && of_memory && !may_map(size)) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  const long memory = raw_syscall(SYS_mmap, reinterpret_cast<long>(at), static_cast<long>(size), protection, flags,
                                  file, static_cast<long>(offset));
  void* const result = mapped(memory);
  if (rt.executing && result != MAP_FAILED) {
    const auto begin = static_cast<std::uintptr_t>(memory);
    const std::uintptr_t end = end_of(begin, size);
    forget_memory(begin, end);
    // A library's own variables outlive the execution, and so must what they refer to.
    if (in_executable(pc) && (flags & MAP_FIXED) == 0) note_mapping({begin, end, file < 0, of_memory});
  }
  return result;
}

// What is known of the memory stays known where it stays.
void* remap(std::uintptr_t begin, std::size_t size, std::size_t new_size, int flags, long new_address) {
  const Mapping* known = nullptr;
  for (int i = 0; i < mapping_count; ++i)
    if (mappings[i].begin <= begin && begin < mappings[i].end) known = &mappings[i];
  if (known != nullptr && known->takes_memory && new_size > size && !may_map(new_size - size)) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  before_unmapping();
  const long memory = raw_syscall(SYS_mremap, static_cast<long>(begin), static_cast<long>(size),
                                  static_cast<long>(new_size), flags, new_address);
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

}  // namespace

// The kernel looks at the signal set before it refuses what is to be done with it.
bool is_readable(std::uintptr_t page) {
  constexpr long kNothing = -1;
  return raw_syscall(SYS_rt_sigprocmask, kNothing, static_cast<long>(page), 0, 8) != -EFAULT;
}

void visit_mappings(const RootVisitor& visitor) {
  for (int i = 0; i < mapping_count; ++i)
    for (std::uintptr_t page = mappings[i].begin; mappings[i].of_no_file && page < mappings[i].end; page += 4096)
      if (is_readable(page)) visitor(reinterpret_cast<const void*>(page), 4096);
}

bool may_map(std::size_t more) { return more <= kMostMapped && memory_mapped() + more <= kMostMapped; }

void note_break(std::uintptr_t from, std::uintptr_t to) {
  if (to < from) return forget_mappings(end_of(to, 0), end_of(from, 0));
  forget_memory(from, to);
  note_mapping({end_of(from, 0), end_of(to, 0), true, true});
}

void note_attached(const void* memory, std::size_t size) {
  const auto begin = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t end = end_of(begin, size);
  forget_memory(begin, end);
  note_mapping({begin, end, true, true});
}

void before_unmapping() {
  if (rt.tracing) complete_pending_event();  // it reads what an access has left there
}

void note_detached(const void* memory) {
  const auto begin = reinterpret_cast<std::uintptr_t>(memory);
  for (int i = mapping_count - 1; i >= 0; --i)
    if (mappings[i].begin == begin) return forget_mappings(begin, mappings[i].end);
}

void unmap_leftovers() {
  restore_break();
  mapped_beyond = 0;
  while (mapping_count > 0) {
    const Mapping& mapping = mappings[--mapping_count];
    raw_syscall(SYS_munmap, static_cast<long>(mapping.begin), static_cast<long>(mapping.end - mapping.begin));
  }
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
  if (rt.executing) return remap(address, size, new_size, flags, new_address);
  return mapped(raw_syscall(SYS_mremap, static_cast<long>(address), static_cast<long>(size),
                            static_cast<long>(new_size), flags, new_address));
}

RC_INTERPOSE int munmap(void* begin, size_t size) noexcept {
  uses_files(RC_CALLER);
  if (rt.executing) before_unmapping();
  const auto address = reinterpret_cast<std::uintptr_t>(begin);
  const long error = raw_syscall(SYS_munmap, static_cast<long>(address), static_cast<long>(size));
  if (error != 0) {
    errno = static_cast<int>(-error);
    return -1;
  }
  if (rt.executing) forget_mappings(address, end_of(address, size));
  return 0;
}

// Advice may take away what is there.
RC_INTERPOSE_UNRESERVED int madvise(void* begin, size_t size, int advice) noexcept {
  uses_files(RC_CALLER);
  if (rt.executing) before_unmapping();
  const long error = raw_syscall(SYS_madvise, reinterpret_cast<long>(begin), static_cast<long>(size), advice);
  if (error == 0) return 0;
  errno = static_cast<int>(-error);
  return -1;
}

// Pages that the snapshot protects are the program's to protect only once they are kept.
RC_INTERPOSE int mprotect(void* begin, size_t size, int protection) noexcept {
  uses_files(RC_CALLER);
  if (rt.executing) {
    before_unmapping();
    snapshot_prepare_write(begin, size);
    protection_changed();
  }
  const long error = raw_syscall(SYS_mprotect, reinterpret_cast<long>(begin), static_cast<long>(size), protection);
  if (error == 0) return 0;
  errno = static_cast<int>(-error);
  return -1;
}
