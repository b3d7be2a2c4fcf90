// The debug information of one loaded module, indexed by address and by variable name.
//
// Why not libdw's own look-up by address: it relies on .debug_aranges, which clang does not write.
#pragma once

#include <elfutils/libdw.h>
#include <racecourse/checkers/report/symbolize.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace racecourse::report {

class DebugInfo {
 public:
  // `dwarf` outlives this object. Addresses given below have the module's load bias already taken off.
  explicit DebugInfo(Dwarf* dwarf);

  // See Symbols::code; `module` is left empty.
  std::vector<Place> code(Dwarf_Addr address);
  // See Symbols::variable_type.
  ValueType variable_type(Dwarf_Addr address, std::string_view name, std::uint8_t size);
  // See Symbols::is_bit_field.
  bool is_bit_field(Dwarf_Addr address, std::string_view name);
  // See Symbols::is_member.
  bool is_member(Dwarf_Addr address, std::string_view name);

 private:
  struct Function {
    Dwarf_Addr low;
    Dwarf_Addr high;
    Dwarf_Die die;
  };
  static constexpr std::uint32_t kNoScope = UINT32_MAX;
  // A namespace, a class or a function: what may stand before a name.
  struct Scope {
    Dwarf_Off offset;
    std::uint32_t parent;  // its number in the unit, or kNoScope
  };
  struct Unit {
    Dwarf_Die die;
    Dwarf_Off offset;
    bool scanned = false;
    std::vector<Function> functions;  // with code of their own; one entry for each address range
    std::unordered_multimap<std::string_view, Dwarf_Die> variables;  // members, variables and parameters, by name
    std::vector<Scope> scopes;                                       // by offset
  };

  // The code of a unit from here on.
  struct Range {
    Dwarf_Addr low;
    Dwarf_Addr high;
    std::uint32_t unit;
  };

  Unit* unit_of(Dwarf_Addr address);
  std::string name_of(Dwarf_Die* function);
  std::string qualified_name(Dwarf_Die* function);
  std::vector<Dwarf_Die> scopes_around(Dwarf_Die* die);
  static void scan(Unit& unit);
  static void scan_children(Unit& unit, Dwarf_Die parent, std::uint32_t scope);
  static const Function* function_of(const Unit& unit, Dwarf_Addr address);

  Dwarf* dwarf_;
  std::vector<Unit> units_;                           // by offset
  std::vector<Range> ranges_;                         // sorted; no two overlap
  std::unordered_map<Dwarf_Off, std::string> names_;  // of functions
};

}  // namespace racecourse::report
