#include <racecourse/checkers/tsan/run_block.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace racecourse::tsan {
namespace {

RunBlock* map_block() {
  void* memory = mmap(nullptr, sizeof(RunBlock), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return new (memory) RunBlock{};
}

template <std::size_t N>
void copy(std::string_view from, char (&to)[N]) {
  const std::size_t length = std::min(from.size(), N - 1);
  std::memcpy(to, from.data(), length);
  to[length] = '\0';
}

}  // namespace

RunBlock& run_block() {
  static RunBlock& block = *map_block();
  return block;
}

void add_note(RunBlock& block, Kind kind, const char* file, int line, std::string_view message) {
  const BlockLock lock(block);
  if (block.note_count == kMaxNotes) return;
  Note& note = block.notes[block.note_count++];
  note.kind = kind;
  note.line = line;
  copy(file != nullptr ? file : "", note.file);
  copy(message, note.message);
}

void count_outcome(RunBlock& block, std::string_view text) {
  const BlockLock lock(block);
  char kept[sizeof OutcomeCount::text];
  copy(text, kept);
  for (std::uint32_t i = 0; i < block.outcome_count; i++) {
    if (std::strcmp(block.outcomes[i].text, kept) != 0) continue;
    block.outcomes[i].count++;
    return;
  }
  // When the table is full the rest is counted together, in the last entry.
  const bool full = block.outcome_count == kMaxOutcomes;
  if (!full) block.outcome_count++;
  OutcomeCount& entry = block.outcomes[block.outcome_count - 1];
  if (block.outcome_count == kMaxOutcomes) copy("(other outcomes)", kept);
  std::memcpy(entry.text, kept, sizeof kept);
  entry.count = full ? entry.count + 1 : 1;
}

}  // namespace racecourse::tsan
