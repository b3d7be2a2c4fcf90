#include <dwarf.h>
#include <racecourse/checkers/report/debug_info.h>
#include <racecourse/checkers/report/debug_type.h>
#include <racecourse/checkers/report/demangle.h>

#include <algorithm>
#include <iterator>
#include <optional>

namespace racecourse::report {
namespace {

// What may stand before a name.
bool is_scope(int tag) {
  return tag == DW_TAG_namespace || tag == DW_TAG_class_type || tag == DW_TAG_structure_type ||
         tag == DW_TAG_subprogram;
}

std::string written_name(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  for (const unsigned name : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
    if (dwarf_attr_integrate(die, name, &attribute) == nullptr) continue;
    if (const char* text = dwarf_formstring(&attribute)) return shorten(demangle(text));
  }
  return {};
}

std::string compile_directory(Dwarf_Die* unit) {
  Dwarf_Attribute attribute;
  const char* text = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
  return text != nullptr ? text : "";
}

int integer(Dwarf_Die* die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_attr(die, name, &attribute) == nullptr || dwarf_formudata(&attribute, &value) != 0) return 0;
  return static_cast<int>(value);
}

std::string file_by_index(Dwarf_Die* unit, int index) {
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  if (dwarf_getsrcfiles(unit, &files, &count) != 0 || static_cast<std::size_t>(index) >= count) return {};
  const char* text = dwarf_filesrc(files, static_cast<std::size_t>(index), nullptr, nullptr);
  return text != nullptr ? text : "";
}

// Relative names in the line table are relative to the compile directory.
void make_absolute(Place& place) {
  if (!place.file.empty() && place.file.front() != '/' && !place.directory.empty()) {
    place.file = place.directory + "/" + place.file;
  }
}

// The chain of inlined calls around `address` below `die`, outermost first.
void inlined_calls(Dwarf_Die* die, Dwarf_Addr address, std::vector<Dwarf_Die>& calls) {
  Dwarf_Die child;
  if (dwarf_child(die, &child) != 0) return;
  do {
    const int tag = dwarf_tag(&child);
    const bool scope = tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block || tag == DW_TAG_try_block ||
                       tag == DW_TAG_catch_block;
    if (!scope || dwarf_haspc(&child, address) != 1) continue;
    if (tag == DW_TAG_inlined_subroutine) calls.push_back(child);
    inlined_calls(&child, address, calls);
    return;
  } while (dwarf_siblingof(&child, &child) == 0);
}

}  // namespace

DebugInfo::DebugInfo(Dwarf* dwarf) : dwarf_(dwarf) {
  Dwarf_CU* cu = nullptr;
  Dwarf_Die die;
  std::uint8_t kind = 0;
  while (dwarf_get_units(dwarf, cu, &cu, nullptr, &kind, &die, nullptr) == 0) {
    if (kind != DW_UT_compile) continue;
    Dwarf_Addr base = 0, low = 0, high = 0;
    for (std::ptrdiff_t at = 0; (at = dwarf_ranges(&die, at, &base, &low, &high)) > 0;)
      ranges_.push_back({low, high, static_cast<std::uint32_t>(units_.size())});
    units_.push_back({die, dwarf_dieoffset(&die), false, {}, {}, {}});
  }
  std::ranges::sort(ranges_, {}, &Range::low);
}

DebugInfo::Unit* DebugInfo::unit_of(Dwarf_Addr address) {
  const auto after = std::ranges::upper_bound(ranges_, address, {}, &Range::low);
  if (after == ranges_.begin() || address >= std::prev(after)->high) return nullptr;
  Unit& unit = units_[std::prev(after)->unit];
  if (!unit.scanned) scan(unit);
  return &unit;
}

std::string DebugInfo::name_of(Dwarf_Die* function) {
  const Dwarf_Off offset = dwarf_dieoffset(function);
  if (const auto known = names_.find(offset); known != names_.end()) return known->second;
  std::string name = written_name(function);
  if (name.empty()) name = qualified_name(function);
  return names_[offset] = name;
}

// Functions of local classes have no linkage name: their name is put together from the scopes around the declaration.
// The class of a lambda and its operator() become one "{lambda}".
std::string DebugInfo::qualified_name(Dwarf_Die* function) {
  Dwarf_Attribute attribute;
  Dwarf_Die declaration = *function;
  for (const unsigned link : {DW_AT_abstract_origin, DW_AT_specification}) {
    if (dwarf_attr(&declaration, link, &attribute) != nullptr) dwarf_formref_die(&attribute, &declaration);
  }
  const char* own = dwarf_diename(&declaration);
  if (own == nullptr) return {};
  std::string name = own;
  for (Dwarf_Die& scope : scopes_around(&declaration)) {
    if (dwarf_tag(&scope) == DW_TAG_subprogram) return name_of(&scope) + "::" + name;
    const char* text = dwarf_diename(&scope);
    const bool lambda = text == nullptr || text[0] == '<';
    if (lambda && name == "operator()")
      name = "{lambda}";
    else
      name = (lambda ? "{lambda}" : text) + ("::" + name);
  }
  return name;
}

