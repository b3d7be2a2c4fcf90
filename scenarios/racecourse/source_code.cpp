#include <racecourse/scenarios/racecourse/line_diff.h>
#include <racecourse/scenarios/racecourse/place.h>
#include <racecourse/scenarios/racecourse/source_code.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

namespace racecourse::command {
namespace {

namespace fs = std::filesystem;

bool is_part_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Whether `line` begins the definition of `name`: a type, or a function, possibly of several lines.
bool begins_definition(const std::string& line, std::string_view name) {
  if (line.empty() || line.front() == ' ' || line.front() == '/' || line.front() == '#' || line.front() == '}')
    return false;
  for (std::size_t at = line.find(name); at != std::string::npos; at = line.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool whole =
        (at == 0 || !is_part_of_name(line[at - 1])) && (end == line.size() || !is_part_of_name(line[end]));
    if (!whole || at == 0) continue;
    const std::string before = line.substr(0, at);
    const bool is_type = before == "struct " || before == "class ";
    const bool is_function = end < line.size() && line[end] == '(' && before.find('(') == std::string::npos &&
                             before.find('=') == std::string::npos && before.back() != '.' && before.back() != ':';
    if ((is_type || is_function) && !line.ends_with(';')) return true;
  }
  return false;
}

bool belongs_before(const std::string& line) { return line.starts_with("//") || line.starts_with("template"); }

// Past the string literals and the comma that follows them.
std::size_t skip_literals(std::string_view text, std::size_t at) {
  for (; at < text.size(); ++at) {
    if (text[at] == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) at += text[at] == '\\';
    } else if (text[at] == ',') {
      return at + 1;
    } else if (std::isspace(static_cast<unsigned char>(text[at])) == 0) {
      break;
    }
  }
  return std::string_view::npos;
}

// All that a scenario consists of: its own headers, then its file.
std::string all_code(const std::string& file) {
  const std::string found = find_source(file);
  if (found.empty()) return "";
  std::vector<fs::path> headers;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(fs::path(found).parent_path(), error)) {
    if (entry.path().extension() == ".h") headers.push_back(entry.path());
  }
  std::ranges::sort(headers);
  std::string text;
  for (const fs::path& header : headers) {
    std::ifstream in(header);
    text += std::string(std::istreambuf_iterator<char>(in), {}) + "\n";
  }
  return text + read_source(file);
}

std::string primitive_header(const catalogue::Entry& entry) {
  return "primitives/" + entry.scenario + "/" + entry.variant + ".h";
}

}  // namespace

std::string find_source(const std::string& name) {
  std::vector<std::string> places{name, own_folder() + "/include/racecourse/" + name};
  if (const std::string prefix = installed_prefix(); !prefix.empty()) {
    places.push_back(prefix + "/include/racecourse/" + name);
    places.push_back(prefix + "/share/racecourse/" + name);
  }
  for (const std::string& place : places) {
    if (access(place.c_str(), R_OK) == 0) return place;
  }
  return "";
}

std::string read_source(const std::string& name) {
  std::ifstream in(find_source(name));
  return in ? std::string(std::istreambuf_iterator<char>(in), {}) : "";
}

std::string definition_of(std::string_view name, std::string_view text) {
  const std::vector<std::string> lines = lines_of(text);
  std::string code;
  for (std::size_t i = 0; i < lines.size(); i++) {
    if (!begins_definition(lines[i], name)) continue;
    std::size_t first = i;
    while (first > 0 && belongs_before(lines[first - 1])) --first;
    std::size_t last = i;
    const bool on_one_line = lines[i].ends_with('}');
    while (!on_one_line && last + 1 < lines.size() && !lines[last].starts_with('}')) ++last;
    for (std::size_t at = first; at <= last; at++) code += lines[at] + "\n";
    i = last;
  }
  return code;
}

std::vector<std::string> body_of(std::string_view variant, std::string_view text) {
  const std::string literal = "\"" + std::string(variant) + "\"";
  for (std::size_t at = text.find(literal); at != std::string_view::npos; at = text.find(literal, at + 1)) {
    constexpr std::string_view kMakers[] = {"broken(", "right(", "wrong_fix("};
    const auto is_maker = [&](std::string_view maker) { return text.substr(0, at).ends_with(maker); };
    std::size_t head = at;
    while (head > 0 && std::isspace(static_cast<unsigned char>(text[head - 1])) != 0) --head;
    at = head;
    if (std::none_of(std::begin(kMakers), std::end(kMakers), is_maker)) {
      at = text.find(literal, at);
      continue;
    }
    const bool is_wrong_fix = text.substr(0, at).ends_with("wrong_fix(");
    std::size_t argument = skip_literals(text, at);
    for (int texts = is_wrong_fix ? 2 : 1; texts > 0 && argument != std::string_view::npos; --texts)
      argument = skip_literals(text, argument);
    if (argument == std::string_view::npos) return {};
    std::vector<std::string> names;
    int depth = 0;
    bool inside = false;
    for (std::size_t i = argument; i < text.size(); ++i) {
      const char c = text[i];
      if (depth == 0 && (c == ',' || c == ')')) break;
      depth += c == '(' || c == '<' || c == '{';
      depth -= c == ')' || c == '>' || c == '}';
      if (!is_part_of_name(c)) {
        inside = false;
      } else if (!inside) {
        names.emplace_back(1, c);
        inside = true;
      } else {
        names.back() += c;
      }
    }
    return names;
  }
  return {};
}

std::string code_of(const catalogue::Entry& entry, const catalogue::Entry& other, const std::string& file) {
  if (entry.family == "primitive") return after_opening_comment(read_source(primitive_header(entry)));
  const std::string text = all_code(file);
  const std::vector<std::string> theirs = body_of(other.variant, text);
  std::string code;
  for (const std::string& name : body_of(entry.variant, text)) {
    if (entry.variant != other.variant && std::ranges::find(theirs, name) != theirs.end()) continue;
    code += definition_of(name, text);
  }
  return code;
}

std::string without_marks(const std::string& code) {
  return std::regex_replace(code, std::regex(" *// BUG[^\n]*"), "");
}

std::string opening_comment(std::string_view text) {
  std::string comment;
  for (const std::string& line : lines_of(text)) {
    if (!line.starts_with("//")) break;
    comment += line.substr(std::min(line.size(), line.starts_with("// ") ? std::size_t{3} : 2)) + "\n";
  }
  return comment;
}

std::string after_opening_comment(std::string_view text) {
  while (text.starts_with("//")) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return std::string(text);
}

}  // namespace racecourse::command
