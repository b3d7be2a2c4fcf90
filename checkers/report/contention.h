// Which memory and which synchronisation objects threads really share in a trace: touched by two of them, at least once
// changing it, and not merely handed over by starting or joining a thread.
#pragma once

#include <racecourse/checkers/report/lifetimes.h>
#include <racecourse/checkers/report/trace_view.h>

#include <cstdint>
#include <set>
#include <utility>

namespace racecourse::report {

class Contention {
 public:
  // Both outlive this object.
  Contention(const Trace& trace, const Lifetimes& lifetimes);

  // Whether the event with this index acts on something shared.
  bool shared(std::uint32_t index) const;

 private:
  // An address and the allocation that it belongs to.
  using Identity = std::pair<std::uint64_t, std::uint32_t>;
  Identity identity(std::uint64_t address, std::uint32_t index) const;

  const Trace& trace_;
  const Lifetimes& lifetimes_;
  std::set<Identity> bytes_;
  std::set<Identity> objects_;
};

}  // namespace racecourse::report
