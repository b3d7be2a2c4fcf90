// The stacks in ThreadSanitizer's reports, reduced to what a person of the user's program wants to see.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace racecourse::tsan {

struct StackFrame {
  std::string function;  // empty if unknown
  std::string file;      // as it was compiled; empty if unknown
  int line = 0;
  bool users = false;  // in the user's code, not in a library, the runtime or the checker
};

// One frame in the form that __tsan_default_options() asks for, "    #0|function|file|12|module"; nothing if the line
// is anything else.
std::optional<StackFrame> read_frame(std::string_view line);

// The innermost frame of the user's code, or null.
const StackFrame* users_frame(const std::vector<StackFrame>& stack);

// "Account::withdraw(int) (account.h:31)"
std::string text_of(const StackFrame& frame);
// The frames to show: those of the user's code, and what the innermost of them called. Without any, the innermost
// frame.
std::vector<StackFrame> shown_frames(const std::vector<StackFrame>& stack);

}  // namespace racecourse::tsan
