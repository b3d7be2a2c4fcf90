#include <racecourse/checkers/control/workspace.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string>

namespace racecourse::control {
namespace {

using runtime::SharedBlock;

constexpr std::size_t kPage = 4096;
// Where the large arrays begin: what lies before is cleared by hand, what follows is given back to the system.
constexpr std::size_t kSmallPart = offsetof(Workspace, block) + offsetof(SharedBlock, segments);
// An array that was used no further than this keeps its memory: dropping pages costs more than it saves.
constexpr std::size_t kKeep = 64 * 1024;

SharedMemory* map_memory() {
  void* memory =
      mmap(nullptr, sizeof(SharedMemory), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    throw std::runtime_error(std::string("racecourse: cannot map memory to share with workers: ") +
                             std::strerror(errno) + ".");
  }
  madvise(memory, sizeof(SharedMemory), MADV_DONTDUMP);
  return static_cast<SharedMemory*>(memory);
}

// MADV_DONTNEED would only drop this process's view of shared memory; MADV_REMOVE frees the pages themselves.
void give_back(void* array, std::size_t used, std::size_t size) {
  if (used <= kKeep) return;
  const auto begin = (reinterpret_cast<std::uintptr_t>(array) + kPage - 1) & ~(kPage - 1);
  const auto end = (reinterpret_cast<std::uintptr_t>(array) + size) & ~(kPage - 1);
  madvise(reinterpret_cast<void*>(begin), end - begin, MADV_REMOVE);
}

template <typename T, std::size_t N>
void give_back(T (&array)[N], std::uint32_t count) {
  give_back(array, std::min<std::size_t>(count, N) * sizeof(T), sizeof array);
}

}  // namespace

SharedMemory& shared_memory() {
  static SharedMemory* const memory = map_memory();
  return *memory;
}

Workspace& workspace(unsigned worker) { return shared_memory().spaces[worker]; }

void clear(Workspace& space) {
  SharedBlock& block = space.block;
  give_back(block.segments, block.segment_count);
  give_back(block.picks, block.pick_count);
  give_back(block.events, block.event_count);
  give_back(block.frames, block.frame_count);
  // Atomics and plain data alike: no worker is alive, and all-zero is the initial state of each.
  std::memset(static_cast<void*>(&space), 0, kSmallPart);
}

void add_finding(SharedBlock& block, Kind kind, std::uint64_t detail, const char* message) {
  // The end of the process outweighs an earlier finding if there is no room for both.
  const std::uint32_t at = std::min(block.finding_count, runtime::kMaxFindings - 1);
  report::RawFinding& finding = block.findings[at];
  finding = {};
  finding.kind = static_cast<std::uint8_t>(kind);
  finding.other = 0xffff;
  finding.place = (static_cast<std::uint64_t>(kind) + 1) << 32 | detail;
  std::strncpy(finding.message, message, sizeof finding.message - 1);
  block.finding_count = at + 1;
}

std::uint32_t finding_count(const SharedBlock& block) { return std::min(block.finding_count, runtime::kMaxFindings); }

}  // namespace racecourse::control
