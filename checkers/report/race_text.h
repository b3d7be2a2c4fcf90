// A data race in words: what the two accesses were, and what would have ordered them.
#pragma once

#include <racecourse/checkers/report/held_locks.h>
#include <racecourse/checkers/report/names.h>
#include <racecourse/checkers/report/race_sides.h>
#include <racecourse/checkers/report/stacks.h>
#include <racecourse/checkers/report/symbolize.h>
#include <racecourse/checkers/report/trace_view.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace racecourse::report {

// The events that took the locks which either side of the race held: what to name beside the picture's own events.
std::vector<std::uint32_t> locks_around(const Trace& trace, std::size_t finding);

class RaceText {
 public:
  RaceText(const Trace& trace, Names& names, Stacks& stacks, Symbols& symbols)
      : trace_(trace), names_(names), stacks_(stacks), symbols_(symbols) {}

  // "write of balance_ by T2 races with read by T1", "write of text by T2 (strcpy) races with read by T1 (strlen)".
  std::string sentence(std::size_t finding);
  // "write of text (24 bytes, by memcpy)": what either thread did.
  std::string near(std::size_t finding);
  std::string far(std::size_t finding);
  // Why the two are not ordered: "no lock in common: T1 holds a (since x.cpp:8), T2 holds none"; and what kind of
  // accesses they are where that explains the race.
  std::vector<std::string> reasons(std::size_t finding);

 private:
  struct Side {
    std::uint16_t thread;
    bool write;
    std::optional<std::uint32_t> event;
    std::string word;      // "write", "atomic read", "free"
    std::string function;  // the library function that made the access, or ""
    bool on_vptr;          // by a constructor or a destructor
  };
  Side side(std::size_t finding, bool near);
  std::string words(const Side& side, const std::string& object, std::uint64_t bytes) const;
  std::string object(std::size_t finding, const Side& near, const Side& far);
  std::string bit_fields(const Side& near, const Side& far);
  std::string bit_field(const Side& side);
  std::string of_vptr(const Side& vptr, const Side& other, const std::string& object);
  std::string locks(const Side& near, const Side& far);
  std::string locks_of(const Side& side, const std::vector<HeldLock>& held);
  std::string weak_message(const Side& near, const Side& far);
  std::string at(std::uint32_t event);

  const Trace& trace_;
  Names& names_;
  Stacks& stacks_;
  Symbols& symbols_;
};

}  // namespace racecourse::report
