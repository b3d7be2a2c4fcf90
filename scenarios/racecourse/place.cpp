#include <racecourse/scenarios/racecourse/place.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <stdexcept>

namespace racecourse::command {
namespace {

bool can_run(const std::string& program) { return access(program.c_str(), X_OK) == 0; }

[[noreturn]] void cannot_read(const std::string& file) {
  throw std::runtime_error("cannot read " + file + ": " + std::strerror(errno));
}

// The name that the kernel was given: already found in PATH, and links in it not yet followed.
std::string started_as() {
  const auto* name = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  return name == nullptr ? "" : name;
}

std::string own_path() {
  char path[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  if (length <= 0) cannot_read("/proc/self/exe");
  return std::string(path, static_cast<std::size_t>(length));
}

std::string parent_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

}  // namespace

std::string own_folder() { return parent_of(own_path()); }

std::string installed_prefix() {
  const std::string prefix = parent_of(own_folder());
  return can_run(prefix + "/libexec/racecourse/racecourse-explore") ? prefix : "";
}

std::string program_of_link(const std::string& link) {
  std::string command = own_path();
  if (can_run(started_as() + "-explore")) {
    command = started_as();
  } else if (!installed_prefix().empty()) {
    command = installed_prefix() + "/libexec/racecourse/racecourse";
  }
  return command + "-" + link;
}

std::string header_folder() {
  const std::string installed = installed_prefix();
  return (installed.empty() ? own_folder() : installed) + "/include/racecourse";
}

std::string shared_file(const std::string& name) {
  const std::string installed = installed_prefix();
  const std::string file = installed.empty() ? own_folder() + "/include/racecourse/scenarios/racecourse/" + name
                                             : installed + "/share/racecourse/" + name;
  if (access(file.c_str(), R_OK) != 0) cannot_read(file);
  return file;
}

}  // namespace racecourse::command
