#include <racecourse/scenarios/lab/paragraph.h>

#include <algorithm>
#include <bit>
#include <iterator>

namespace racecourse::lab {
namespace {

struct Range {
  char32_t first, last;
};
// East Asian Width W and F, as far as texts need it.
constexpr Range kWide[] = {{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xac00, 0xd7a3},  {0xf900, 0xfaff},
                           {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x20000, 0x3fffd}};
constexpr std::u32string_view kOpening = U"([{「『（《〈【";
constexpr std::u32string_view kClosing = U")]},.:;?!」』）》〉】，。、：；？！";

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;

  bool is_wide() const {
    return std::ranges::any_of(kWide, [this](Range range) { return code >= range.first && code <= range.last; });
  }
  std::size_t columns() const { return is_wide() ? 2 : 1; }
};

// The first of a text that is not empty. A byte that is not UTF-8 counts as a character.
Character first_of(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const auto length = static_cast<std::size_t>(std::countl_one(lead));
  if (length < 2 || length > 4 || length > text.size()) return {lead, 1};
  char32_t code = lead & (0xffu >> (length + 1));
  for (const char next : text.substr(1, length - 1)) {
    if ((static_cast<unsigned char>(next) & 0xc0) != 0x80) return {lead, 1};
    code = code << 6 | (static_cast<unsigned char>(next) & 0x3f);
  }
  return {code, length};
}

bool may_break(Character before, Character after) {
  if (!before.is_wide() && !after.is_wide()) return false;
  return kOpening.find(before.code) == kOpening.npos && kClosing.find(after.code) == kClosing.npos;
}

// How many bytes of a text that does not begin with a space stay on one line.
std::size_t length_of_word(std::string_view text) {
  Character before = first_of(text);
  std::size_t length = before.bytes;
  while (length < text.size() && text[length] != ' ') {
    const Character after = first_of(text.substr(length));
    if (may_break(before, after)) break;
    length += after.bytes;
    before = after;
  }
  return length;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Character one = first_of(text);
    columns += one.columns();
    text.remove_prefix(one.bytes);
  }
  return columns;
}

std::string wrapped(std::string_view text, std::size_t width, std::string_view indent, std::size_t used) {
  std::string lines;
  std::size_t column = used;
  bool begins = true;  // a line
  while (!text.empty()) {
    const std::size_t spaces = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(spaces);
    if (text.empty()) break;
    const std::string_view word = text.substr(0, length_of_word(text));
    const std::size_t gap = spaces > 0 && !begins ? 1 : 0;
    if (!begins && column + gap + columns_of(word) > width) {
      lines += "\n";
      lines += indent;
      column = columns_of(indent);
    } else if (gap > 0) {
      lines += " ";
      ++column;
    }
    lines += word;
    column += columns_of(word);
    begins = false;
    text.remove_prefix(word.size());
  }
  return lines + "\n";
}

}  // namespace racecourse::lab
