#include <fmt/core.h>
#include <racecourse/scenarios/racecourse/commands.h>
#include <racecourse/scenarios/racecourse/doctor.h>

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace racecourse::command {
namespace {

using Is = Diagnosis::Is;

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
// The oldest with all of C++20 that the library uses.
constexpr int kOldestGcc = 11, kOldestClang = 14;
// From here on older runtimes of ThreadSanitizer find no room for their shadow.
constexpr int kMostRandomBits = 28;

int major(const std::string& version) {
  int number = 0;
  std::from_chars(version.data(), version.data() + version.size(), number);
  return number;
}

bool is_clang(const CompilerFacts& compiler) { return compiler.name.starts_with("clang"); }
bool is_found(const CompilerFacts& compiler) { return !compiler.version.empty(); }

void diagnose_compilers(const MachineFacts& facts, std::vector<Diagnosis>& all) {
  if (std::ranges::none_of(facts.compilers, is_found)) {
    all.push_back({Is::wrong, "there is no C++ compiler", "sudo apt-get install g++"});
    return;
  }
  for (const CompilerFacts& compiler : facts.compilers) {
    if (!is_found(compiler)) continue;
    const int oldest = is_clang(compiler) ? kOldestClang : kOldestGcc;
    if (major(compiler.version) < oldest) {
      all.push_back(
          {Is::wrong,
           fmt::format("{} {} is too old: {} is the first that will do", compiler.name, compiler.version, oldest),
           is_clang(compiler) ? fmt::format("sudo apt-get install clang-{}", kOldestClang)
                              : "sudo apt-get install g++-12"});
    } else {
      all.push_back({Is::ok, fmt::format("{} {}", compiler.name, compiler.version), ""});
    }
  }
}

void diagnose_tsan(const MachineFacts& facts, std::vector<Diagnosis>& all) {
  for (const CompilerFacts& compiler : facts.compilers) {
    if (!is_found(compiler)) continue;
    const std::string whose = "ThreadSanitizer of " + compiler.name;
    if (!compiler.tsan_links) {
      all.push_back({Is::wrong, whose + " cannot be linked: its runtime is not installed",
                     is_clang(compiler)
                         ? fmt::format("sudo apt-get install libclang-rt-{}-dev", major(compiler.version))
                         : "sudo apt-get install --reinstall libtsan2"});
    } else if (compiler.tsan_runs) {
      all.push_back({Is::ok, whose + " links and runs", ""});
    } else if (facts.mmap_rnd_bits.value_or(0) > kMostRandomBits) {
      all.push_back({Is::wrong,
                     fmt::format("{} does not start: the kernel spreads addresses too far (vm.mmap_rnd_bits is {}, "
                                 "and it needs {} or less)",
                                 whose, *facts.mmap_rnd_bits, kMostRandomBits),
                     fmt::format("sudo sysctl vm.mmap_rnd_bits={}", kMostRandomBits)});
    } else {
      const std::string said = compiler.tsan_says.empty() ? "it says nothing" : "it says: " + compiler.tsan_says;
      all.push_back({Is::wrong, whose + " does not run; " + said,
                     "docker run --security-opt seccomp=unconfined ...   # if this is a container"});
    }
  }
}

// Linux 5.9 was the first that lets programs use it.
bool is_too_old(const std::string& kernel) {
  int first = 0, second = 0;
  return std::sscanf(kernel.c_str(), "%d.%d", &first, &second) == 2 && (first < 5 || (first == 5 && second < 9));
}

Diagnosis without_fsgsbase(const MachineFacts& facts) {
  const std::string says = "threads cannot be switched without the kernel: FSGSBASE is off, because ";
  if (facts.nofsgsbase) {
    return {Is::wrong, says + "the kernel was started with \"nofsgsbase\"",
            "sudo sed -i 's/ *nofsgsbase//' /etc/default/grub && sudo update-grub && sudo reboot"};
  }
  if (is_too_old(facts.kernel)) {
    return {Is::wrong, fmt::format("{}Linux {} is older than 5.9", says, facts.kernel),
            "sudo apt-get install linux-image-amd64 && sudo reboot   # or start any other kernel of 5.9 or later"};
  }
  return {Is::wrong, says + "the processor, or the virtual machine, does not offer it",
          "grep -m1 -wo fsgsbase /proc/cpuinfo   # no setting here brings it: use a machine where this prints a line"};
}

void diagnose_addresses(const MachineFacts& facts, std::vector<Diagnosis>& all) {
  if (facts.may_stop_randomization) {
    all.push_back({Is::ok, "programs may be started at fixed addresses", ""});
  } else {
    // Nothing of ours depends on it as long as ThreadSanitizer runs, which has a line of its own.
    all.push_back({Is::ok,
                   "programs may not be started at fixed addresses (a container's seccomp refuses "
                   "personality); that is fine as long as ThreadSanitizer runs",
                   ""});
  }
  if (facts.fsgsbase) {
    all.push_back({Is::ok, "threads can be switched without the kernel (FSGSBASE)", ""});
  } else {
    all.push_back(without_fsgsbase(facts));
  }
}

std::string gibibytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} GiB", static_cast<double>(bytes) / static_cast<double>(kGiB));
}

