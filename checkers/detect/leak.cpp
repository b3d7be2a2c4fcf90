#include <racecourse/checkers/detect/finding.h>
#include <racecourse/checkers/detect/leak.h>
#include <racecourse/checkers/program/whole.h>
#include <racecourse/checkers/runtime/heap_find.h>
#include <racecourse/checkers/runtime/process_state.h>
#include <racecourse/checkers/runtime/roots.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cstdio>
#include <cstring>

namespace racecourse::detect {

namespace heap = runtime::heap;
using heap::Header;
using runtime::rt;

namespace {

constexpr std::size_t kUnits = (heap::kArenaSize - heap::kProcessPoolSize) / heap::kUnit;
constexpr std::size_t kMostPending = std::size_t{1} << 24;

// Mapped at the first need, and lazily backed.
struct Marks {
  std::uint64_t reached[kUnits / 64];  // a bit for the payload that a block begins with
  std::uint32_t pending[kMostPending];
};
[[gnu::section("racecourse_state")]] Marks* marks = nullptr;
[[gnu::section("racecourse_state")]] std::size_t pending_count = 0;

struct Lost {
  std::uint64_t blocks;
  std::uint64_t bytes;
  Header* first;  // of those that nothing lost points to, if there is one
};

std::size_t number_of(Header& block) {
  return heap::unit_of(block.payload()) - heap::unit_of(reinterpret_cast<void*>(heap::kExecutionPool));
}
bool is_reached(Header& block) { return marks->reached[number_of(block) / 64] >> (number_of(block) % 64) & 1; }
// Whether it was not before.
bool reach(Header& block) {
  std::uint64_t& word = marks->reached[number_of(block) / 64];
  const std::uint64_t bit = std::uint64_t{1} << (number_of(block) % 64);
  if (word & bit) return false;
  word |= bit;
  return true;
}

// The live block of the execution that `word` points into. Bits that programs use for tags are ignored.
Header* target_of(std::uint64_t word) {
  constexpr std::uint64_t kAddress = (std::uint64_t{1} << 48) - 1;
  const std::uint64_t address = word & kAddress;
  if (!heap::is_handed_out(address)) return nullptr;
  Header* block = heap::block_around(address);
  return block != nullptr && block->is(heap::Mark::live) ? block : nullptr;
}

template <class Visit>
void for_each_word(const void* begin, std::size_t size, Visit visit) {
  const auto from = (reinterpret_cast<std::uintptr_t>(begin) + 7) & ~std::uintptr_t{7};
  const auto to = reinterpret_cast<std::uintptr_t>(begin) + size;
  for (std::uintptr_t at = from; at + 8 <= to; at += 8) {
    std::uint64_t word;
    std::memcpy(&word, reinterpret_cast<const void*>(at), sizeof word);
    visit(word);
  }
}

void reach_from(const void* begin, std::size_t size, void*) {
  for_each_word(begin, size, [](std::uint64_t word) {
    Header* block = target_of(word);
    if (block != nullptr && reach(*block)) marks->pending[pending_count++] = heap::unit_of(block->payload());
  });
}

void reach_all() {
  while (pending_count > 0) {
    Header* block = heap::header_at(marks->pending[--pending_count]);
    reach_from(block->payload(), block->capacity(), nullptr);
  }
}

template <class Visit>
void for_each_pool(Visit visit) {
  visit(heap::kExecutionPool, heap::state.execution.bump);
  if (!heap::state.by_thread) return;
  for (unsigned thread = 1; thread < rt.thread_count; ++thread)
    if (heap::state.of_thread[thread].end != 0) visit(heap::thread_pool(thread), heap::state.of_thread[thread].bump);
}

template <class Visit>
void for_each_lost(Visit visit) {
  for_each_pool([&](std::uintptr_t begin, std::uintptr_t end) {
    heap::for_each_block(begin, end, [&](Header& block) {
      if (block.is(heap::Mark::live) && !is_reached(block)) visit(block);
    });
  });
}

bool any_lost() {
  bool any = false;
  for_each_lost([&](Header&) { any = true; });
  return any;
}

Lost count_lost() {
  Lost lost = {};
  for_each_lost([&](Header& block) {
    ++lost.blocks;
    lost.bytes += block.size;
    if (lost.first == nullptr) lost.first = &block;
  });
  // A block that a lost one points to is lost with it: the report is about the other.
  for_each_lost([&](Header& from) {
    for_each_word(from.payload(), from.capacity(), [&](std::uint64_t word) {
      Header* to = target_of(word);
      if (to != nullptr && to != &from && !is_reached(*to))
        marks->pending[pending_count++ % kMostPending] = heap::unit_of(to->payload());
    });
  });
  for (std::size_t i = 0; i < pending_count && i < kMostPending; ++i) reach(*heap::header_at(marks->pending[i]));
  pending_count = 0;
  bool found = false;
  for_each_lost([&](Header& block) {
    if (!found) lost.first = &block;
    found = true;
  });
  return lost;
}

void clear_marks() {
  const std::size_t start = heap::unit_of(reinterpret_cast<void*>(heap::kExecutionPool));
  for_each_pool([&](std::uintptr_t begin, std::uintptr_t end) {
    const std::size_t first = (heap::unit_of(reinterpret_cast<void*>(begin)) - start) / 64;
    const std::size_t last = (heap::unit_of(reinterpret_cast<void*>(end)) - start) / 64;
    std::memset(&marks->reached[first], 0, (last - first + 1) * sizeof marks->reached[0]);
  });
}

void report(const Lost& lost) {
  auto* const base = lost.first->payload() + std::size_t{lost.first->link} * heap::kUnit;
  report::RawFinding* finding = add_finding(Kind::leak, 0, base, lost.first->size);
  if (finding == nullptr) return;
  finding->stack = 0;
  const auto size = static_cast<unsigned long long>(lost.first->size);
  set_message(*finding, "a heap block of %llu byte%s is lost: nothing points to it any more", size,
              size == 1 ? "" : "s");
  if (lost.blocks == 1) return;
  const std::size_t length = std::strlen(finding->message);
  std::snprintf(finding->message + length, sizeof finding->message - length, " (%llu blocks of %llu bytes in all)",
                static_cast<unsigned long long>(lost.blocks), static_cast<unsigned long long>(lost.bytes));
}

}  // namespace

void look_for_leaks() {
  // The end of a program gives its memory back: many count on it.
  if (program::is_whole != nullptr) return;
  // More blocks than can be looked at.
  if (static_cast<std::uint64_t>(heap::state.live_blocks) > kMostPending) return;
  runtime::restore_protection();
  if (marks == nullptr) {
    // Not by mmap(): that would be the program's, and go with the execution.
    const long memory = runtime::raw_syscall(SYS_mmap, 0, sizeof(Marks), PROT_READ | PROT_WRITE,
                                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory < 0 && memory > -4096) return;
    marks = reinterpret_cast<Marks*>(memory);
  }
  const bool all = runtime::visit_roots({reach_from, nullptr});
  reach_all();
  if (all && any_lost()) report(count_lost());
  clear_marks();
}

}  // namespace racecourse::detect
