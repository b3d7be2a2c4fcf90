// A turn as people write it: in `racecourse play`, in a schedule that is handed in.
#pragma once

#include <racecourse/checkers/steer.h>

#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>

namespace racecourse::catalogue {

struct WrittenTurn {
  Turn turn;
  std::size_t times = 1;
};

template <class Number>
bool take_number(std::string_view& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

// "1", "T1", "1:1" (and its step wakes the second waiter), "1x4" (four times). Nothing if it is none of these; whether
// there is such a thread, and how often is too often, the caller knows.
inline std::optional<WrittenTurn> turn_from(std::string_view word) {
  WrittenTurn written;
  if (word.starts_with("T") || word.starts_with("t")) word.remove_prefix(1);
  if (!take_number(word, written.turn.thread)) return std::nullopt;
  if (word.starts_with(":")) {
    word.remove_prefix(1);
    if (!take_number(word, written.turn.answer)) return std::nullopt;
  }
  if (word.starts_with("x")) {
    word.remove_prefix(1);
    if (!take_number(word, written.times)) return std::nullopt;
  }
  if (!word.empty()) return std::nullopt;
  return written;
}

}  // namespace racecourse::catalogue
