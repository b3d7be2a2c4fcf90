#include <racecourse/scenarios/racecourse/doctor.h>
#include <racecourse/scenarios/racecourse/launch.h>
#include <racecourse/scenarios/racecourse/place.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

namespace racecourse::command {
namespace {

namespace fs = std::filesystem;

constexpr double kPatience = 60;  // seconds for a compiler, on a loaded machine

// A folder of its own, gone afterwards.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    char name[] = "/tmp/racecourse-doctor-XXXXXX";
    if (mkdtemp(name) != nullptr) path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string in_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string file = folder + "/" + program;
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  return "";
}

CompilerFacts examine_compiler(const std::string& name, const std::string& folder) {
  CompilerFacts facts;
  facts.name = name;
  const std::string program = in_path(name);
  if (program.empty()) return facts;
  const Launched version = launch_plainly(program, {"-dumpfullversion", "-dumpversion"}, kPatience);
  facts.version = last_line(version);
  if (folder.empty()) return facts;
  const std::string source = folder + "/small.cpp", built = folder + "/" + name;
  std::ofstream(source) << "#include <thread>\nint main() { std::thread([] {}).join(); }\n";
  const Launched linked =
      launch_plainly(program, {"-std=c++20", "-fsanitize=thread", "-pthread", source, "-o", built}, kPatience);
  facts.tsan_links = linked.exit_code == 0;
  if (!facts.tsan_links) return facts;
  const Launched ran = launch_plainly(built, {}, kPatience);
  facts.tsan_runs = ran.exit_code == 0;
  facts.tsan_says = last_line(ran);
  return facts;
}

template <class Number>
std::optional<Number> number_in(const std::string& file) {
  std::ifstream in(file);
  Number number{};
  return in >> number ? std::optional(number) : std::nullopt;
}

// The files of our cgroup: version 2, as of a container or a service of systemd.
std::string cgroup_folder() {
  std::ifstream in("/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("0::")) continue;
    const std::string folder = "/sys/fs/cgroup" + line.substr(3);
    if (fs::exists(folder + "/cgroup.procs")) return folder;
  }
  return "/sys/fs/cgroup";
}

std::optional<double> granted_processors(const std::string& cgroup) {
  std::ifstream in(cgroup + "/cpu.max");
  double quota = 0, period = 0;
  return in >> quota >> period && period > 0 ? std::optional(quota / period) : std::nullopt;
}

std::optional<std::uint64_t> memory_of_machine() {
  struct sysinfo info;
  if (sysinfo(&info) != 0) return std::nullopt;
  return static_cast<std::uint64_t>(info.totalram) * info.mem_unit;
}

bool may_stop_randomization() {
  const pid_t child = fork();
  if (child == 0) _exit(personality(ADDR_NO_RANDOMIZE) == -1 ? 1 : 0);
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool has_fsgsbase() {
  constexpr unsigned long kFsgsbase = 2;  // HWCAP2_FSGSBASE
  return (getauxval(AT_HWCAP2) & kFsgsbase) != 0;
}

bool kernel_was_told(const std::string& word) {
  std::ifstream words("/proc/cmdline");
  for (std::string one; words >> one;) {
    if (one == word) return true;
  }
  return false;
}

std::vector<std::string> missing_packages() {
  constexpr std::pair<const char*, const char*> kPackages[] = {
      {"cmake", "cmake"},
      {"ninja", "ninja-build"},
      {"gtest/gtest.h", "libgtest-dev"},
      {"rapidcheck.h", "librapidcheck-dev"},
      {"relacy/relacy.hpp", "relacy-dev"},
      {"CLI/CLI.hpp", "libcli11-dev"},
      {"nlohmann/json.hpp", "nlohmann-json3-dev"},
      {"fmt/core.h", "libfmt-dev"},
      {"elfutils/libdw.h", "libdw-dev"},
  };
  std::vector<std::string> missing;
  for (const auto& [file, package] : kPackages) {
    const bool is_header = std::string_view(file).find('.') != std::string_view::npos;
    const bool found = is_header ? fs::exists(std::string("/usr/include/") + file) ||
                                       fs::exists(std::string("/usr/local/include/") + file)
                                 : !in_path(file).empty();
    if (!found) missing.emplace_back(package);
  }
  return missing;
}

bool explore_runs() {
  try {
    return launch(program_of_link("explore"), {"--list"}, kPatience).exit_code == 0;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

MachineFacts examine_machine() {
  MachineFacts facts;
  const TemporaryFolder folder;
  for (const char* name : {"g++", "clang++"}) facts.compilers.push_back(examine_compiler(name, folder.path()));
  facts.mmap_rnd_bits = number_in<int>("/proc/sys/vm/mmap_rnd_bits");
  facts.may_stop_randomization = may_stop_randomization();
  facts.fsgsbase = has_fsgsbase();
  utsname names{};
  if (uname(&names) == 0) facts.kernel = names.release;
  facts.nofsgsbase = kernel_was_told("nofsgsbase");
  const std::string cgroup = cgroup_folder();
  facts.processors = granted_processors(cgroup);
  facts.memory = memory_of_machine();
  if (const auto limit = number_in<std::uint64_t>(cgroup + "/memory.max"))
    facts.memory = std::min(*limit, facts.memory.value_or(*limit));
  facts.pids = number_in<std::uint64_t>(cgroup + "/pids.max");
  struct statvfs disk;
  if (statvfs(".", &disk) == 0) facts.disk = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  facts.missing_packages = missing_packages();
  facts.explore_runs = explore_runs();
  return facts;
}

}  // namespace racecourse::command
