// Destructors that run later: at the end of a thread, or of the program.
#include <cxxabi.h>
#include <racecourse/checkers/program/whole.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/file_streams.h>
#include <racecourse/checkers/runtime/interpose/interpose.h>

#include <cstdlib>
#include <utility>

extern "C" {
int __cxa_thread_atexit_impl(void (*destructor)(void*), void* object, void* library) noexcept;
int __cxa_atexit(void (*function)(void*), void* argument, void* library) noexcept;
int __cxa_at_quick_exit(void (*function)(void*), void* library) noexcept;
void __cxa_finalize(void* library);
}

RC_DECLARE_ORIGINAL(__cxa_thread_atexit_impl)
RC_DECLARE_ORIGINAL(__cxa_atexit)
RC_DECLARE_ORIGINAL(__cxa_at_quick_exit)
RC_DECLARE_ORIGINAL(__cxa_finalize)
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

// What is to run when the program ends, or the library that registered it is unloaded. Ordinary variables: they are set
// back for each execution, and the judge of leaks looks at them (roots.h).
struct ExitHandler {
  void (*function)(void*);
  void (*with_status)(int, void*);  // of on_exit(): instead
  void* argument;
  void* library;
};
constexpr int kMostHandlers = 1024;
[[gnu::used]] ExitHandler exit_handlers[kMostHandlers];
int exit_handler_count = 0;

int at_exit(const ExitHandler& handler) {
  if (exit_handler_count == kMostHandlers) refuse("more than %d functions are to run at exit", kMostHandlers);
  order_before(exit_handlers);
  exit_handlers[exit_handler_count++] = handler;
  return 0;
}

// Those of one library, or of all (null). Last registered, first run; a handler may register another.
void run_exit_handlers(const void* library) {
  order_after(exit_handlers);
  for (int i = exit_handler_count; i-- > 0;) {
    if (library != nullptr && exit_handlers[i].library != library) continue;
    const ExitHandler handler = std::exchange(exit_handlers[i], {});
    const int before = exit_handler_count;
    if (handler.function != nullptr) handler.function(handler.argument);
    if (handler.with_status != nullptr) handler.with_status(0, handler.argument);
    if (exit_handler_count > before) i = exit_handler_count;
  }
}

}  // namespace

void run_thread_destructors(Fiber& fiber) {
  // Last built, first destroyed; a destructor may build another.
  while (fiber.destructor_count > 0) {
    const ThreadDestructor last = fiber.destructors[--fiber.destructor_count];
    last.function(last.object);
  }
}

void run_exit() {
  if (program::is_whole == nullptr) return;
  run_thread_destructors(self());
  run_exit_handlers(nullptr);
  flush_streams();
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
// a worker's exit, long after the objects are gone. It runs when the execution of a whole program ends; in another
// body, which is no program, it is dropped. atexit() is __cxa_atexit() underneath.
RC_INTERPOSE int __cxa_atexit(void (*function)(void*), void* argument, void* library) noexcept {
  if (rt.executing) return at_exit({function, nullptr, argument, library});
  return RC_ORIGINAL(__cxa_atexit)(function, argument, library);
}

// A library is unloaded.
RC_INTERPOSE void __cxa_finalize(void* library) {
  if (rt.executing && program::is_whole != nullptr && library != nullptr) run_exit_handlers(library);
  RC_ORIGINAL(__cxa_finalize)(library);
}

RC_INTERPOSE int __cxa_at_quick_exit(void (*function)(void*), void* library) noexcept {
  if (rt.executing) return 0;
  return RC_ORIGINAL(__cxa_at_quick_exit)(function, library);
}

RC_INTERPOSE int on_exit(void (*function)(int, void*), void* argument) noexcept {
  if (rt.executing) return at_exit({nullptr, function, argument, nullptr});
  return RC_ORIGINAL(on_exit)(function, argument);
}
