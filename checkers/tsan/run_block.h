// The memory that a run of the body shares with the process that forked it.
#pragma once

#include <racecourse/checkers/finding.h>

#include <atomic>
#include <cstdint>
#include <string_view>

namespace racecourse::tsan {

enum class Stage : std::uint32_t {
  starting,
  running,  // inside the body
  stopped,  // a note ended the run
  ended,    // the body returned
};

// Something that the run itself knows better than ThreadSanitizer's text: a failed EXPECT, an exception.
struct Note {
  Kind kind;
  int line;
  char file[512];
  char message[2048];
};

struct OutcomeCount {
  char text[64];
  std::uint64_t count;
};

inline constexpr std::uint32_t kMaxNotes = 4;
inline constexpr std::uint32_t kMaxOutcomes = 256;

struct RunBlock {
  std::atomic<Stage> stage;
  std::atomic<std::uint32_t> positions;  // threads that have shown where they are
  std::uint32_t note_count;              // guarded by `lock`, as is all below
  Note notes[kMaxNotes];
  std::uint32_t outcome_count;  // kept from run to run
  OutcomeCount outcomes[kMaxOutcomes];
  std::atomic_flag lock;
};

// Held for a few instructions. Not a mutex: ThreadSanitizer would see one, and take it for synchronisation of the body.
class BlockLock {
 public:
  explicit BlockLock(RunBlock& block) : block_(block) {
    while (block_.lock.test_and_set(std::memory_order_acquire)) {  // acquire: pairs with the release in ~BlockLock()
    }
  }
  ~BlockLock() { block_.lock.clear(std::memory_order_release); }
  BlockLock(const BlockLock&) = delete;
  BlockLock& operator=(const BlockLock&) = delete;

 private:
  RunBlock& block_;
};

// The block of this program, mapped at the first use; the same in every child.
RunBlock& run_block();

// Adds a note; dropped when there is no room. `file` may be null.
void add_note(RunBlock& block, Kind kind, const char* file, int line, std::string_view message);
void count_outcome(RunBlock& block, std::string_view text);

}  // namespace racecourse::tsan
