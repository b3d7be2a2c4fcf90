// Which thread holds an object, as a word inside the object: a mark, the execution, the thread. The execution is there
// because a mutex outside the snapshot (in a library's data) keeps what an abandoned execution left in it.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

#include <optional>

namespace racecourse::runtime {

inline std::uint32_t execution_mark() { return 1u << 31 | (rt.base_epoch & 0x7fffff) << 8; }

inline std::uint32_t owner_word(const Fiber& fiber) { return execution_mark() | fiber.id; }

// True for words that this or another execution wrote, as opposed to the C library.
inline bool is_marked(std::uint32_t word) { return (word >> 31) != 0; }

// The holder according to `word`; `free_word` is what the C library writes when there is none. What real code held
// before the exploration is held by T0, which carries on from it.
inline std::optional<std::uint16_t> owner_of(std::uint32_t word, std::uint32_t free_word = 0) {
  if (word == free_word) return std::nullopt;
  if (!is_marked(word)) return std::uint16_t{0};
  if ((word & ~0xffu) != execution_mark()) return std::nullopt;
  return static_cast<std::uint16_t>(word & 0xff);
}

}  // namespace racecourse::runtime
