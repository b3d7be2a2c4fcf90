// The name of a (Mazurkiewicz) trace: of what happened before what in it, and of nothing else. So executions have the
// same one if they differ in the order of steps that nobody can tell, in whichever process they ran. Threads are known
// by who started them: that others were started before makes no difference.
#pragma once

#include <racecourse/checkers/schedule/state_name.h>
#include <racecourse/checkers/schedule/trace.h>

#include <functional>
#include <unordered_map>

namespace racecourse::schedule {

class TraceName {
 public:
  explicit TraceName(Arena* arena);

  void begin();
  // Step i of the trace. Those before it were added.
  void add_step(const Trace& trace, std::uint32_t i);
  const StateName& name() const { return name_; }
  // Of the last step of a thread, with all that happened before it.
  StateName of_thread(int thread) const;

 private:
  // What a byte of an object went through: its last write, and what came after.
  struct Byte {
    StateName write, reads, adds;
  };
  struct Object {
    Byte bytes[8];
  };
  using Objects = std::unordered_map<std::uint64_t, Object, std::hash<std::uint64_t>, std::equal_to<std::uint64_t>,
                                     InArena<std::pair<const std::uint64_t, Object>>>;

  ArenaVector<StateName> of_step_;
  ArenaVector<StateName> of_thread_;
  Objects objects_;
  StateName name_;  // of the set of all steps
};

}  // namespace racecourse::schedule
