// Starting a program and keeping what it says: a compiler, or the checks of an exercise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace racecourse::lab {

// Where another person's code runs: as another user, in namespaces of its own, without network, able to write to one
// folder only, under limits. What remains is said in GUIDE.md.
struct Confinement {
  std::vector<std::string> hidden;  // folders that it shall find empty
};

struct Job {
  std::vector<std::string> arguments;     // the program first: a path, or a name to look up in PATH
  std::string folder;                     // where it runs, and what it may write to
  std::vector<std::string> environment;   // "NAME=value", beside PATH, LANG=C and TMPDIR (the folder)
  std::optional<std::string> nonce;       // set: it gets --result-fd and --nonce-fd, and may answer
  std::optional<Confinement> confined;    // unset: it runs as the caller does
  unsigned cpu_seconds = 300;             // of one process
  std::uint64_t file_bytes = 1ull << 30;  // of one file, and of its output
  std::uint64_t memory_bytes = 0;         // of address space; 0: no limit. A search needs much of it, and fills little
  std::uint64_t resident_bytes = 0;       // in memory, of one process: who holds more is ended; 0: no limit
  double seconds = 1200;                  // of wall time: only so that nothing runs for ever
};

struct Ended {
  std::optional<int> exit_code;  // unset: ended by `signal`
  int signal = 0;
  bool out_of_time = false;
  bool out_of_memory = false;
  std::string problem;  // it could not be started, or not be confined: one clause
  std::string answer;   // what it wrote to its result descriptor
  std::string output;   // both streams, the first mebibyte
};

// Throws std::runtime_error if this process is told to end (interrupt.h): the job is ended, too, and what came of it
// means nothing.
Ended run_job(const Job& job);

// Empty if a program can be confined on this machine; otherwise one clause that says why not.
std::string why_not_confined();

}  // namespace racecourse::lab
