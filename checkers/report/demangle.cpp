#include <cxxabi.h>
#include <racecourse/checkers/replace_all.h>
#include <racecourse/checkers/report/demangle.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <utility>

namespace racecourse::report {
namespace {

constexpr std::size_t kLongestTemplateArguments = 24;

// The index after the bracket that closes the one at `open`, or npos. Operators like `<` and `->` inside names are rare
// enough in what remains here that angle brackets are simply counted.
std::size_t after_closing(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '<' || c == '{' || c == '[') ++depth;
    if (c == '>' && i > 0 && text[i - 1] == '-') continue;
    if (c == ')' || c == '>' || c == '}' || c == ']') {
      if (--depth == 0) return i + 1;
    }
  }
  return std::string_view::npos;
}

// Removes ", std::allocator<...>" and its like wherever they stand as a further template argument.
void drop_default_arguments(std::string& text) {
  constexpr std::array<std::string_view, 6> kDefaults = {", std::allocator<",      ", std::char_traits<",
                                                         ", std::default_delete<", ", std::less<",
                                                         ", std::hash<",           ", std::equal_to<"};
  for (const std::string_view start : kDefaults) {
    for (std::size_t at = text.find(start); at != std::string::npos; at = text.find(start, at)) {
      std::size_t end = after_closing(text, at + start.size() - 1);
      if (end == std::string::npos) break;
      if (end + 1 < text.size() && text[end] == ' ' && text[end + 1] == '>') ++end;
      text.erase(at, end - at);
    }
  }
}

// "{lambda(int)#2}" and clang's "$_2" both become "{lambda}".
void plain_lambdas(std::string& text) {
  for (std::size_t at = text.find("{lambda("); at != std::string::npos; at = text.find("{lambda(", at + 8)) {
    const std::size_t end = after_closing(text, at);
    if (end == std::string::npos) break;
    text.replace(at, end - at, "{lambda}");
  }
  for (std::size_t at = text.find("$_"); at != std::string::npos; at = text.find("$_", at + 8)) {
    std::size_t end = at + 2;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    text.replace(at, end - at, "{lambda}");
  }
  replace_all(text, "{lambda}::operator()", "{lambda}");
  replace_all(text, "'{lambda}'", "{lambda}");
}

// "int f<T>(int) const" -> "f<T>". A leading return type exists only in front of template functions.
void drop_signature(std::string& text) {
  replace_all(text, "(anonymous namespace)", "{anonymous}");
  // Every parameter list goes, also those of enclosing functions: "main::{lambda()#1}::f()" has two.
  for (std::size_t at = text.find('('); at != std::string::npos; at = text.find('(', at)) {
    if (at >= 8 && text.compare(at - 8, 8, "operator") == 0) {
      at += 2;  // the name "operator()" itself
      continue;
    }
    std::size_t end = after_closing(text, at);
    if (end == std::string::npos) break;
    for (const std::string_view suffix : {" const", " volatile", " &&", " &"}) {
      if (text.compare(end, suffix.size(), suffix) == 0) end += suffix.size();
    }
    text.erase(at, end - at);
  }
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '<' || text[i] == '{') ++depth;
    if (text[i] == '>' || text[i] == '}') --depth;
    if (text[i] != ' ' || depth != 0) continue;
    if (i >= 8 && text.compare(i - 8, 8, "operator") == 0) break;
    start = i + 1;
  }
  text.erase(0, start);
}

void shrink_template_arguments(std::string& text) {
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
    if (at >= 8 && text.compare(at - 8, 8, "operator") == 0) continue;
    const std::size_t end = after_closing(text, at);
    if (end == std::string::npos) return;
    if (end - at > kLongestTemplateArguments) text.replace(at, end - at, "<...>");
  }
}

}  // namespace

std::string demangle(const char* symbol) {
  // The variable `m` has its plain name, which would also be the code of the type `unsigned long`.
  if (!std::string_view(symbol).starts_with("_Z")) return symbol;
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(symbol, nullptr, nullptr, &status), std::free);
  return status == 0 && text ? text.get() : symbol;
}

std::string shorten(std::string_view demangled) {
  std::string text(demangled);
  if (const std::size_t clone = text.find(" [clone"); clone != std::string::npos) text.erase(clone);
  replace_all(text, "std::__cxx11::", "std::");
  replace_all(text, "std::__1::", "std::");
  replace_all(text, "[abi:cxx11]", "");
  drop_default_arguments(text);
  replace_all(text, "std::basic_string<char>", "std::string");
  plain_lambdas(text);
  drop_signature(text);
  replace_all(text, "{lambda}::operator()", "{lambda}");
  shrink_template_arguments(text);
  replace_all(text, " >", ">");
  return text;
}

}  // namespace racecourse::report
