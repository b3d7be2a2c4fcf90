#include <link.h>
#include <racecourse/checkers/detect/clock.h>
#include <racecourse/checkers/detect/memory.h>
#include <racecourse/checkers/detect/misuse.h>
#include <racecourse/checkers/detect/race.h>
#include <racecourse/checkers/runtime/heap.h>
#include <racecourse/checkers/runtime/heap_lock.h>
#include <racecourse/checkers/runtime/heap_pool.h>
#include <racecourse/checkers/runtime/modules.h>
#include <racecourse/checkers/runtime/quarantine.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace racecourse::runtime::heap {

[[gnu::section("racecourse_state")]] constinit State state{};

void misuse(Kind kind, const void* block, std::uint64_t pc, const char* what) {
  if (rt.executing) fail(kind, pc, block, "%s", what);
  const auto say = [](const char* text) {
    raw_syscall(SYS_write, STDERR_FILENO, reinterpret_cast<long>(text), static_cast<long>(std::strlen(text)));
  };
  say("racecourse: ");
  say(what);
  say("\n");
  std::abort();
}

namespace {

int find_text(dl_phdr_info* module, std::size_t, void*) {
  TextRange* range = is_libc(module->dlpi_name)             ? &state.libc
                     : is_dynamic_linker(module->dlpi_name) ? &state.dynamic_linker
                                                            : nullptr;
  if (range == nullptr) return 0;
  for (int i = 0; i < module->dlpi_phnum; ++i) {
    const auto& segment = module->dlpi_phdr[i];
    if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X))
      *range = {module->dlpi_addr + segment.p_vaddr, segment.p_memsz};
  }
  return 0;
}

void* map(std::uintptr_t at, std::size_t size) {
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (at != 0 ? MAP_FIXED_NOREPLACE : 0);
  const long memory =
      raw_syscall(SYS_mmap, static_cast<long>(at), static_cast<long>(size), PROT_READ | PROT_WRITE, flags, -1, 0);
  if (memory < 0 && memory > -4096) return nullptr;
  if (at != 0 && memory != static_cast<long>(at)) {  // a kernel that does not know MAP_FIXED_NOREPLACE
    raw_syscall(SYS_munmap, memory, static_cast<long>(size));
    return nullptr;
  }
  // Small pages: a worker copies each one that it writes after the fork.
  raw_syscall(SYS_madvise, memory, static_cast<long>(size), MADV_NOHUGEPAGE);
  return reinterpret_cast<void*>(memory);
}

[[noreturn, gnu::noinline]] void misuse_of(const Header* header, const void* block, std::uint64_t pc) {
  if (header != nullptr) misuse(Kind::double_free, block, pc, "a heap block that was freed before is freed again");
  misuse(Kind::abort, block, pc,
         "free of an address that is not the start of a heap block, or whose header was overwritten");
}

[[gnu::noinline]] void* no_room() {
  errno = ENOMEM;
  return nullptr;
}

// The last owner's accesses are not in the way of the new one's: reuse of memory is no race.
[[gnu::noinline]] void forget_last_owner(const void* block, std::size_t size, std::size_t old_size) {
  if (rt.checking)
    mark_written(block, size);
  else if (rt.has_shadow)
    detect::unmark_unchecked(reinterpret_cast<std::uint64_t>(block), size, old_size);
}

[[gnu::noinline]] void* hand_out(void* block, std::size_t size, bool reused, bool zeroed, std::uint64_t pc) {
  if (reused && zeroed) std::memset(block, 0, size);
  if (controlled()) event(Op::allocate, block, pc, size);
  return block;
}

// Of the current thread.
RC_INLINE Pool& own_pool() {
  const unsigned thread = rt.current->id;
  if (RC_LIKELY(!state.by_thread) || thread == 0) return state.execution;
  Pool& pool = state.of_thread[thread];
  if (pool.end == 0) {
    pool.bump = thread_pool(thread);
    pool.end = thread_pool(thread + 1);
  }
  return pool;
}

