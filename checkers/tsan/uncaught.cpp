#include <cxxabi.h>
#include <racecourse/checkers/tsan/child.h>
#include <racecourse/checkers/tsan/positions.h>
#include <racecourse/checkers/tsan/uncaught.h>

#include <cstdlib>
#include <exception>
#include <typeinfo>

namespace racecourse::tsan {
namespace {

[[noreturn]] void on_terminate() {
  RunBlock& block = run_block();
  // Where no handler was found the stack was not unwound: it still stands where the exception was thrown.
  print_position();
  if (std::current_exception() != nullptr) {
    add_note(block, Kind::exception, nullptr, 0, "nobody caught " + described_exception());
  } else if (std::uncaught_exceptions() > 0) {
    add_note(block, Kind::exception, nullptr, 0, "std::terminate was called while an exception was on its way");
  } else {
    add_note(block, Kind::thread_misuse, nullptr, 0,
             "a joinable std::thread was destroyed, or std::terminate was called");
  }
  stop_run(block);
}

}  // namespace

void notice_termination() { std::set_terminate(on_terminate); }

std::string described_exception() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type == nullptr) return "an exception";
  int status = 0;
  char* name = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
  std::string text = status == 0 && name != nullptr ? name : type->name();
  std::free(name);
  try {
    throw;
  } catch (const std::exception& exception) {
    text += std::string(": ") + exception.what();
  } catch (const char* words) {
    text += std::string(": ") + words;
  } catch (const std::string& words) {
    text += ": " + words;
  } catch (...) {
  }
  return text;
}

}  // namespace racecourse::tsan
