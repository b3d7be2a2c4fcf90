// std::terminate in an execution: who called it, and why.
#include <cxxabi.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/interpose.h>
#include <racecourse/checkers/runtime/interpose/thread.h>
#include <unwind.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <typeinfo>

extern "C" {
extern char __executable_start[];
extern char etext[];
void __cxa_pure_virtual();
}

RC_DECLARE_ORIGINAL(__cxa_pure_virtual)

namespace racecourse::runtime {

namespace {

// Finds the caller of std::terminate or of a throw: the stack goes from this file into the C++ library and back.
struct Search {
  bool in_library = false;
  std::uint64_t pc = 0;
};

bool in_executable(std::uint64_t pc) {
  return pc >= reinterpret_cast<std::uint64_t>(__executable_start) && pc < reinterpret_cast<std::uint64_t>(etext);
}

_Unwind_Reason_Code visit(_Unwind_Context* context, void* argument) {
  auto& search = *static_cast<Search*>(argument);
  const std::uint64_t pc = _Unwind_GetIP(context);
  if (!in_executable(pc)) {
    search.in_library = true;
  } else if (search.in_library) {
    search.pc = pc;
    return _URC_END_OF_STACK;
  }
  return _URC_NO_REASON;
}

// The unwinder prepares itself at its first use, through an interposed pthread_once; that is not to happen in the
// middle of an execution, where it would be an event.
[[gnu::constructor(101)]] void warm_up_unwinder() {
  _Unwind_Backtrace([](_Unwind_Context*, void*) { return _URC_END_OF_STACK; }, nullptr);
}

std::uint64_t culprit() {
  Search search;
  _Unwind_Backtrace(visit, &search);
  return search.pc;
}

[[noreturn]] void fail_exception(const std::type_info& type, std::uint64_t pc) {
  int status = 0;
  const char* demangled = abi::__cxa_demangle(type.name(), nullptr, nullptr, &status);
  const char* name = status == 0 ? demangled : type.name();
  try {
    throw;
  } catch (const std::exception& exception) {
    const char* what = exception.what();
    const std::size_t length = std::strlen(name);
    const bool named = std::strncmp(what, name, length) == 0;  // as those of the library are: "std::bad_alloc"
    fail(Kind::exception, pc, nullptr, "uncaught exception in T%u: %s%s%s%s", self().id, named ? "" : name,
         named ? "" : ": ", what, why_threads_were_refused());
  } catch (...) {
  }
  fail(Kind::exception, pc, nullptr, "uncaught exception in T%u, of type %s", self().id, name);
}

// A std::thread that is joinable stands for one of these. One that destroys the object that stands for itself is seldom.
bool other_may_be_joinable() {
  for (int i = 1; i < rt.thread_count; ++i) {
    const Fiber& fiber = rt.fibers[i];
    if (&fiber != &self() && !fiber.joined && !fiber.detached) return true;
  }
  return false;
}

}  // namespace

void terminate_handler() {
  if (!rt.executing) std::abort();
  ++rt.ignore;  // what this handler itself calls is not the body's doing
  const std::uint64_t pc = culprit();
  if (const std::type_info* type = abi::__cxa_current_exception_type()) fail_exception(*type, pc);
  // A destructor that the exception passes through: clang++ runs them also where the exception may go no further.
  if (std::uncaught_exceptions() > 0)
    fail(Kind::exception, pc, nullptr, "T%u: std::terminate was called while an exception was on its way", self().id);
  if (!other_may_be_joinable()) fail(Kind::abort, pc, nullptr, "T%u calls std::terminate()", self().id);
  fail(Kind::thread_misuse, pc, nullptr,
       "T%u: a joinable std::thread was destroyed (join or detach it before), or std::terminate was called", self().id);
}

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

// What a virtual call reaches while a base class without the function is being constructed or destroyed. Weak: a static
// libstdc++ keeps its own.
extern "C" [[gnu::visibility("default"), gnu::weak]] void __cxa_pure_virtual() {
  if (rt.executing)
    fail(Kind::abort, RC_CALLER, nullptr,
         "T%u calls a pure virtual function: of an object under construction or destruction, or that is gone",
         self().id);
  RC_ORIGINAL(__cxa_pure_virtual)();
}
