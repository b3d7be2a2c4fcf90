#include <fcntl.h>
#include <poll.h>
#include <racecourse/checkers/control/progress.h>
#include <racecourse/checkers/program/standard_input.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>

namespace racecourse::program {
namespace {

// Where the file stood when the program was started; -1: there is nothing to go back to.
constinit off_t start = -1;
// The process that has a position of its own in the file. Not part of the state that an execution begins with.
[[gnu::section("racecourse_state")]] constinit pid_t owner = 0;

void put_in_place(int file) {
  if (file < 0 || dup2(file, STDIN_FILENO) < 0)
    throw std::runtime_error(std::string("the standard input cannot be replaced: ") + std::strerror(errno));
  if (file != STDIN_FILENO) close(file);
}

// Reads the descriptor to its end into a file without a name.
int copy_of_standard_input() {
  const int file = memfd_create("racecourse-input", 0);
  if (file < 0) return -1;
  control::Progress progress("racecourse");
  char part[65536];
  while (true) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (poll(&input, 1, 200) == 0) {
      progress.show(
          "reading the standard input to its end, since every execution starts with it; "
          "give it </dev/null if the program needs none");
      continue;
    }
    const ssize_t length = read(STDIN_FILENO, part, sizeof part);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) break;
    for (ssize_t written = 0; written < length;) {
      const ssize_t more = write(file, part + written, static_cast<std::size_t>(length - written));
      if (more < 0) throw std::runtime_error(std::string("the standard input cannot be kept: ") + std::strerror(errno));
      written += more;
    }
  }
  lseek(file, 0, SEEK_SET);
  return file;
}

}  // namespace

void keep_standard_input() {
  struct stat about {};
  const bool open_for_reading =
      fstat(STDIN_FILENO, &about) == 0 && (fcntl(STDIN_FILENO, F_GETFL) & O_ACCMODE) != O_WRONLY;
  if (!open_for_reading || S_ISCHR(about.st_mode)) {
    put_in_place(open("/dev/null", O_RDONLY));
    return;
  }
  if (!S_ISREG(about.st_mode)) put_in_place(copy_of_standard_input());
  start = lseek(STDIN_FILENO, 0, SEEK_CUR);
}

void rewind_standard_input() {
  clearerr_unlocked(stdin);
  if (start < 0) return;
  if (const pid_t process = getpid(); owner != process) {
    // Processes that were forked share a position in the file; opened anew, it is this process's alone.
    put_in_place(open("/proc/self/fd/0", O_RDONLY));
    owner = process;
  }
  fseeko(stdin, start, SEEK_SET);        // drops what stdio has read ahead
  lseek(STDIN_FILENO, start, SEEK_SET);  // which fseeko() need not do when it finds the place in its buffer
}

}  // namespace racecourse::program
