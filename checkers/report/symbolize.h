// From addresses to what stands in the source: functions, lines, globals, types of variables.
//
// An interface, so that everything that draws or explains can be tested without debug information.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace racecourse::report {

// One place in the source: a call frame, or one level of inlining inside it.
struct Place {
  std::string function;   // readable: demangled, without parameters and template noise; empty if unknown
  std::string file;       // as the compiler knew it, usually absolute; empty if unknown
  std::string directory;  // the compile directory; empty if unknown
  std::string module;     // executable or shared library
  int line = 0;
  int column = 0;
};

struct DataSymbol {
  std::string name;
  std::uint64_t base = 0;
  std::uint64_t size = 0;
};

// How the bits of a variable are to be read.
struct ValueType {
  enum class Form { unknown, signed_integer, unsigned_integer, boolean, character, pointer, floating, enumeration };
  Form form = Form::unknown;
  std::uint8_t size = 0;
  std::map<std::uint64_t, std::string> enumerators;  // of an enumeration
};

class Symbols {
 public:
  virtual ~Symbols() = default;
  // The places that `address` (inside an instruction, so a return address minus one) belongs to: the innermost inlined
  // function first, the function that exists in the machine code last. Empty if the address is not code.
  // The reference stays valid as long as this object.
  virtual const std::vector<Place>& code(std::uint64_t address) = 0;
  // The global, static or thread_local object that holds `address`.
  virtual std::optional<DataSymbol> data(std::uint64_t address) = 0;
  // The function that the call before this return address went to, as the linker knows it: "__wrap_memcpy",
  // "__tsan_vptr_update". Empty if the code does not tell.
  virtual std::string called([[maybe_unused]] std::uint64_t return_address) { return {}; }
  // Whether code at `address` may mean a bit-field by `name`: a member of that name is one.
  virtual bool is_bit_field([[maybe_unused]] std::uint64_t address, [[maybe_unused]] std::string_view name) {
    return false;
  }
  // Whether code at `address` knows a class with a member of that name.
  virtual bool is_member([[maybe_unused]] std::uint64_t address, [[maybe_unused]] std::string_view name) {
    return true;
  }
  // One line of a source file, counted from 1; null if it cannot be read.
  virtual const std::string* source_line(const std::string& file, int line) = 0;
  // The type of the variable or member called `name` that code at `address` accesses with `size` bytes.
  virtual ValueType variable_type(std::uint64_t address, std::string_view name, std::uint8_t size) = 0;
};

// Of the calling process, as it is loaded now.
std::unique_ptr<Symbols> process_symbols();

}  // namespace racecourse::report
