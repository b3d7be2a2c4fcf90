#include <racecourse/scenarios/lab/resident.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

namespace racecourse::lab {
namespace {

std::string folder_of(pid_t process) { return "/proc/" + std::to_string(process); }

std::uint64_t resident(pid_t process) {
  std::ifstream status(folder_of(process) + "/status");
  std::uint64_t kibibytes = 0;
  for (std::string line; std::getline(status, line);) {
    for (const char* name : {"VmRSS:", "VmSwap:"}) {
      if (line.starts_with(name)) kibibytes += std::stoull(line.substr(line.find(':') + 1));
    }
  }
  return kibibytes * 1024;
}

// The program may start processes from any thread; the search does so from its first.
std::vector<pid_t> children_of(pid_t process) {
  std::ifstream file(folder_of(process) + "/task/" + std::to_string(process) + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

}  // namespace

std::uint64_t most_resident(pid_t process) {
  std::uint64_t most = 0;
  std::vector<pid_t> open{process};
  while (!open.empty()) {
    const pid_t one = open.back();
    open.pop_back();
    most = std::max(most, resident(one));
    const std::vector<pid_t> more = children_of(one);
    open.insert(open.end(), more.begin(), more.end());
  }
  return most;
}

}  // namespace racecourse::lab
