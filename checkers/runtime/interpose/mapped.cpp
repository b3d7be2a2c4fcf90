// What the program has mapped in this execution. What it leaves mapped, because nobody came to unmap it, goes before
// the next one.
#include <errno.h>
#include <racecourse/checkers/detect/race.h>
#include <racecourse/checkers/runtime/heap_layout.h>
#include <racecourse/checkers/runtime/interpose/mapping.h>
#include <racecourse/checkers/runtime/stack_layout.h>
#include <sys/syscall.h>

#include <algorithm>

namespace racecourse::runtime {

namespace {

// Those that find no room here stay until the worker ends.
constexpr int kMaxMappings = 1024;
[[gnu::section("racecourse_state")]] Mapping mappings[kMaxMappings] = {};
[[gnu::section("racecourse_state")]] int mapping_count = 0;
// Memory that a program maps without end would be taken from whatever else runs on the machine.
constexpr std::size_t kMostMapped = std::size_t{4} << 30;
[[gnu::section("racecourse_state")]] std::size_t mapped_beyond = 0;  // what found no room

// Where mappings go, which have cells of their own in the race shadow there.
constexpr std::uintptr_t kPlaces = heap::kArena + heap::kArenaSize, kPlacesEnd = kStacks;

// Whether the neighbour, of the same kind, has become part of the first. So thousands of small ones are one.
bool joins(Mapping& mapping, const Mapping& other) {
  if (mapping.attached || other.attached || mapping.of_no_file != other.of_no_file ||
      mapping.takes_memory != other.takes_memory || (mapping.begin != other.end && mapping.end != other.begin))
    return false;
  mapping.begin = std::min(mapping.begin, other.begin);
  mapping.end = std::max(mapping.end, other.end);
  return true;
}

void add_mapping(const Mapping& mapping) {
  if (mapping.begin == mapping.end) return;
  for (int i = 0; i < mapping_count; ++i)
    if (joins(mappings[i], mapping)) return;
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

// The kernel looks at the signal set before it refuses what is to be done with it.
bool is_readable(std::uintptr_t page) {
  constexpr long kNothing = -1;
  return raw_syscall(SYS_rt_sigprocmask, kNothing, static_cast<long>(page), 0, 8) != -EFAULT;
}

}  // namespace

void forget_memory(std::uintptr_t begin, std::uintptr_t end) {
  detect::forget_accesses(begin, end - begin);
  forget_sync(reinterpret_cast<const void*>(begin), end - begin);
}

// What is left of those that are changed in part stays known.
void forget_mappings(std::uintptr_t begin, std::uintptr_t end) {
  for (int i = mapping_count - 1; i >= 0; --i) {
    const Mapping whole = mappings[i];
    if (whole.begin >= end || begin >= whole.end) continue;
    mappings[i] = mappings[--mapping_count];
    Mapping below = whole, above = whole;
    below.end = std::max(whole.begin, begin);
    above.begin = std::min(whole.end, end);
    add_mapping(below);
    add_mapping(above);
  }
}

void note_mapping(const Mapping& mapping) {
  forget_mappings(mapping.begin, mapping.end);
  add_mapping(mapping);
}

const Mapping* mapping_of(std::uintptr_t address) {
  for (int i = 0; i < mapping_count; ++i)
    if (mappings[i].begin <= address && address < mappings[i].end) return &mappings[i];
  return nullptr;
}

std::uintptr_t free_place(std::size_t size) {
  if (size > kPlacesEnd - kPlaces) return 0;
  size = end_of(0, size);
  std::uintptr_t place = kPlacesEnd - size;
  for (int i = 0, passed = 0; passed < mapping_count; i = (i + 1) % mapping_count, ++passed) {
    if (mappings[i].begin >= place + size || place >= mappings[i].end) continue;
    place = mappings[i].begin - size;
    passed = -1;
  }
  return place >= kPlaces ? place : 0;
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
  note_mapping({begin, end, true, true, true});
}

void note_detached(const void* memory) {
  const Mapping* attached = mapping_of(reinterpret_cast<std::uintptr_t>(memory));
  if (attached != nullptr) forget_mappings(attached->begin, attached->end);
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
