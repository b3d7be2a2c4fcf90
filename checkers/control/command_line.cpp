#include <fcntl.h>
#include <limits.h>
#include <racecourse/checkers/control/command_line.h>
#include <racecourse/checkers/hooks.h>
#include <racecourse/checkers/options.h>
#include <racecourse/checkers/replace_all.h>
#include <unistd.h>

namespace racecourse::control {
namespace {

std::string read_file(const char* path) {
  std::string text;
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return text;
  char part[4096];
  for (ssize_t length; (length = read(file, part, sizeof part)) > 0;)
    text.append(part, static_cast<std::size_t>(length));
  close(file);
  return text;
}

std::string executable() {
  char path[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  return length > 0 ? std::string(path, static_cast<std::size_t>(length)) : std::string();
}

// A name that the shell would look up in PATH may not be found by whoever pastes it.
std::string typed_program(const std::vector<std::string>& arguments) {
  if (!arguments.empty() && arguments[0].find('/') != std::string::npos) return arguments[0];
  const std::string path = executable();
  return path.empty() && !arguments.empty() ? arguments[0] : path;
}

}  // namespace

std::vector<std::string> original_arguments() {
  const std::string line = read_file("/proc/self/cmdline");
  std::vector<std::string> arguments;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t end = std::min(line.find('\0', at), line.size());
    arguments.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  return arguments;
}

std::string program_name() {
  const std::string path = executable();
  return path.substr(path.rfind('/') + 1);
}

std::string shell_quoted(const std::string& word) {
  constexpr const char* kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string text = word;
  replace_all(text, "'", "'\\''");
  return "'" + text + "'";
}

std::string replay_command(const Options& options, const Options& base, const std::string& token,
                           const std::string& test, unsigned call) {
  if (!options.replay_command.empty()) {
    std::string command = options.replay_command;
    replace_all(command, "{token}", token);
    return command;
  }
  const std::vector<std::string> arguments = original_arguments();
  std::string settings = "token=" + token;
  if (call > 1) settings += " call=" + std::to_string(call);
  const std::string differences = replay_differences(base, options);
  if (!differences.empty()) settings += " " + differences;
  std::string command = "RACECOURSE_OPTIONS=\"" + settings + "\" " + shell_quoted(typed_program(arguments));
  if (!test.empty() && hooks().filter_argument != nullptr) {
    // The framework's filter says it all; whatever else was on the line was for the framework.
    return command + " " + shell_quoted(hooks().filter_argument(test));
  }
  for (std::size_t i = 1; i < arguments.size(); i++) command += " " + shell_quoted(arguments[i]);
  return command;
}

}  // namespace racecourse::control
