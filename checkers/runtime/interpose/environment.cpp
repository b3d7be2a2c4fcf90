// The environment, as the program calls for it: one variable for all threads. getenv() reads it; whatever changes it
// must come before or after all others.
#include <racecourse/checkers/runtime/interpose/wrapped.h>
#include <unistd.h>

using racecourse::runtime::also_read;
using racecourse::runtime::controlled;
using racecourse::runtime::visit_read;
using racecourse::runtime::visit_write;

namespace {

void reads_environment(std::uint64_t pc) {
  if (controlled()) visit_read(&environ, sizeof environ, pc);
}
void changes_environment(std::uint64_t pc) {
  if (controlled()) visit_write(&environ, sizeof environ, pc);
}
void reads(const char* text, std::uint64_t pc) {
  if (!controlled()) return;
  visit_read(text, 1, pc);
  also_read(text, __real_strlen(text) + 1, pc);
}

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): the names that --wrap gives
extern "C" {

char* __real_getenv(const char* name);
char* __real_secure_getenv(const char* name);
int __real_setenv(const char* name, const char* value, int overwrite);
int __real_unsetenv(const char* name);
int __real_putenv(char* text);
int __real_clearenv();

char* __wrap_getenv(const char* name) {
  reads_environment(RC_CALLER);
  return __real_getenv(name);
}

char* __wrap_secure_getenv(const char* name) {
  reads_environment(RC_CALLER);
  return __real_secure_getenv(name);
}

int __wrap_setenv(const char* name, const char* value, int overwrite) {
  reads(value, RC_CALLER);
  changes_environment(RC_CALLER);
  return __real_setenv(name, value, overwrite);
}

int __wrap_unsetenv(const char* name) {
  changes_environment(RC_CALLER);
  return __real_unsetenv(name);
}

// The text itself becomes part of the environment.
int __wrap_putenv(char* text) {
  reads(text, RC_CALLER);
  changes_environment(RC_CALLER);
  return __real_putenv(text);
}

int __wrap_clearenv() {
  changes_environment(RC_CALLER);
  return __real_clearenv();
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
