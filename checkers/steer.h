// You are the scheduler: runs a body under the decisions of a caller, and tells where every thread stands then.
//
//   racecourse::Steering steering(two_withdrawals);
//   std::vector<racecourse::Turn> turns;
//   racecourse::Position position = steering.after(turns);
//   while (!position.over) {
//     turns.push_back({position.threads[...].thread});   // one of those that can go on
//     position = steering.after(turns);
//   }
//   if (position.finding) std::puts(position.finding->picture.c_str());
//
// Contract
//  - The body is unmodified code, as in explore.h. Nothing of it is kept between two calls: after() runs it anew, under
//    the decisions so far. To take one back, ask with one less.
//  - A decision lets one thread pass one visible operation: a synchronisation, an atomic access, or a plain access to
//    memory that raced in a short search when the Steering was made. Where only one thread can go on it does so by
//    itself, and a thread that was just started runs up to its first operation.
//  - The same turns lead to the same position, in every process with the same program.
//  - While one lives, what the calling thread allocates comes from the C library's heap, so that every execution finds
//    the program's heap as it was; explore() and its relatives must not be called. Explore link only.
//
// Errors: the constructor throws std::invalid_argument for bad options, and std::runtime_error where no worker process
// can work. A turn that cannot be taken is no error: see Position::problem.
#pragma once

#include <racecourse/checkers/explore.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace racecourse {

// One decision.
struct Turn {
  int thread = 0;
  // Which of the waiters is woken, from 0, where the step wakes one of several.
  std::uint32_t answer = 0;
  friend bool operator==(const Turn&, const Turn&) = default;
};

// Where a thread stands.
struct Stand {
  enum class Is : std::uint8_t {
    able,     // can go on
    timed,    // waits, but its time may run out: it can be chosen, which makes that happen
    waiting,  // for others
    ended,
  };
  int thread = 0;
  std::string title;  // "T1 (writer)"
  Is is = Is::able;
  std::string next;   // able: what it does next, as in "read  balance_ -> 1000"; otherwise what it waits for
  std::string where;  // "account.h:31", empty if unknown
  std::string code;   // that line of the source
  std::uint32_t alternatives = 0;  // > 1: its next step wakes one of so many, see Turn::answer

  bool can_go() const { return is == Is::able || is == Is::timed; }
};

struct Step {
  int thread = 0;
  std::string what;   // "lock  mutex_"
  std::string where;  // "account.h:31", empty if unknown
  std::uint32_t repeat = 1;
};

// Memory that threads share, or a lock.
struct Variable {
  std::string name;
  std::string value;  // "1000", "held by T2", "free"
};

struct Position {
  std::vector<Stand> threads;       // by number; T0 is the body
  std::vector<Step> steps;          // so far, from the first start of a thread
  std::vector<Variable> variables;  // as they were last seen
  bool over = false;                // nobody is asked any more
  // So far; an execution may go on after a race. Its picture is at most 80 characters wide.
  std::optional<Finding> finding;
  std::string token;    // of the schedule so far; replayed, it goes on by the default rule
  std::string problem;  // not empty: why the last turns could not be taken; what is told is where it stopped
};

// How to come to a bug from here.
struct Hint {
  std::size_t undo = 0;  // turns to take back first, since no way is known from here
  Turn next;
  std::size_t left = 0;  // turns from there to the bug, `next` included
};

class Steering {
 public:
  // Keeps `body`. Of the options those count that a replay obeys, and the names for reports.
  explicit Steering(std::function<void()> body, const Options& options = {});
  ~Steering();
  Steering(const Steering&) = delete;
  Steering& operator=(const Steering&) = delete;

  // `turns` that cannot be taken are left out, with a problem.
  Position after(std::span<const Turn> turns);
  // The same, and from there to the end by the default rule of schedule.h.
  Position run_on(std::span<const Turn> turns);
  // What the schedule of a token shows. Throws schedule::BadToken for a bad one.
  std::optional<Finding> replay(const std::string& token);
  // The way to the finding that the token shows, as far as it still fits. Throws schedule::BadToken for a bad one.
  // Nothing if the token shows no finding here, or steps too fine for turns lead to it.
  std::optional<Hint> toward(const std::string& token, std::span<const Turn> turns);

 private:
  class Table;
  std::unique_ptr<Table> table_;
};

}  // namespace racecourse
