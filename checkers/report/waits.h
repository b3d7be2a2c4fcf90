// Threads that are stuck at the end of an execution: what each waits for, who could have helped, and when.
#pragma once

#include <racecourse/checkers/report/describe.h>
#include <racecourse/checkers/report/missed_wakeup.h>
#include <racecourse/checkers/report/names.h>
#include <racecourse/checkers/report/stacks.h>
#include <racecourse/checkers/report/trace_view.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace racecourse::report {

class Waits {
 public:
  Waits(const Trace& trace, Names& names, Stacks& stacks, Describer& describer)
      : trace_(trace), names_(names), stacks_(stacks), describer_(describer) {}

  // Blocked threads: first those that missed a wakeup, last those that wait for other threads to end. Of a partial
  // deadlock only those that are stuck for good: the others may be meant to wait for the end of the program.
  std::vector<std::uint16_t> stuck() const;
  // Whether the thread is one of those that wait for each other.
  bool in_cycle(std::uint16_t thread) const;
  // The code that a stuck thread waits in, as a return address and the frame around it.
  struct Origin {
    std::uint64_t pc = 0;
    std::uint32_t stack = 0;
  };
  Origin origin(std::uint16_t thread) const;
  // "T1 waits for mutex_ #1, held by T2 since account.h:12".
  std::string sentence(std::uint16_t thread);
  // More lines about it: where it was locked, the last wake that reached nobody, what changed since.
  std::vector<std::string> details(std::uint16_t thread);
  // "T1 -> mutex_ #2 -> T2 -> mutex_ #1 -> T1", or empty if the waits form no cycle.
  std::string cycle();
  // What a thread that never ends does over and over.
  std::vector<std::string> last_steps(std::uint16_t thread);
  // Whether all that it did last was to look: at what others change, or do not.
  bool only_looks(std::uint16_t thread) const;
  // Whether it has arrived at a std::barrier, and finds no place there: those are for as many as it was made for.
  bool finds_no_place(std::uint16_t thread);

  // Index of the event by which `thread` came to hold the lock at `address`; empty if it does not.
  std::optional<std::uint32_t> acquisition(std::uint64_t address, std::uint16_t thread) const;

 private:
  std::uint16_t holder(const ThreadEnd& end) const;
  bool lets_writer_first(const ThreadEnd& end, std::uint16_t other) const;
  std::optional<std::uint32_t> sleep_event(std::uint16_t thread) const;
  std::string notified_by(const MissedWakeup& missed);
  void missed_details(const MissedWakeup& missed, std::vector<std::string>& lines);
  void semaphore_details(const ThreadEnd& end, std::vector<std::string>& lines);
  void barrier_details(const ThreadEnd& end, std::vector<std::string>& lines);
  void wake_details(std::uint16_t thread, std::vector<std::string>& lines);
  void change_details(std::uint16_t thread, std::vector<std::string>& lines);
  std::string at_place(const Event& event);
  std::string since(std::uint64_t address, std::uint16_t thread);

  const Trace& trace_;
  Names& names_;
  Stacks& stacks_;
  Describer& describer_;
};

}  // namespace racecourse::report
