// Calls that change what has a name in the system, beside those that open files (opened.cpp): executions of other
// workers would find it.
#include <fcntl.h>
#include <racecourse/checkers/runtime/descriptors.h>
#include <racecourse/checkers/runtime/interpose/files.h>
#include <racecourse/checkers/runtime/process_state.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdarg>

RC_DECLARE_ORIGINAL(mkdir)
RC_DECLARE_ORIGINAL(rmdir)
RC_DECLARE_ORIGINAL(unlink)
RC_DECLARE_ORIGINAL(remove)
RC_DECLARE_ORIGINAL(rename)
RC_DECLARE_ORIGINAL(bind)
RC_DECLARE_ORIGINAL(shm_open)
RC_DECLARE_ORIGINAL(sem_open)

namespace racecourse::runtime {

namespace {

void names(std::uint64_t pc) {
  uses_files(pc);
  if (rt.executing) note_named();
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int mkdir(const char* path, mode_t mode) noexcept {
  names(RC_CALLER);
  return RC_ORIGINAL(mkdir)(path, mode);
}
RC_INTERPOSE int rmdir(const char* path) noexcept {
  names(RC_CALLER);
  return RC_ORIGINAL(rmdir)(path);
}
RC_INTERPOSE int unlink(const char* path) noexcept {
  names(RC_CALLER);
  return RC_ORIGINAL(unlink)(path);
}
RC_INTERPOSE int remove(const char* path) noexcept {
  names(RC_CALLER);
  return RC_ORIGINAL(remove)(path);
}
RC_INTERPOSE int rename(const char* from, const char* to) noexcept {
  names(RC_CALLER);
  return RC_ORIGINAL(rename)(from, to);
}
RC_INTERPOSE int bind(int socket, const sockaddr* address, socklen_t size) noexcept {
  names(RC_CALLER);
  return RC_ORIGINAL(bind)(socket, address, size);
}
RC_INTERPOSE int shm_open(const char* name, int flags, mode_t mode) {
  names(RC_CALLER);
  return note_opened(RC_ORIGINAL(shm_open)(name, flags, mode));
}
RC_INTERPOSE sem_t* sem_open(const char* name, int flags, ...) noexcept {
  va_list list;  // read also where there is nothing: arguments of any value
  va_start(list, flags);
  const mode_t mode = va_arg(list, mode_t);
  const unsigned value = va_arg(list, unsigned);
  va_end(list);
  names(RC_CALLER);
  return RC_ORIGINAL(sem_open)(name, flags, mode, value);
}