RC_INLINE void* allocate_in_execution(std::size_t size, std::size_t alignment, bool zeroed, std::uint64_t pc) {
  const std::size_t room = room_for(size, alignment);
  if (RC_UNLIKELY(room > kMaxRequest || room < size)) return no_room();
  const Taken taken = take(own_pool(), room);
  if (RC_UNLIKELY(taken.header == nullptr)) return no_room();
  ++state.live_blocks;
  const std::size_t old_size = taken.header->size;
  void* block = place(taken.header, size, alignment);
  if (RC_UNLIKELY(taken.reused)) forget_last_owner(block, size, old_size);
  // The same bytes as its last owner had lie between the same red zones.
  const bool as_before = taken.reused && old_size == size && size % 8 == 0;
  if (RC_LIKELY(rt.has_shadow) && !as_before) {
    const auto end = reinterpret_cast<std::uint64_t>(taken.header->payload()) + taken.header->capacity();
    detect::lay_red_zones(reinterpret_cast<std::uint64_t>(block), size, taken.reused ? end : end + kUnit);
  }
  if (RC_LIKELY(!taken.reused) && RC_LIKELY(!rt.observed)) return block;
  return hand_out(block, size, taken.reused, zeroed, pc);
}

[[gnu::noinline]] void* allocate_outside(std::size_t size, std::size_t alignment, bool zeroed) {
  const std::size_t room = room_for(size, alignment);
  if (room > kMaxRequest || room < size) return no_room();
  Taken taken;
  void* block;
  {
    Locked locked(state.lock);
    ++state.process.changes;
    taken = take(state.process, room);
    if (taken.header == nullptr) return no_room();
    block = place(taken.header, size, alignment);
  }
  if (zeroed && taken.reused) std::memset(block, 0, size);
  return block;
}

// A free is compared with the accesses to this many bytes of its block.
inline std::size_t checked_bytes(const Header& header) {
  constexpr std::size_t kMost = 64;
  return controlled() ? std::min(header.size, kMost) : 0;
}

RC_INLINE void release_in_execution(void* block, std::uint64_t pc) {
  Header* header = owner_of(block);
  if (RC_UNLIKELY(header == nullptr) || RC_UNLIKELY(!header->is(Mark::live))) misuse_of(header, block, pc);
  if (RC_LIKELY(rt.checking))
    detect::mark_freed(reinterpret_cast<std::uint64_t>(block), header->size, checked_bytes(*header), pc);
  else if (rt.has_shadow)
    detect::mark_freed_unchecked(reinterpret_cast<std::uint64_t>(block), header->size);
  if (RC_UNLIKELY(rt.observed) && controlled()) event(Op::release, block, pc, header->size);
  if (header->size >= detect::kSmallestObject && controlled()) detect::block_goes(block, header->size, pc);
  if (RC_UNLIKELY(detect::may_hold_objects(reinterpret_cast<std::uintptr_t>(block), header->size)))
    forget_sync(block, header->size);
  state.live_blocks -= reinterpret_cast<std::uintptr_t>(block) >= kExecutionPool;
  if (RC_UNLIKELY(quarantine.on)) return keep_back(state.execution, header);
  put_back(own_pool(), header);
}

[[gnu::noinline]] void release_outside(void* block, std::uint64_t pc) {
  if (reinterpret_cast<std::uintptr_t>(block) >= kExecutionPool) return;  // ended with its execution
  Header* header;
  {
    Locked locked(state.lock);
    header = owner_of(block);
    if (RC_LIKELY(header != nullptr && header->is(Mark::live))) {
      ++state.process.changes;
      put_back(state.process, header);
      if (is_large(header->size_class()))
        raw_syscall(SYS_madvise, reinterpret_cast<long>(header->payload()), static_cast<long>(header->capacity()),
                    MADV_DONTNEED);
      return;
    }
  }
  misuse_of(header, block, pc);
}

}  // namespace

void prepare() {
  dl_iterate_phdr(find_text, nullptr);
  state.starts = static_cast<std::uint64_t*>(map(0, kArenaSize / kUnit / 8));
  const bool mapped = state.starts != nullptr && map(kArena, kArenaSize) != nullptr;
  state.process.bump = kProcessPool;
  state.process.end = kProcessPool + kProcessPoolSize;
  state.execution.bump = kExecutionPool;
  state.execution.end = kExecutionPool + kExecutionPoolSize;
  state.stage = mapped && state.libc.size != 0 ? Stage::ready : Stage::unavailable;
}

void* allocate(std::size_t size, std::uint64_t pc) {
  if (RC_LIKELY(rt.executing)) return allocate_in_execution(size, kUnit, false, pc);
  return allocate_outside(size, kUnit, false);
}

void* allocate_aligned(std::size_t size, std::size_t alignment, std::uint64_t pc) {
  if (RC_LIKELY(rt.executing)) return allocate_in_execution(size, alignment, false, pc);
  return allocate_outside(size, alignment, false);
}