// Innermost first.
std::vector<Dwarf_Die> DebugInfo::scopes_around(Dwarf_Die* die) {
  const Dwarf_Off offset = dwarf_dieoffset(die);
  const auto after = std::ranges::upper_bound(units_, offset, {}, &Unit::offset);
  if (after == units_.begin()) return {};
  Unit& unit = *std::prev(after);
  if (!unit.scanned) scan(unit);
  const auto own = std::ranges::lower_bound(unit.scopes, offset, {}, &Scope::offset);
  if (own == unit.scopes.end() || own->offset != offset) return {};
  std::vector<Dwarf_Die> around;
  for (std::uint32_t at = own->parent; at != kNoScope; at = unit.scopes[at].parent)
    dwarf_offdie(dwarf_, unit.scopes[at].offset, &around.emplace_back());
  return around;
}

void DebugInfo::scan(Unit& unit) {
  unit.scanned = true;
  scan_children(unit, unit.die, kNoScope);
}

void DebugInfo::scan_children(Unit& unit, Dwarf_Die parent, std::uint32_t scope) {
  Dwarf_Die die;
  if (dwarf_child(&parent, &die) != 0) return;
  do {
    const int tag = dwarf_tag(&die);
    const bool opens = is_scope(tag);
    if (opens) unit.scopes.push_back({dwarf_dieoffset(&die), scope});
    const auto inner = opens ? static_cast<std::uint32_t>(unit.scopes.size() - 1) : scope;
    switch (tag) {
      case DW_TAG_subprogram: {
        Dwarf_Addr base = 0, low = 0, high = 0;
        for (std::ptrdiff_t at = 0; (at = dwarf_ranges(&die, at, &base, &low, &high)) > 0;) {
          unit.functions.push_back({low, high, die});
        }
        break;
      }
      case DW_TAG_member:
      case DW_TAG_variable:
      case DW_TAG_formal_parameter:
        if (const char* name = dwarf_diename(&die)) unit.variables.emplace(name, die);
        continue;
      case DW_TAG_inlined_subroutine:
        continue;  // its variables are those of the abstract function
      default:
        break;
    }
    if (dwarf_haschildren(&die) == 1) scan_children(unit, die, inner);
  } while (dwarf_siblingof(&die, &die) == 0);
}

const DebugInfo::Function* DebugInfo::function_of(const Unit& unit, Dwarf_Addr address) {
  for (const Function& function : unit.functions) {
    if (function.low <= address && address < function.high) return &function;
  }
  return nullptr;
}

std::vector<Place> DebugInfo::code(Dwarf_Addr address) {
  Unit* unit = unit_of(address);
  if (unit == nullptr) return {};

  Place place;
  place.directory = compile_directory(&unit->die);
  if (Dwarf_Line* line = dwarf_getsrc_die(&unit->die, address)) {
    if (const char* file = dwarf_linesrc(line, nullptr, nullptr)) place.file = file;
    dwarf_lineno(line, &place.line);
    dwarf_linecol(line, &place.column);
  }
  make_absolute(place);

  const Function* function = function_of(*unit, address);
  if (function == nullptr) return {place};
  std::vector<Dwarf_Die> levels{function->die};
  inlined_calls(&levels.front(), address, levels);

  std::vector<Place> places;
  for (std::size_t i = levels.size(); i-- > 0;) {
    place.function = name_of(&levels[i]);
    places.push_back(place);
    if (i == 0) break;
    // The next outer function is at the place of the call that was inlined.
    place.file = file_by_index(&unit->die, integer(&levels[i], DW_AT_call_file));
    place.line = integer(&levels[i], DW_AT_call_line);
    place.column = integer(&levels[i], DW_AT_call_column);
    make_absolute(place);
  }
  return places;
}

ValueType DebugInfo::variable_type(Dwarf_Addr address, std::string_view name, std::uint8_t size) {
  Unit* unit = unit_of(address);
  if (unit == nullptr) return {};
  // Several variables of a name are fine as long as those of the accessed size agree.
  std::optional<ValueType> agreed;
  const auto [first, last] = unit->variables.equal_range(name);
  for (auto at = first; at != last; ++at) {
    const ValueType type = accessed_type(at->second, size);
    if (type.form == ValueType::Form::unknown) continue;
    if (agreed && (agreed->form != type.form || agreed->enumerators != type.enumerators)) return {};
    agreed = type;
  }
  return agreed.value_or(ValueType{});
}

bool DebugInfo::is_bit_field(Dwarf_Addr address, std::string_view name) {
  Unit* unit = unit_of(address);
  if (unit == nullptr) return false;
  const auto [first, last] = unit->variables.equal_range(name);
  for (auto at = first; at != last; ++at) {
    Dwarf_Die member = at->second;
    if (dwarf_hasattr(&member, DW_AT_bit_size) != 0) return true;
  }
  return false;
}

bool DebugInfo::is_member(Dwarf_Addr address, std::string_view name) {
  Unit* unit = unit_of(address);
  if (unit == nullptr) return true;
  const auto [first, last] = unit->variables.equal_range(name);
  return std::any_of(first, last, [](const auto& variable) {
    Dwarf_Die die = variable.second;
    return dwarf_tag(&die) == DW_TAG_member;
  });
}

}  // namespace racecourse::report
