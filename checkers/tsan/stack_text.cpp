#include <racecourse/checkers/report/paths.h>
#include <racecourse/checkers/report/text.h>
#include <racecourse/checkers/tsan/stack_text.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace racecourse::tsan {
namespace {

// Names of templates of the library can go on for lines.
constexpr std::size_t kLongestFunction = 80;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// The source of a library that the user did not write. Sources of the C library and of the compilers' runtimes are
// named as their builders compiled them: by a relative path.
bool library_file(std::string_view file) {
  constexpr std::array kParts = {"libsanitizer/", "compiler-rt/", "sysdeps/", "libstdc++-v3/", "/lib/clang/"};
  constexpr std::array kStarts = {"/usr/include/", "/usr/lib/", "nptl/",     "stdlib/", "csu/",      "string/",
                                  "signal/",       "./nptl/",   "./stdlib/", "./csu/",  "./string/", "./signal/"};
  return (contains(file, "/include/") && contains(file, "/c++/")) ||
         std::any_of(kParts.begin(), kParts.end(), [&](std::string_view part) { return contains(file, part); }) ||
         std::any_of(kStarts.begin(), kStarts.end(), [&](std::string_view start) { return file.starts_with(start); });
}

// What the checker puts between the body and the functions that it calls.
bool checkers_file(std::string_view file) {
  constexpr std::array kNames = {"interpose_pthread.cpp",   "interpose_atomic.cpp",
                                 "interpose_exception.cpp", "delays.cpp",
                                 "positions.cpp",           "uncaught.cpp"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view name) { return file.ends_with("checkers/tsan/" + std::string(name)); });
}

// What stands below the body on the thread that runs it.
bool below_body(const StackFrame& frame) { return frame.file.ends_with("checkers/tsan/child.cpp"); }

bool checkers_own(const StackFrame& frame) {
  return checkers_file(frame.file) || frame.function == "__sanitizer_print_stack_trace";
}

std::string known(std::string_view text) {
  return text == "<null>" || text == "?\?" ? std::string() : std::string(text);
}

// "main::$_2::operator()() const" says nothing that the line does not.
bool lambda(std::string_view function) {
  return function.starts_with("operator()") || contains(function, "operator()()");
}

}  // namespace

std::optional<StackFrame> read_frame(std::string_view line) {
  const std::size_t start = line.find_first_not_of(' ');
  if (start == std::string_view::npos || line[start] != '#') return std::nullopt;
  std::array<std::string_view, 5> fields;
  std::string_view rest = line.substr(start);
  // A function's name may hold '|' itself (operator|), the other fields do not: take them from the end.
  for (std::size_t i = fields.size() - 1; i >= 2; i--) {
    const std::size_t bar = rest.rfind('|');
    if (bar == std::string_view::npos) return std::nullopt;
    fields[i] = rest.substr(bar + 1);
    rest = rest.substr(0, bar);
  }
  const std::size_t bar = rest.find('|');
  if (bar == std::string_view::npos) return std::nullopt;
  fields[1] = rest.substr(bar + 1);

  StackFrame frame;
  frame.function = known(fields[1]);
  frame.file = known(fields[2]);
  std::from_chars(fields[3].data(), fields[3].data() + fields[3].size(), frame.line);
  frame.users = !frame.file.empty() && !library_file(frame.file) && !below_body(frame) && !checkers_own(frame);
  return frame;
}

const StackFrame* users_frame(const std::vector<StackFrame>& stack) {
  for (const StackFrame& frame : stack) {
    if (below_body(frame)) return nullptr;
    if (frame.users) return &frame;
  }
  return nullptr;
}

std::string text_of(const StackFrame& frame) {
  const std::string function = lambda(frame.function) ? "a lambda" : report::clipped(frame.function, kLongestFunction);
  if (frame.file.empty() || library_file(frame.file)) return function.empty() ? "(unknown)" : function;
  std::string place = report::readable_path(frame.file, "");
  if (frame.line > 0) place += ":" + std::to_string(frame.line);
  return function.empty() ? place : function + " (" + place + ")";
}

std::vector<StackFrame> shown_frames(const std::vector<StackFrame>& stack) {
  std::vector<StackFrame> shown;
  const StackFrame* called = nullptr;
  for (const StackFrame& frame : stack) {
    if (below_body(frame)) break;
    if (frame.users) {
      if (shown.empty() && called != nullptr) shown.push_back(*called);
      shown.push_back(frame);
    } else if (!frame.function.empty() && !checkers_own(frame)) {
      called = &frame;
    }
  }
  if (shown.empty() && !stack.empty() && !stack.front().function.empty()) shown.push_back(stack.front());
  return shown;
}

}  // namespace racecourse::tsan
