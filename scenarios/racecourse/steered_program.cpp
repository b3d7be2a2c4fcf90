#include <fcntl.h>
#include <racecourse/scenarios/racecourse/launch.h>
#include <racecourse/scenarios/racecourse/place.h>
#include <racecourse/scenarios/racecourse/steered_program.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace racecourse::command {
namespace {

using catalogue::Answer;
using catalogue::Question;

[[noreturn]] void become(const std::string& program, char* const* argv, int channel, int errors, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(channel, STDIN_FILENO);
  dup2(nothing, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  execv(program.c_str(), argv);
  _exit(127);
}

}  // namespace

SteeredProgram::SteeredProgram(const Entry& entry)
    : SteeredProgram(full_name(entry), {program_of_link("explore"), "--run", full_name(entry), "--steer"}) {}

SteeredProgram::SteeredProgram(std::string name, std::vector<std::string> arguments) : name_(std::move(name)) {
  const std::string program = arguments.front();
  arguments.insert(arguments.end(), {"--result-fd", std::to_string(STDIN_FILENO)});
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  int ends[2];
  errors_ = memfd_create("racecourse-errors", MFD_CLOEXEC);
  if (errors_ < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw std::runtime_error(std::string("cannot talk to ") + program + ": " + std::strerror(errno));
  channel_ = ends[0];
  const pid_t parent = getpid();
  child_ = fork();
  if (child_ == 0) become(program, argv.data(), ends[1], errors_, parent);
  close(ends[1]);
  if (child_ < 0) throw std::runtime_error("cannot start " + program + ": " + std::strerror(errno));
  read_line();
}

SteeredProgram::~SteeredProgram() {
  if (channel_ >= 0) close(channel_);
  if (child_ > 0) {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  if (errors_ >= 0) close(errors_);
}

Position SteeredProgram::after(const std::vector<Turn>& turns) {
  return ask({Question::Is::after, turns, ""}).position.value();
}
Position SteeredProgram::run_on(const std::vector<Turn>& turns) {
  return ask({Question::Is::run_on, turns, ""}).position.value();
}
std::optional<Hint> SteeredProgram::toward(const std::string& token, const std::vector<Turn>& turns) {
  return ask({Question::Is::toward, turns, token}).hint;
}
std::optional<Finding> SteeredProgram::replay(const std::string& token) {
  return ask({Question::Is::replay, {}, token}).finding;
}

Answer SteeredProgram::ask(const Question& question) {
  const std::string line = catalogue::dump(catalogue::to_json(question)) + "\n";
  for (std::string_view rest = line; !rest.empty();) {
    const ssize_t sent = send(channel_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent <= 0) fail();
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  Answer answer = catalogue::answer_from_json(catalogue::Json::parse(read_line()));
  if (!answer.error.empty()) throw std::runtime_error(answer.error);
  return answer;
}

std::string SteeredProgram::read_line() {
  for (;;) {
    if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    char text[1 << 16];
    const ssize_t count = recv(channel_, text, sizeof text, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail();
    buffer_.append(text, static_cast<std::size_t>(count));
  }
}

void SteeredProgram::fail() {
  Launched ended;
  char text[4096];
  const ssize_t length = pread(errors_, text, sizeof text, 0);
  if (length > 0) ended.output.assign(text, static_cast<std::size_t>(length));
  const std::string said = refusal(ended);
  throw BadRequest(name_ + " cannot be steered: " + (said.empty() ? "its program ended" : said));
}

}  // namespace racecourse::command
