// Before main: what this machine offers, and the C library's own definitions of what we interpose.
#include <racecourse/checkers/runtime/runtime.h>

#include <cpuid.h>
#include <dlfcn.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace racecourse::runtime {

namespace {

constexpr unsigned long kHwcap2Fsgsbase = 2;  // AT_HWCAP2, arch/x86/include/uapi/asm/hwcap2.h

}  // namespace

alignas(4096) [[gnu::section("racecourse_state")]] Runtime rt = {};

long raw_syscall(long number, long a, long b, long c, long d, long e, long f) {
  long result;
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

void refuse(const char* format, ...) {
  char message[512] = "racecourse: ";
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(message + 12, sizeof message - 14, format, arguments);
  va_end(arguments);
  std::strcat(message, "\n");
  raw_syscall(SYS_write, 2, reinterpret_cast<long>(message), static_cast<long>(std::strlen(message)));
  raw_syscall(SYS_exit_group, 2);
  __builtin_unreachable();
}

void* real_function(const char* name) {
  void* function = dlsym(RTLD_NEXT, name);
  if (function == nullptr) refuse("the C library has no function '%s'; is it linked statically? That is not supported", name);
  return function;
}

void initialize() {
  if ((getauxval(AT_HWCAP2) & kHwcap2Fsgsbase) == 0)
    refuse("this processor or kernel does not offer FSGSBASE (x86-64, Linux 5.9 or later), which switching threads needs");
  rt.current = &rt.host;
  rt.unchecked = true;
  rt.host.id = 255;
}

namespace {

[[gnu::constructor(101)]] void early() { initialize(); }

}  // namespace

}  // namespace racecourse::runtime
