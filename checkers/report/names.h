// Readable names for addresses, the same name for the same address throughout a report.
//
// In order of preference: a global's symbol; the name that the source text uses where the address is accessed (every
// event votes, the most frequent name wins); "heap block of 48 bytes +16"; "memory 1" in the order of appearance.
// Different objects that would share a name are told apart: by the object that they lie in when the program's own
// pointers tell ("alice.mutex_"), else by number ("mutex_ #1").
#pragma once

#include <racecourse/checkers/report/lifetimes.h>
#include <racecourse/checkers/report/stacks.h>
#include <racecourse/checkers/report/symbolize.h>
#include <racecourse/checkers/report/trace_view.h>

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace racecourse::report {

class Names {
 public:
  // Names every address that the events with these indices act on. All arguments outlive this object.
  Names(const Trace& trace, const Lifetimes& lifetimes, Stacks& stacks, Symbols& symbols,
        std::span<const std::uint32_t> events);

  // The name of the object at `address`, or of the named one whose bytes hold it.
  std::string of(std::uint64_t address);
  // What the line of this access of memory calls it; empty if it does not tell.
  std::string in_source(const Event& event);
  // "1", "-600", "true", "nullptr", "pointer 2", "&head_", "red".
  std::string value(const Event& event, std::uint64_t bits);

 private:
  struct Named {
    std::string name;
    std::string plain;  // without what tells it apart from others
    ValueType type;
    std::uint8_t size = 0;
    bool from_source = false;
  };
  struct Votes {
    std::map<std::string, int> names;
    std::set<std::uint32_t> allocations;  // that the address belonged to in the events to be named
    std::vector<std::uint32_t> events;
    std::uint8_t size = 0;
    bool atomic = false;  // used by atomic or synchronising operations
  };

  void vote(std::uint32_t index, Votes& votes);
  void choose(std::uint64_t address, const Votes& votes);
  const Named& named_late(std::uint64_t address);
  void tell_apart();
  std::string symbol_name(std::uint64_t address, const Votes& votes, const std::string& voted);
  bool is_member(const Votes& votes, const std::string& voted);
  std::string fallback_name(std::uint64_t address, std::uint32_t index);
  void learn_pointers();
  void call_after_owners();
  std::string owner_of(std::uint64_t address) const;
  bool looks_like_pointer(std::uint64_t bits) const;
  std::string pointer(std::uint64_t bits);

  const Trace& trace_;
  const Lifetimes& lifetimes_;
  Stacks& stacks_;
  Symbols& symbols_;
  std::vector<std::uint64_t> order_;  // addresses by first appearance
  std::map<std::uint64_t, Named> named_;
  std::map<std::uint64_t, std::string> owners_;              // objects that the program's pointers name
  std::unordered_map<std::uint64_t, std::string> pointers_;  // values shown as "pointer 1"
  int memories_ = 0;
};

}  // namespace racecourse::report
