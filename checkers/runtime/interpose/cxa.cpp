// Destructors that run later: at the end of a thread, or of the program.
#include <cxxabi.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/interpose.h>

#include <cstdlib>

extern "C" {
int __cxa_thread_atexit_impl(void (*destructor)(void*), void* object, void* library) noexcept;
int __cxa_atexit(void (*function)(void*), void* argument, void* library) noexcept;
int __cxa_at_quick_exit(void (*function)(void*), void* library) noexcept;
}

RC_DECLARE_ORIGINAL(__cxa_thread_atexit_impl)
RC_DECLARE_ORIGINAL(__cxa_atexit)
RC_DECLARE_ORIGINAL(__cxa_at_quick_exit)
RC_DECLARE_ORIGINAL(on_exit)

namespace racecourse::runtime {

namespace {

int at_thread_end(void (*destructor)(void*), void* object) {
  Fiber& fiber = self();
  if (fiber.destructor_count == kMaxThreadDestructors)
    refuse("a thread has more than %d thread_local objects with destructors", kMaxThreadDestructors);
  fiber.destructors[fiber.destructor_count++] = {destructor, object};
  return 0;
}

// Ordinary variables, which nobody but the judge of leaks looks at (roots.h): the end of the program would use them.
constexpr int kMostArguments = 256;
[[gnu::used]] void* exit_arguments[kMostArguments];
int exit_argument_count = 0;

int at_exit(void* argument) {
  if (argument != nullptr && exit_argument_count < kMostArguments) exit_arguments[exit_argument_count++] = argument;
  return 0;
}

}  // namespace

void run_thread_destructors(Fiber& fiber) {
  // Last built, first destroyed; a destructor may build another.
  while (fiber.destructor_count > 0) {
    const ThreadDestructor last = fiber.destructors[--fiber.destructor_count];
    last.function(last.object);
  }
}

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int __cxa_thread_atexit_impl(void (*destructor)(void*), void* object, void* library) noexcept {
  if (rt.executing) return at_thread_end(destructor, object);
  return RC_ORIGINAL(__cxa_thread_atexit_impl)(destructor, object, library);
}

namespace __cxxabiv1 {

// Weak: with a static libstdc++ it is that library's, too. Both end in the C library's function.
extern "C" [[gnu::visibility("default"), gnu::weak]] int __cxa_thread_atexit(void (*destructor)(void*), void* object,
                                                                             void* library) noexcept {
  if (rt.executing) return at_thread_end(destructor, object);
  return RC_ORIGINAL(__cxa_thread_atexit_impl)(destructor, object, library);
}

}  // namespace __cxxabiv1

// What an execution registers for the end of the program (the destructors of its function-local statics) would run in
// a worker's exit, long after the objects are gone: it is dropped. atexit() is __cxa_atexit() underneath.
RC_INTERPOSE int __cxa_atexit(void (*function)(void*), void* argument, void* library) noexcept {
  if (rt.executing) return at_exit(argument);
  return RC_ORIGINAL(__cxa_atexit)(function, argument, library);
}

RC_INTERPOSE int __cxa_at_quick_exit(void (*function)(void*), void* library) noexcept {
  if (rt.executing) return 0;
  return RC_ORIGINAL(__cxa_at_quick_exit)(function, library);
}

RC_INTERPOSE int on_exit(void (*function)(int, void*), void* argument) noexcept {
  if (rt.executing) return at_exit(argument);
  return RC_ORIGINAL(on_exit)(function, argument);
}
