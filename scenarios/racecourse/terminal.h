// A person at a terminal, or lines from anywhere.
#pragma once

#include <optional>
#include <string>

namespace racecourse::command {

// Whether a person sits at standard input and output. Otherwise everything is plain lines.
bool is_interactive();

// Whether text may be marked: at a terminal, and neither NO_COLOR nor TERM=dumb forbids it.
bool may_mark();

// Single keys instead of lines, while one of these lives. Ctrl-C works as always.
class SingleKeys {
 public:
  SingleKeys();
  ~SingleKeys();
  SingleKeys(const SingleKeys&) = delete;
  SingleKeys& operator=(const SingleKeys&) = delete;

  // The next key; none at the end of the input.
  std::optional<char> key();
};

void clear_screen();

}  // namespace racecourse::command
