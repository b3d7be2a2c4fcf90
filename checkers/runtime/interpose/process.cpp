// What would end the process, and what would start another.
#include <racecourse/checkers/program/whole.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/file_streams.h>
#include <racecourse/checkers/runtime/interpose/interpose.h>
#include <racecourse/checkers/runtime/interpose/process.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdlib>

RC_DECLARE_ORIGINAL(exit)
RC_DECLARE_ORIGINAL(_exit)
RC_DECLARE_ORIGINAL(quick_exit)
RC_DECLARE_ORIGINAL(abort)
RC_DECLARE_ORIGINAL(fork)
RC_DECLARE_ORIGINAL(clone)
RC_DECLARE_ORIGINAL(daemon)
RC_DECLARE_ORIGINAL(system)
RC_DECLARE_ORIGINAL(popen)
RC_DECLARE_ORIGINAL(posix_spawn)
RC_DECLARE_ORIGINAL(posix_spawnp)
RC_DECLARE_ORIGINAL(execve)
RC_DECLARE_ORIGINAL(execv)
RC_DECLARE_ORIGINAL(execvp)

namespace racecourse::runtime {

[[noreturn]] void fail_exit(const char* function, int status, std::uint64_t pc) {
  if (program::is_whole != nullptr && status == 0) end_execution();
  fail(Kind::exit, pc, nullptr, "T%u calls %s(%d)", self().id, function, status);
}

[[noreturn]] void fail_abort(std::uint64_t pc) { fail(Kind::abort, pc, nullptr, "T%u calls abort()", self().id); }

// Another process runs when the kernel likes: what it does to this one is beyond replay.
[[noreturn]] void fail_process(const char* function, std::uint64_t pc) {
  fail(Kind::nondeterminism, pc, nullptr, "T%u calls %s(): other processes are beyond the search's control; %s",
       self().id, function,
       program::is_whole != nullptr ? "explore what one process does in a program of its own"
                                    : "start them outside the body of explore()");
}

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE void exit(int status) noexcept {
  if (rt.executing) {
    if (status == 0) {
      run_exit();
    } else {
      flush_streams();
    }
    fail_exit("exit", status, RC_CALLER);
  }
  RC_ORIGINAL(exit)(status);
  __builtin_unreachable();
}

RC_INTERPOSE void _exit(int status) {
  if (rt.executing) fail_exit("_exit", status, RC_CALLER);
  RC_ORIGINAL(_exit)(status);
  __builtin_unreachable();
}

RC_INTERPOSE void _Exit(int status) noexcept {
  if (rt.executing) fail_exit("_Exit", status, RC_CALLER);
  RC_ORIGINAL(_exit)(status);
  __builtin_unreachable();
}

RC_INTERPOSE void quick_exit(int status) noexcept {
  if (rt.executing) fail_exit("quick_exit", status, RC_CALLER);
  RC_ORIGINAL(quick_exit)(status);
  __builtin_unreachable();
}

RC_INTERPOSE void abort() noexcept {
  if (rt.executing) fail_abort(RC_CALLER);
  RC_ORIGINAL(abort)();
  __builtin_unreachable();
}

RC_INTERPOSE pid_t fork() noexcept {
  if (rt.executing) fail_process("fork", RC_CALLER);
  return RC_ORIGINAL(fork)();
}

// A function that calls the original vfork would return on a stack that the child has used; a fork is a legal vfork.
RC_INTERPOSE pid_t vfork() noexcept {
  if (rt.executing) fail_process("vfork", RC_CALLER);
  return RC_ORIGINAL(fork)();
}

RC_INTERPOSE_UNRESERVED int clone(int (*start)(void*), void* stack, int flags, void* argument, ...) noexcept {
  if (rt.executing) fail_process("clone", RC_CALLER);
  void* more[3];  // whether or not the flags ask for them
  va_list list;
  va_start(list, argument);
  for (void*& each : more) each = va_arg(list, void*);
  va_end(list);
  return RC_ORIGINAL(clone)(start, stack, flags, argument, more[0], more[1], more[2]);
}

RC_INTERPOSE_UNRESERVED int daemon(int keep_directory, int keep_streams) noexcept {
  if (rt.executing) fail_process("daemon", RC_CALLER);
  return RC_ORIGINAL(daemon)(keep_directory, keep_streams);
}

RC_INTERPOSE int system(const char* command) {
  if (rt.executing) fail_process("system", RC_CALLER);
  return RC_ORIGINAL(system)(command);
}

RC_INTERPOSE_UNRESERVED FILE* popen(const char* command, const char* mode) {
  if (rt.executing) fail_process("popen", RC_CALLER);
  return RC_ORIGINAL(popen)(command, mode);
}

RC_INTERPOSE int posix_spawn(pid_t* process, const char* path, const posix_spawn_file_actions_t* actions,
                             const posix_spawnattr_t* attributes, char* const arguments[], char* const environment[]) {
  if (rt.executing) fail_process("posix_spawn", RC_CALLER);
  return RC_ORIGINAL(posix_spawn)(process, path, actions, attributes, arguments, environment);
}

RC_INTERPOSE int posix_spawnp(pid_t* process, const char* file, const posix_spawn_file_actions_t* actions,
                              const posix_spawnattr_t* attributes, char* const arguments[], char* const environment[]) {
  if (rt.executing) fail_process("posix_spawnp", RC_CALLER);
  return RC_ORIGINAL(posix_spawnp)(process, file, actions, attributes, arguments, environment);
}

RC_INTERPOSE int execve(const char* path, char* const arguments[], char* const environment[]) noexcept {
  if (rt.executing) fail_process("execve", RC_CALLER);
  return RC_ORIGINAL(execve)(path, arguments, environment);
}

RC_INTERPOSE int execv(const char* path, char* const arguments[]) noexcept {
  if (rt.executing) fail_process("execv", RC_CALLER);
  return RC_ORIGINAL(execv)(path, arguments);
}

RC_INTERPOSE int execvp(const char* file, char* const arguments[]) noexcept {
  if (rt.executing) fail_process("execvp", RC_CALLER);
  return RC_ORIGINAL(execvp)(file, arguments);
}
