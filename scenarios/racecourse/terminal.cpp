#include <racecourse/scenarios/racecourse/terminal.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace racecourse::command {
namespace {

termios lines_mode;  // as the terminal was

void leave_terminal(int signal) {
  tcsetattr(STDIN_FILENO, TCSANOW, &lines_mode);
  std::signal(signal, SIG_DFL);
  raise(signal);
}

}  // namespace

bool is_interactive() { return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO); }

bool may_mark() {
  const char* const none = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  const bool forbidden = none != nullptr && *none != '\0';
  return isatty(STDOUT_FILENO) && !forbidden && terminal != nullptr && std::strcmp(terminal, "dumb") != 0;
}

SingleKeys::SingleKeys() {
  tcgetattr(STDIN_FILENO, &lines_mode);
  termios keys = lines_mode;
  keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  keys.c_cc[VMIN] = 1;
  keys.c_cc[VTIME] = 0;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, leave_terminal);
  tcsetattr(STDIN_FILENO, TCSANOW, &keys);
}

SingleKeys::~SingleKeys() {
  tcsetattr(STDIN_FILENO, TCSANOW, &lines_mode);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_DFL);
}

std::optional<char> SingleKeys::key() {
  constexpr char kEndOfInput = 4;  // Ctrl-D
  std::fflush(stdout);
  char key = 0;
  ssize_t count;
  while ((count = read(STDIN_FILENO, &key, 1)) < 0 && errno == EINTR) continue;
  if (count <= 0 || key == kEndOfInput) return std::nullopt;
  return key;
}

void clear_screen() { std::fputs("\033[H\033[2J\033[3J", stdout); }

}  // namespace racecourse::command
