#include <dwarf.h>
#include <racecourse/checkers/report/debug_type.h>

#include <cstring>

namespace racecourse::report {
namespace {

constexpr int kDeepest = 8;  // of typedefs, templates and arrays inside one another

bool type_of(Dwarf_Die* die, Dwarf_Die* type) {
  Dwarf_Attribute attribute;
  return dwarf_attr_integrate(die, DW_AT_type, &attribute) != nullptr && dwarf_formref_die(&attribute, type) != nullptr;
}

ValueType base_type(Dwarf_Die* type) {
  using Form = ValueType::Form;
  Dwarf_Attribute attribute;
  Dwarf_Word encoding = 0;
  dwarf_formudata(dwarf_attr(type, DW_AT_encoding, &attribute), &encoding);
  ValueType result;
  result.size = static_cast<std::uint8_t>(dwarf_bytesize(type));
  switch (encoding) {
    case DW_ATE_boolean:
      result.form = Form::boolean;
      break;
    case DW_ATE_float:
      result.form = Form::floating;
      break;
    case DW_ATE_unsigned:
    case DW_ATE_unsigned_char:
      result.form = Form::unsigned_integer;
      break;
    case DW_ATE_signed:
      result.form = Form::signed_integer;
      break;
    case DW_ATE_signed_char: {
      // "signed char" is used for small numbers, "char" for text.
      const char* name = dwarf_diename(type);
      result.form = name != nullptr && std::strcmp(name, "char") == 0 ? Form::character : Form::signed_integer;
      break;
    }
    default:
      break;
  }
  return result;
}

ValueType enumeration(Dwarf_Die* type) {
  ValueType result;
  result.form = ValueType::Form::enumeration;
  result.size = static_cast<std::uint8_t>(dwarf_bytesize(type));
  Dwarf_Die child;
  if (dwarf_child(type, &child) != 0) return result;
  do {
    Dwarf_Attribute attribute;
    Dwarf_Sword value = 0;
    if (dwarf_tag(&child) != DW_TAG_enumerator || dwarf_attr(&child, DW_AT_const_value, &attribute) == nullptr)
      continue;
    if (dwarf_formsdata(&attribute, &value) != 0) continue;
    const std::uint64_t mask = result.size >= 8 ? ~0ull : (1ull << (8 * result.size)) - 1;
    result.enumerators.emplace(static_cast<std::uint64_t>(value) & mask, dwarf_diename(&child));
  } while (dwarf_siblingof(&child, &child) == 0);
  return result;
}

// atomic<T>, vector<T>, optional<T>: what is accessed is most often the T.
bool first_template_argument(Dwarf_Die* type, Dwarf_Die* argument) {
  Dwarf_Die child;
  if (dwarf_child(type, &child) != 0) return false;
  do {
    if (dwarf_tag(&child) == DW_TAG_template_type_parameter) return type_of(&child, argument);
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
}

}  // namespace

ValueType accessed_type(Dwarf_Die variable, std::uint8_t size) {
  const ValueType pointer{ValueType::Form::pointer, sizeof(void*), {}};
  Dwarf_Die die = variable;
  Dwarf_Die type;
  bool through_pointer = false;
  if (!type_of(&die, &type)) return {};
  for (int depth = 0; depth < kDeepest; ++depth) {
    ValueType result;
    switch (dwarf_tag(&type)) {
      case DW_TAG_typedef:
      case DW_TAG_const_type:
      case DW_TAG_volatile_type:
      case DW_TAG_restrict_type:
      case DW_TAG_atomic_type:
      case DW_TAG_array_type:
        die = type;
        if (!type_of(&die, &type)) return {};
        continue;
      case DW_TAG_reference_type:
      case DW_TAG_rvalue_reference_type:
        die = type;
        if (!type_of(&die, &type)) return {};
        continue;
      case DW_TAG_class_type:
      case DW_TAG_structure_type: {
        const char* name = dwarf_diename(&type);
        if (name != nullptr && std::strstr(name, "_ptr<") != nullptr) through_pointer = true;
        die = type;
        if (!first_template_argument(&die, &type))
          return through_pointer && size == sizeof(void*) ? pointer : ValueType{};
        continue;
      }
      case DW_TAG_pointer_type:
        result = pointer;
        if (size != sizeof(void*)) {  // p[i]: what it points to
          die = type;
          if (!type_of(&die, &type)) return {};
          continue;
        }
        break;
      case DW_TAG_enumeration_type:
        result = enumeration(&type);
        break;
      case DW_TAG_base_type:
        result = base_type(&type);
        break;
      default:
        break;
    }
    if (result.size == size) return result;
    return through_pointer && size == sizeof(void*) ? pointer : ValueType{};
  }
  return {};
}

}  // namespace racecourse::report
