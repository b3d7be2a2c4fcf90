#include <fcntl.h>
#include <racecourse/checkers/control/command_line.h>
#include <racecourse/checkers/control/confirm.h>
#include <racecourse/checkers/control/confirm_message.h>
#include <racecourse/checkers/control/excuses.h>
#include <racecourse/checkers/control/process.h>
#include <racecourse/checkers/control/rendering.h>
#include <racecourse/checkers/control/workspace.h>
#include <racecourse/checkers/high_descriptors.h>
#include <racecourse/checkers/hooks.h>
#include <racecourse/checkers/report/side_by_side.h>
#include <racecourse/checkers/runtime/execution.h>
#include <racecourse/checkers/schedule/schedule.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <optional>

namespace racecourse::control {
namespace {

// The descriptor of the conversation, and the process that it is meant for: a program that the fresh process starts
// in its turn inherits the variable, and must not answer.
constexpr const char* kVariable = "RACECOURSE_CONFIRM";
// Seconds for the program to reach the call, replay and render; more if the watchdog itself is patient, since it counts
// processor time.
double patience(const ConfirmRequest& request) { return 60 + 20 * request.options.watchdog_seconds; }
constexpr int kCannotExec = 127;

bool write_all(int file, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = pwrite(file, text.data() + at, text.size() - at, static_cast<off_t>(at));
    if (written <= 0) return false;
    at += static_cast<std::size_t>(written);
  }
  return true;
}

std::string read_all(int file) {
  std::string text;
  char part[65536];
  for (ssize_t length; (length = pread(file, part, sizeof part, static_cast<off_t>(text.size()))) > 0;) {
    text.append(part, static_cast<std::size_t>(length));
  }
  return text;
}

// In the forked child.
[[noreturn]] void exec_again(int file, const std::string& test) {
  std::vector<std::string> arguments = original_arguments();
  if (!test.empty() && hooks().filter_argument != nullptr) arguments.push_back(hooks().filter_argument(test));
  if (hooks().prepare_rerun != nullptr) hooks().prepare_rerun(arguments);
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  // The request holds every option that matters here.
  unsetenv("RACECOURSE_OPTIONS");
  unsetenv("RACECOURSE_PROGRESS");
  const std::string variable = "fd=" + std::to_string(file) + " pid=" + std::to_string(getpid());
  setenv(kVariable, variable.c_str(), 1);
  if (arguments.empty()) _exit(kCannotExec);
  execv("/proc/self/exe", pointers.data());
  _exit(kCannotExec);
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return std::string("was ended by ") + strsignal(WTERMSIG(status));
  return "ended with exit status " + std::to_string(WEXITSTATUS(status));
}

Confirmation judge(const ConfirmRequest& request, const std::string& text) {
  Confirmation result;
  ConfirmAnswer answer;
  try {
    answer = answer_from_text(text);
  } catch (const std::exception& error) {
    result.problem = std::string("the fresh process gave an answer that makes no sense: ") + error.what();
    return result;
  }
  const std::vector<Kind>& also = answer.finding.also;
  if (!answer.problem.empty()) {
    result.problem = answer.problem;
  } else if (answer.finding.kind != request.kind && std::find(also.begin(), also.end(), request.kind) == also.end()) {
    result.problem = std::string("the fresh process found ") + to_string(answer.finding.kind) + " instead";
  } else {
    result.confirmed = true;
  }
  result.finding = std::move(answer.finding);
  result.steps = std::move(answer.steps);
  return result;
}

struct Conversation {
  int file = -1;
  ConfirmRequest request;
};

// Null when this process was not started to confirm anything.
std::optional<Conversation> read_request() {
  const char* variable = std::getenv(kVariable);
  if (variable == nullptr) return std::nullopt;
  Conversation conversation;
  int process = 0;
  if (std::sscanf(variable, "fd=%d pid=%d", &conversation.file, &process) != 2 || process != getpid()) {
    return std::nullopt;
  }
  try {
    conversation.request = request_from_text(read_all(conversation.file));
  } catch (const std::exception&) {
    _exit(1);  // the other side will say that this process came to nothing
  }
  unsetenv(kVariable);
  return conversation;
}

const std::optional<Conversation>& conversation() {
  static const std::optional<Conversation> instance = read_request();
  return instance;
}

}  // namespace

Confirmation confirm(const ConfirmRequest& request) {
  Confirmation failed;
  // Not close-on-exec: this is how the two processes talk.
  const int file = out_of_the_way(memfd_create("racecourse-confirm", 0), false);
  const std::string question = to_text(request);
  if (file < 0 || !write_all(file, question)) {
    failed.problem = std::string("a fresh process could not be asked: ") + std::strerror(errno);
    if (file >= 0) close(file);
    return failed;
  }
  const pid_t parent = getpid();
  const pid_t process = fork();
  if (process < 0) {
    failed.problem = std::string("a fresh process could not be started: ") + std::strerror(errno);
    close(file);
    return failed;
  }
  if (process == 0) {
    settle_child(parent, -1, -1);
    exec_again(file, request.test);
  }
  Child child(process);
  const bool ended = child.wait_up_to(patience(request)) == Child::Event::ended;
  const std::string answer = read_all(file);
  close(file);
  // The fresh process empties the file when it comes to the call, and fills it with its answer.
  if (ended && answer != question && !answer.empty()) return judge(request, answer);
  if (ended && answer.empty()) {
    failed.problem = "the fresh process " + how_it_ended(child.status()) + " while it replayed the schedule";
  } else if (!ended) {
    failed.problem =
        "the fresh process did not answer within " + std::to_string(static_cast<int>(patience(request))) + " seconds";
  } else if (WIFEXITED(child.status()) && WEXITSTATUS(child.status()) == kCannotExec) {
    failed.problem = "the program could not be started again";
  } else {
    failed.problem = "the fresh process " + how_it_ended(child.status()) + " before it came to this call of explore()";
  }
  return failed;
}

const ConfirmRequest* confirm_request() { return conversation() ? &conversation()->request : nullptr; }

void answer_confirm_request(const std::function<void()>& body) {
  const ConfirmRequest& request = conversation()->request;
  if (ftruncate(conversation()->file, 0) != 0) _exit(1);
  ConfirmAnswer answer;
  try {
    report::Context context;
    context.name = request.options.name;
    context.token = request.token;
    context.replay_command = request.options.replay_command;
    context.execution = request.execution;
    context.whole_trace = request.whole_trace;
    Excuses excuses(request.options.suppressions);
    for (const auto& [place, suppression] : request.excused) excuses.know_place(place, suppression);
    const Rendered rendered =
        replay_and_render(body, request.options, schedule::from_token(request.token), context, request.kind, excuses);
    if (!rendered.failure.empty()) {
      answer.problem = "in the fresh process, " + rendered.failure;
    } else if (!rendered.finding) {
      answer.problem = rendered.deviated ? "the fresh process could not follow the schedule and found nothing"
                                         : "the fresh process followed the schedule and found nothing";
    } else if (!rendered.differs.empty()) {
      answer.problem = "the fresh process did something else, at " + rendered.differs + " or soon after";
    } else {
      answer.finding = *rendered.finding;
    }
    if (!answer.problem.empty() && rendered.failure.empty())
      answer.steps = report::event_lines(report::trace_of(workspace().block));
  } catch (const std::exception& error) {
    answer.problem = std::string("the fresh process failed: ") + error.what();
  }
  write_all(conversation()->file, to_text(answer));
  _exit(0);
}

}  // namespace racecourse::control
