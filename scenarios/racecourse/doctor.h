// `racecourse doctor`: whether this machine can do what Racecourse needs, and the one command that mends what it
// cannot.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace racecourse::command {

// What was found out about one compiler.
struct CompilerFacts {
  std::string name;         // "g++"
  std::string version;      // "12.2.0"; empty: there is none
  bool tsan_links = false;  // a program with -fsanitize=thread
  bool tsan_runs = false;   // and it ran
  std::string tsan_says;    // its last line when it did not
};

// What was found out about a machine. Nothing else decides what the doctor says.
struct MachineFacts {
  std::vector<CompilerFacts> compilers;
  std::optional<int> mmap_rnd_bits;           // vm.mmap_rnd_bits; none: it cannot be read
  bool may_stop_randomization = true;         // personality(ADDR_NO_RANDOMIZE) is allowed
  bool fsgsbase = true;                       // user code may use wrfsbase
  std::string kernel;                         // "6.1.0-13-amd64"
  bool nofsgsbase = false;                    // the kernel was started with that word
  std::optional<double> processors;           // that the cgroup grants; none: no limit
  std::optional<std::uint64_t> memory;        // bytes, of the cgroup or else of the machine
  std::optional<std::uint64_t> pids;          // that the cgroup grants
  std::optional<std::uint64_t> disk;          // bytes free where the user is
  std::vector<std::string> missing_packages;  // by their Debian names
  bool explore_runs = true;                   // racecourse-explore lists the catalogue
};

struct Diagnosis {
  enum class Is { ok, slow, wrong } is = Is::ok;
  std::string says;  // one sentence without a full stop
  std::string mend;  // a command to paste; empty if all is well
};

std::vector<Diagnosis> diagnose(const MachineFacts& facts);

// Looks at this machine. Compiles and runs one small program with each compiler.
MachineFacts examine_machine();

}  // namespace racecourse::command
