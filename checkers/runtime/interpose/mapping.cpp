// mmap and munmap. The kernel hands out the same addresses again: what was known of the last mapping there is no news
// of the next. And what an execution leaves mapped, because nobody came to unmap it, goes before the next one.
#include <errno.h>
#include <racecourse/checkers/detect/race.h>
#include <racecourse/checkers/runtime/executable.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/mapping.h>
#include <racecourse/checkers/runtime/trace.h>
#include <sys/mman.h>
#include <sys/syscall.h>

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

// Also those that are changed in part: what is in the hole may be another's.
void forget_mappings(std::uintptr_t begin, std::uintptr_t end) {
  for (int i = mapping_count - 1; i >= 0; --i)
    if (mappings[i].begin < end && begin < mappings[i].end) mappings[i] = mappings[--mapping_count];
}

void note_mapping(const Mapping& mapping) {
  forget_mappings(mapping.begin, mapping.end);
  if (mapping_count < kMaxMappings)
    mappings[mapping_count++] = mapping;
  else if (mapping.takes_memory)
    mapped_beyond += mapping.end - mapping.begin;
}

std::size_t memory_mapped() {
  std::size_t sum = mapped_beyond;
  for (int i = 0; i < mapping_count; ++i)
    if (mappings[i].takes_memory) sum += mappings[i].end - mappings[i].begin;
  return sum;
}

void* map(void* at, std::size_t size, int protection, int flags, int file, off_t offset, std::uint64_t pc) {
  // Address space alone costs nothing.
  const bool of_memory = file < 0 && (protection & PROT_WRITE) != 0 && (flags & MAP_NORESERVE) == 0;
  if (rt.executing && of_memory && (size > kMostMapped || memory_mapped() + size > kMostMapped)) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  const long memory = raw_syscall(SYS_mmap, reinterpret_cast<long>(at), static_cast<long>(size), protection, flags,
                                  file, static_cast<long>(offset));
  if (memory < 0 && memory > -4096) {
    errno = static_cast<int>(-memory);
    return MAP_FAILED;
  }
  if (rt.executing) {
    const auto begin = static_cast<std::uintptr_t>(memory);
    const std::uintptr_t end = (begin + size + 4095) & ~std::uintptr_t{4095};
    detect::forget_accesses(begin, end - begin);
    forget_sync(reinterpret_cast<const void*>(begin), end - begin);
    // A library's own variables outlive the execution, and so must what they refer to.
    if (in_executable(pc) && (flags & MAP_FIXED) == 0) note_mapping({begin, end, file < 0, of_memory});
  }
  return reinterpret_cast<void*>(memory);
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

void unmap_leftovers() {
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

RC_INTERPOSE int munmap(void* begin, size_t size) noexcept {
  if (rt.executing) {
    if (rt.tracing) complete_pending_event();  // it reads what an access has left there
    const auto address = reinterpret_cast<std::uintptr_t>(begin);
    forget_mappings(address, address + size);
  }
  const long error = raw_syscall(SYS_munmap, reinterpret_cast<long>(begin), static_cast<long>(size));
  if (error == 0) return 0;
  errno = static_cast<int>(-error);
  return -1;
}
