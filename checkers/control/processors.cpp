#include <racecourse/checkers/control/processors.h>
#include <sched.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>

namespace racecourse::control {
namespace {

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// Of the group that /proc/self/cgroup names in its line "0::/path", and of all above it.
unsigned quota() {
  std::ifstream groups("/proc/self/cgroup");
  std::string group;
  for (std::string line; std::getline(groups, line);) {
    if (line.starts_with("0::/")) group = line.substr(3);
  }
  unsigned least = 0;
  const auto limit = [&least](unsigned processors) {
    if (processors > 0 && (least == 0 || processors < least)) least = processors;
  };
  const std::string root = "/sys/fs/cgroup";
  for (; !group.empty(); group.resize(group.rfind('/')))
    limit(processors_of_quota(first_line(root + group + "/cpu.max")));
  limit(processors_of_quota(first_line(root + "/cpu.max")));
  const std::string old = root + "/cpu/cpu.cfs_";
  limit(processors_of_quota(first_line(old + "quota_us") + " " + first_line(old + "period_us")));
  return least;
}

}  // namespace

unsigned processors_of_quota(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return 0;
  long quota = 0, period = 0;
  std::from_chars(line.data(), line.data() + space, quota);
  std::from_chars(line.data() + space + 1, line.data() + line.size(), period);
  if (quota <= 0 || period <= 0) return 0;  // "max", or -1
  return static_cast<unsigned>((quota + period - 1) / period);
}

unsigned usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  // It fails on a machine with more processors than the set holds.
  const int allowed = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  const unsigned paid = quota();
  const auto usable = static_cast<unsigned>(std::max(allowed, 1));
  return paid > 0 ? std::min(paid, usable) : usable;
}

}  // namespace racecourse::control
