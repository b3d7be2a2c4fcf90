#include <dwarf.h>
#include <racecourse/checkers/report/debug_info.h>
#include <racecourse/checkers/report/debug_type.h>
#include <racecourse/checkers/report/demangle.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <optional>

namespace racecourse::report {
namespace {

std::string function_name(Dwarf_Die* die);

// Functions of local classes have no linkage name: their name is put together from the scopes around the declaration.
// The class of a lambda and its operator() become one "{lambda}".
std::string qualified_name(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  Dwarf_Die declaration = *die;
  for (const unsigned link : {DW_AT_abstract_origin, DW_AT_specification}) {
    if (dwarf_attr(&declaration, link, &attribute) != nullptr) dwarf_formref_die(&attribute, &declaration);
  }
  const char* own = dwarf_diename(&declaration);
  if (own == nullptr) return {};
  std::string name = own;
  Dwarf_Die* scopes = nullptr;
  const int count = dwarf_getscopes_die(&declaration, &scopes);
  for (int i = 1; i < count; ++i) {
    const int tag = dwarf_tag(&scopes[i]);
    if (tag != DW_TAG_namespace && tag != DW_TAG_class_type && tag != DW_TAG_structure_type &&
        tag != DW_TAG_subprogram) {
      continue;
    }
    if (tag == DW_TAG_subprogram) {
      name = function_name(&scopes[i]) + "::" + name;
      break;
    }
    const char* scope = dwarf_diename(&scopes[i]);
    const bool lambda = scope == nullptr || scope[0] == '<';
    if (lambda && name == "operator()")
      name = "{lambda}";
    else
      name = (lambda ? "{lambda}" : scope) + ("::" + name);
  }
  std::free(scopes);
  return name;
}

std::string function_name(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  for (const unsigned name : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
    if (dwarf_attr_integrate(die, name, &attribute) == nullptr) continue;
    if (const char* text = dwarf_formstring(&attribute)) return shorten(demangle(text));
  }
  return qualified_name(die);
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

DebugInfo::DebugInfo(Dwarf* dwarf) {
  Dwarf_CU* cu = nullptr;
  Dwarf_Die die;
  std::uint8_t kind = 0;
  while (dwarf_get_units(dwarf, cu, &cu, nullptr, &kind, &die, nullptr) == 0) {
    if (kind != DW_UT_compile) continue;
    Dwarf_Addr base = 0, low = 0, high = 0;
    for (std::ptrdiff_t at = 0; (at = dwarf_ranges(&die, at, &base, &low, &high)) > 0;)
      ranges_.push_back({low, high, static_cast<std::uint32_t>(units_.size())});
    units_.push_back({die, false, {}, {}});
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

// To put a name together from its scopes takes a walk through the whole unit.
std::string DebugInfo::name_of(Dwarf_Die* function) {
  const auto [entry, inserted] = names_.try_emplace(dwarf_dieoffset(function));
  if (inserted) entry->second = function_name(function);
  return entry->second;
}

void DebugInfo::scan(Unit& unit) {
  unit.scanned = true;
  scan_children(unit, unit.die);
}

void DebugInfo::scan_children(Unit& unit, Dwarf_Die parent) {
  Dwarf_Die die;
  if (dwarf_child(&parent, &die) != 0) return;
  do {
    switch (dwarf_tag(&die)) {
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
    if (dwarf_haschildren(&die) == 1) scan_children(unit, die);
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

}  // namespace racecourse::report
