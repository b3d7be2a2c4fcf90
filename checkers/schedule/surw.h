// SURW: Zhao, Wolff, Mathur, Roychoudhury, "Selectively Uniform Concurrency Testing", ASPLOS 2025.
//
// Each execution selects the accesses to one object, chosen with a probability proportional to how often several
// threads touch it, and samples the interleavings of these accesses uniformly: before each of them a thread is drawn in
// proportion to how many it and the threads that it will start have left, and the others wait with theirs until it has
// come. What is not selected happens in the order of random priorities, fresh for every event. Uniform if the counts
// are exact, no thread waits for another, and every object keeps its address; a walk in which a thread with many
// accesses falls behind, by contrast, hardly ever lets it come first.
//
// Counts are measured by the executions of this strategy itself, see profile.h, and never asked for. Until the first
// batch has taught some, all events are of equal weight.
//
// Deviations: an attempt to lock that had to wait is not counted as an access, and until the lock is given back nobody
// else is drawn for another. A thread that yields, or that is seen to
// spin, may wait for one that was made to wait here: when only such threads are left to run, the drawn one is given up
// and another drawn among those that can run. A pending timeout may fire before all threads are blocked.
#pragma once

#include <racecourse/checkers/schedule/event_priorities.h>
#include <racecourse/checkers/schedule/profile.h>

namespace racecourse::schedule {

class Surw final : public Strategy {
 public:
  std::string_view name() const override { return "surw"; }
  void begin(std::uint64_t execution, std::uint64_t seed, const Learnt& learnt) override;
  Choice choose(const View& view) override;
  std::uint32_t pick(std::uint32_t n) override { return random_.below(n); }
  bool watches() const override { return true; }
  void started(int thread, int parent) override;

 private:
  static constexpr int kNobody = -1;
  static constexpr std::uint32_t kMaxObjects = 1024;
  static constexpr std::uint64_t kLastMeasured = 512;  // executions after so many teach nothing

  struct Candidate {
    std::uint64_t object;
    std::uint64_t weight_up_to;  // of this one and those before
  };

  void list_candidates(const Profile& known);
  std::uint64_t choose_object();
  bool selected(const Pending& pending) const;
  bool must_wait(int thread, const Pending& pending) const;
  std::uint32_t weight(int thread) const { return left_[static_cast<std::size_t>(thread)]; }
  // Draws a thread in proportion to what it has left, of all or of those that are enabled at a selected event.
  int draw_of_all();
  int draw_of_selected(const View& view);
  int best_of(const View& view);
  int next_of(const View& view);
  // What the body does before it starts anybody, and after all have ended, nobody competes for.
  bool is_alone(int thread) const { return thread == 0 && alive_ == 1; }
  // An event happens, or turned out not to have: it is counted for the thread and those who started it.
  void count(int thread, const Pending& event, bool happened);
  void measure(int thread, const Pending& event, bool happened);

  Random random_;
  EventPriorities priorities_;
  const Profile* known_ = nullptr;
  Profile* measured_ = nullptr;  // null: this execution is not measured

  // Of the batch.
  std::uint32_t listed_executions_ = 0;  // of the profile that the candidates are from
  std::uint32_t candidate_count_ = 0;
  std::array<Candidate, kMaxObjects> candidates_{};

  // Of the execution.
  std::uint64_t object_ = 0;  // whose accesses are selected; 0: none
  int intended_ = kNobody;    // whose turn it is at the object
  bool held_ = false;         // the object is a lock, and somebody waits for it
  int threads_ = 1;           // greatest number of a thread + 1
  int alive_ = 1;
  Pending executed_;
  struct Lineage {
    ThreadName name;
    std::uint32_t children;
    std::int32_t parent;
  };
  std::array<Lineage, 256> lineage_{};
  std::array<std::uint32_t, 256> left_{};  // accesses to the object still expected
};

}  // namespace racecourse::schedule