void diagnose_limits(const MachineFacts& facts, std::vector<Diagnosis>& all) {
  constexpr std::uint64_t kEnoughMemory = 2 * kGiB, kEnoughDisk = 3 * kGiB, kEnoughPids = 200;
  if (facts.memory && *facts.memory < kEnoughMemory) {
    all.push_back({Is::wrong,
                   fmt::format("there is little memory: {}, and building takes 2 GiB", gibibytes(*facts.memory)),
                   "docker run --memory 4g ...   # if this is a container"});
  } else {
    all.push_back({Is::ok, "memory: " + (facts.memory ? gibibytes(*facts.memory) : "no limit"), ""});
  }
  if (facts.processors && *facts.processors < 1) {
    all.push_back({Is::slow,
                   fmt::format("this container may use {:.2g} of a processor, so searches are slow", *facts.processors),
                   "docker run --cpus 2 ..."});
  } else {
    all.push_back(
        {Is::ok, "processors: " + (facts.processors ? fmt::format("{:.2g}", *facts.processors) : "no limit"), ""});
  }
  if (facts.pids && *facts.pids < kEnoughPids) {
    all.push_back(
        {Is::wrong,
         fmt::format("this container may have {} threads, and ThreadSanitizer runs need {}", *facts.pids, kEnoughPids),
         "docker run --pids-limit 1024 ..."});
  } else {
    all.push_back({Is::ok, "threads: " + (facts.pids ? fmt::format("{}", *facts.pids) : "no limit"), ""});
  }
  if (facts.disk && *facts.disk < kEnoughDisk) {
    all.push_back({Is::wrong,
                   fmt::format("there is little room on the disk: {}, and a build takes 3 GiB", gibibytes(*facts.disk)),
                   "du -xh --max-depth=1 . | sort -h   # what takes it"});
  } else {
    all.push_back({Is::ok, "room on the disk: " + (facts.disk ? gibibytes(*facts.disk) : "unknown"), ""});
  }
}

void diagnose_parts(const MachineFacts& facts, std::vector<Diagnosis>& all) {
  if (facts.missing_packages.empty()) {
    all.push_back({Is::ok, "nothing that a build needs is missing", ""});
  } else {
    std::string names;
    for (const std::string& package : facts.missing_packages) names += " " + package;
    all.push_back({Is::wrong, "a build needs what is not installed:" + names, "sudo apt-get install" + names});
  }
  if (facts.explore_runs) {
    all.push_back({Is::ok, "the catalogue answers", ""});
  } else {
    all.push_back({Is::wrong, "the catalogue does not answer: racecourse-explore is missing or does not start",
                   "ci/build default catalogue"});
  }
}

}  // namespace

std::vector<Diagnosis> diagnose(const MachineFacts& facts) {
  std::vector<Diagnosis> all;
  diagnose_compilers(facts, all);
  diagnose_tsan(facts, all);
  diagnose_addresses(facts, all);
  diagnose_limits(facts, all);
  diagnose_parts(facts, all);
  return all;
}

int doctor() {
  const std::vector<Diagnosis> all = diagnose(examine_machine());
  for (const Diagnosis& one : all) {
    const char* const mark = one.is == Is::ok ? "ok" : one.is == Is::slow ? "slow" : "WRONG";
    fmt::print("{:<6} {}\n", mark, one.says);
    if (!one.mend.empty()) fmt::print("       mend it: {}\n", one.mend);
  }
  const auto wrong = std::ranges::count(all, Is::wrong, &Diagnosis::is);
  if (wrong > 0) fmt::print("\n{} to mend.\n", wrong);
  return wrong == 0 ? 0 : 1;
}

}  // namespace racecourse::command
