#include <fcntl.h>
#include <linux/limits.h>
#include <racecourse/checkers/tsan/address_space.h>
#include <racecourse/checkers/tsan/interface.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/syscall.h>

#include <cstddef>

namespace racecourse::tsan {
namespace {

// What every runtime copes with; newer ones cope with more, but nothing is lost by being careful.
constexpr long kBitsThatWork = 28;
constexpr std::size_t kMostText = 4u << 20;  // of the arguments, and of the environment
constexpr std::size_t kMostWords = 1u << 16;

constexpr const char kRandomBits[] = "/proc/sys/vm/mmap_rnd_bits";
constexpr const char kAdvice[] =
    "racecourse: vm.mmap_rnd_bits is above 28 on this machine, which ThreadSanitizer may refuse (\"unexpected memory "
    "mapping\"), and running without address randomisation is not permitted here. Run: sysctl -w vm.mmap_rnd_bits=28\n";

long open_file(const char* path) { return system_call()(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0); }

// Reads the file into `text`, terminated; the length, or -1.
long read_whole(const char* path, char* text, std::size_t room) {
  const long file = open_file(path);
  if (file < 0) return -1;
  std::size_t length = 0;
  while (length + 1 < room) {
    const long got = system_call()(SYS_read, file, text + length, room - 1 - length);
    if (got <= 0) break;
    length += static_cast<std::size_t>(got);
  }
  system_call()(SYS_close, file);
  text[length] = '\0';
  return length + 1 < room ? static_cast<long>(length) : -1;
}

long random_bits() {
  char text[16];
  if (read_whole(kRandomBits, text, sizeof text) <= 0) return 0;
  long bits = 0;
  for (const char* digit = text; *digit >= '0' && *digit <= '9'; digit++) bits = bits * 10 + (*digit - '0');
  return bits;
}

// A file of zero-terminated strings as the array that execve wants; null if it does not fit.
char** read_strings(const char* path) {
  const long memory = system_call()(SYS_mmap, nullptr, kMostText + kMostWords * sizeof(char*), PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory < 0 && memory > -4096) return nullptr;
  char** words = reinterpret_cast<char**>(memory);
  char* text = reinterpret_cast<char*>(words + kMostWords);
  const long length = read_whole(path, text, kMostText);
  if (length < 0) return nullptr;
  std::size_t count = 0;
  for (char* at = text; at < text + length; at++) {
    if (count + 1 == kMostWords) return nullptr;
    words[count++] = at;
    while (*at != '\0') at++;
  }
  words[count] = nullptr;
  return words;
}

// The program's own path: started as "/proc/self/exe" it would be called "exe" in lists of processes.
bool own_path(char (&path)[PATH_MAX]) {
  const long length = system_call()(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", path, sizeof path - 1);
  if (length <= 0) return false;
  path[length] = '\0';
  return true;
}

}  // namespace

void settle_address_space() {
  const long personality = system_call()(SYS_personality, 0xffffffff);
  const bool known = personality >= 0;
  if ((known && (personality & ADDR_NO_RANDOMIZE) != 0) || random_bits() <= kBitsThatWork) return;
  char path[PATH_MAX];
  if (known && system_call()(SYS_personality, personality | ADDR_NO_RANDOMIZE) >= 0 && own_path(path)) {
    char** arguments = read_strings("/proc/self/cmdline");
    char** environment = read_strings("/proc/self/environ");
    if (arguments != nullptr && environment != nullptr) system_call()(SYS_execve, path, arguments, environment);
  }
  system_call()(SYS_write, 2, kAdvice, sizeof kAdvice - 1);
}

}  // namespace racecourse::tsan
