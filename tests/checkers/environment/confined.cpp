// confined HOW... -- PROGRAM ARGUMENT...: runs a program as it may have to run elsewhere.
//
//   no-personality  under a seccomp filter that refuses personality(2), as in a default Docker container
//   aslr, no-aslr   with addresses laid out at random, or not
//   nobody          as the user and group 65534; only root may
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string>

namespace {

constexpr int kBadArguments = 2;
constexpr unsigned kNobody = 65534;

bool refuse_personality() {
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_personality, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program = {sizeof code / sizeof *code, code};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 &&
         personality(0xffffffff) == -1 && errno == EPERM;
}

bool randomize(bool on) {
  const int now = personality(0xffffffff);
  const int wanted = on ? now & ~ADDR_NO_RANDOMIZE : now | ADDR_NO_RANDOMIZE;
  return now >= 0 && personality(static_cast<unsigned long>(wanted)) >= 0;
}

bool become_nobody() { return setgroups(0, nullptr) == 0 && setgid(kNobody) == 0 && setuid(kNobody) == 0; }

bool apply(const std::string& how) {
  if (how == "no-personality") return refuse_personality();
  if (how == "aslr" || how == "no-aslr") return randomize(how == "aslr");
  if (how == "nobody") return become_nobody();
  errno = EINVAL;
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  int at = 1;
  for (; at < argc && std::strcmp(argv[at], "--") != 0; at++) {
    if (apply(argv[at])) continue;
    std::fprintf(stderr, "confined: %s is not possible here: %s\n", argv[at], std::strerror(errno));
    return kBadArguments;
  }
  if (at + 1 >= argc) {
    std::fprintf(stderr, "usage: confined HOW... -- PROGRAM ARGUMENT...\n");
    return kBadArguments;
  }
  execv(argv[at + 1], argv + at + 1);
  std::fprintf(stderr, "confined: cannot run %s: %s\n", argv[at + 1], std::strerror(errno));
  return kBadArguments;
}
