// Call stacks in the reader's terms: his own functions; what the library and the runtime do in between is left out.
#pragma once

#include <racecourse/checkers/report/symbolize.h>
#include <racecourse/checkers/report/trace_view.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace racecourse::report {

// The innermost place in the user's own code on the way to an event.
struct UserPlace {
  const Place* place = nullptr;  // null: unknown
  std::uint64_t address = 0;     // of the code, to look up more
  bool in_library = false;       // the event happened in a library function called from here
  std::string callee;            // that library function: "std::mutex::lock"
};

class Stacks {
 public:
  // Both outlive this object.
  Stacks(const Trace& trace, Symbols& symbols) : trace_(trace), symbols_(symbols) {}

  // `pc` is a return address, `stack` the index of the innermost frame.
  const UserPlace& user(std::uint64_t pc, std::uint32_t stack);
  const UserPlace& user(const Event& event) { return user(event.pc, event.stack); }

  // The user's functions from the inside out. With an unknown pc (0): from the caller on.
  std::vector<Place> frames(std::uint64_t pc, std::uint32_t stack);

  // Innermost function of the machine code at `pc`, whoever wrote it.
  std::string innermost_function(std::uint64_t pc);

 private:
  const Trace& trace_;
  Symbols& symbols_;
  std::map<std::pair<std::uint64_t, std::uint32_t>, UserPlace> users_;
};

// The standard library, system headers, system libraries.
bool is_library(const Place& place);
// This checker itself: what called the body, not part of it.
bool is_checker(const Place& place);

}  // namespace racecourse::report