void* allocate_zeroed(std::size_t size, std::uint64_t pc) {
  if (RC_LIKELY(rt.executing)) return allocate_in_execution(size, kUnit, true, pc);
  return allocate_outside(size, kUnit, true);
}

void release(void* block, std::uint64_t pc) {
  if (RC_LIKELY(rt.executing)) return release_in_execution(block, pc);
  release_outside(block, pc);
}

void* reallocate(void* block, std::size_t size, std::uint64_t pc) {
  Header* header = owner_of(block);
  if (header == nullptr || !header->is(Mark::live)) misuse_of(header, block, pc);
  const std::size_t old_size = header->size;
  // In an execution the block always moves: a pointer kept from before is then seen to be stale.
  if (!rt.executing && header->link == 0 && size <= kMaxRequest && size_class(size) == header->size_class()) {
    header->size = size;
    return block;
  }
  void* moved = allocate(size, pc);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, block, old_size < size ? old_size : size);
  release(block, pc);
  return moved;
}

std::size_t usable_size(const void* block) {
  const Header* header = owner_of(block);
  return header != nullptr ? header->size : 0;
}

}  // namespace racecourse::runtime::heap

namespace racecourse::runtime {

using heap::state;

void heap_snapshot() {
  if (state.stage == heap::Stage::unprepared) heap::prepare();
  if (state.stage != heap::Stage::ready)
    refuse(
        "cannot map %zu GiB at a fixed address for the heap; lift `ulimit -v`, and set vm.overcommit_memory to 0 or 1",
        heap::kArenaSize >> 30);
  state.saved = state.process;
  state.use_libc = true;
}

void heap_open() {
  if (state.stage != heap::Stage::ready) return;
  raw_syscall(SYS_mprotect, static_cast<long>(heap::kArena), static_cast<long>(heap::kArenaSize),
              PROT_READ | PROT_WRITE);
}

namespace {

void empty_pool(heap::Pool& pool, std::uintptr_t start) {
  heap::clear(start, pool.bump);
  pool.bump = start;
  constexpr unsigned kSmallest = 8;  // those of all small objects: cleared by a few stores
  if (RC_LIKELY(pool.lists_end <= kSmallest))
    std::memset(pool.free_lists, 0, kSmallest * sizeof pool.free_lists[0]);
  else
    std::memset(pool.free_lists, 0, pool.lists_end * sizeof pool.free_lists[0]);
  pool.lists_end = 0;
}

}  // namespace

void heap_begin_execution() {
  state.live_blocks = 0;
  empty_pool(state.execution, heap::kExecutionPool);
  if (RC_UNLIKELY(state.by_thread))
    for (int thread = 1; thread < rt.thread_count; ++thread)
      if (state.of_thread[thread].end != 0)
        empty_pool(state.of_thread[thread], heap::thread_pool(static_cast<unsigned>(thread)));
  if (RC_UNLIKELY(state.process.changes != state.saved.changes)) {
    heap::clear(state.saved.bump, state.process.bump);
    state.process = state.saved;
  }
}

void heap_use_libc(bool on) { state.use_libc = on; }

bool heap_block(const void* address, report::Block& out) {
  if (!heap::in_arena(address) || state.starts == nullptr) return false;
  const std::uint32_t unit = heap::unit_of(address);
  std::uint64_t word = unit / 64;
  std::uint64_t bits = state.starts[word] & (~std::uint64_t{0} >> (63 - unit % 64));
  const std::uint64_t lowest =
      (reinterpret_cast<std::uintptr_t>(address) >= heap::kExecutionPool ? heap::kExecutionPool - heap::kArena : 0) /
      heap::kUnit / 64;
  while (bits == 0 && word > lowest) bits = state.starts[--word];
  if (bits == 0) return false;
  heap::Header* header = heap::header_at(static_cast<std::uint32_t>(word * 64 + 63 - __builtin_clzll(bits)));
  if (!header->is(heap::Mark::live) && !header->is(heap::Mark::freed)) return false;
  const auto payload = reinterpret_cast<std::uint64_t>(header->payload());
  if (reinterpret_cast<std::uint64_t>(address) >= payload + header->capacity()) return false;
  out.base = payload + (header->is(heap::Mark::live) ? std::uint64_t{header->link} * heap::kUnit : 0);
  out.size = header->size;
  return true;
}

}  // namespace racecourse::runtime
