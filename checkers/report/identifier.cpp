#include <racecourse/checkers/report/identifier.h>

#include <array>
#include <cctype>
#include <vector>

namespace racecourse::report {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_name_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::size_t skip_spaces(std::string_view line, std::size_t at) {
  while (at < line.size() && line[at] == ' ') ++at;
  return at;
}

// The last character before `at` that is no space; kNone if there is none.
std::size_t before(std::string_view line, std::size_t at) {
  while (at > 0) {
    if (line[--at] != ' ') return at;
  }
  return kNone;
}

std::size_t name_begin(std::string_view line, std::size_t at) {
  while (at > 0 && is_name_char(line[at - 1])) --at;
  return at;
}

std::size_t name_end(std::string_view line, std::size_t at) {
  while (at < line.size() && is_name_char(line[at])) ++at;
  return at;
}

std::string name_around(std::string_view line, std::size_t at) {
  const std::size_t begin = name_begin(line, at);
  const std::string name(line.substr(begin, name_end(line, at) - begin));
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) return {};
  for (const std::string_view keyword : {"this", "return", "if", "while", "for", "new", "delete", "auto", "const",
                                         "int", "bool", "void", "true", "false", "nullptr", "co_await", "co_return"}) {
    if (name == keyword) return {};
  }
  return name;
}

std::size_t opening(std::string_view line, std::size_t close) {
  int depth = 0;
  for (std::size_t i = close + 1; i-- > 0;) {
    if (line[i] == ')' || line[i] == ']' || line[i] == '}') ++depth;
    if (line[i] == '(' || line[i] == '[' || line[i] == '{') {
      if (--depth == 0) return i;
    }
  }
  return kNone;
}

std::size_t closing(std::string_view line, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < line.size(); ++i) {
    if (line[i] == '(' || line[i] == '[' || line[i] == '{') ++depth;
    if (line[i] == ')' || line[i] == ']' || line[i] == '}') {
      if (--depth == 0) return i;
    }
  }
  return kNone;
}

// The name that the expression ending right before `end` denotes: "b" for "a->b", "items" for "items[i]".
std::string expression_ending(std::string_view line, std::size_t end) {
  std::size_t last = before(line, end);
  while (last != kNone && (line[last] == ']' || line[last] == ')')) {
    const std::size_t open = opening(line, last);
    if (open == kNone) return {};
    if (line[last] == ')') {
      // "(*p)" or a call: the name inside, or the function called.
      const std::size_t left = before(line, open);
      if (left == kNone || !is_name_char(line[left])) return expression_ending(line, last);
    }
    last = before(line, open);
  }
  return last != kNone && is_name_char(line[last]) ? name_around(line, last) : std::string{};
}

// The last name of a simple expression starting at `begin`: "b" for "&a->b" or "*a.b". Empty for anything with
// operators or calls in it.
std::string simple_expression(std::string_view text) {
  std::size_t at = skip_spaces(text, 0);
  while (at < text.size() && (text[at] == '&' || text[at] == '*')) at = skip_spaces(text, at + 1);
  std::string name;
  while (at < text.size()) {
    if (!is_name_char(text[at])) return {};
    const std::size_t end = name_end(text, at);
    if (std::string found = name_around(text, at); !found.empty()) name = found;
    at = skip_spaces(text, end);
    if (at < text.size() && text[at] == '[') {
      const std::size_t close = closing(text, at);
      if (close == kNone) return {};
      at = skip_spaces(text, close + 1);
    }
    if (at >= text.size()) return name;
    if (text[at] == '.') {
      at = skip_spaces(text, at + 1);
    } else if (text.compare(at, 2, "->") == 0 || text.compare(at, 2, "::") == 0) {
      at = skip_spaces(text, at + 2);
    } else {
      return {};
    }
  }
  return name;
}

std::vector<std::string_view> arguments(std::string_view text) {
  std::vector<std::string_view> result;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '[' || c == '{' || c == '<') ++depth;
    if (c == ')' || c == ']' || c == '}' || c == '>') --depth;
    if (c == ',' && depth == 0) {
      result.push_back(text.substr(start, i - start));
      start = i + 1;
    }
  }
  result.push_back(text.substr(start));
  for (std::string_view& argument : result) argument.remove_prefix(skip_spaces(argument, 0));
  return result;
}

bool acts_on_mutex(Op op) { return op >= Op::mutex_lock && op <= Op::rwlock_blocked; }

// `callee(arguments)`, where the callee is a free function or a variable being constructed.
std::string argument_of(std::string_view callee, std::string_view inside, Op op) {
  std::vector<std::string_view> all = arguments(inside);
  std::erase_if(all, [](std::string_view argument) { return argument.starts_with("std::"); });
  std::size_t index = 0;
  if (callee.starts_with("pthread_cond_")) {
    if (acts_on_mutex(op)) index = 1;
  } else if (!callee.starts_with("pthread_") && !callee.starts_with("sem_") && all.size() != 1) {
    return {};  // std::lock(a, b), scoped_lock lock(a, b): which of them?
  }
  return index < all.size() ? simple_expression(all[index]) : std::string{};
}

bool is_wait(std::string_view callee) { return callee == "wait" || callee == "wait_for" || callee == "wait_until"; }

// The callee's name occupies [begin, end); `open` is its opening bracket or kNone if it is not on this line.
std::string object_of_call(std::string_view line, std::size_t begin, std::size_t end, std::size_t open, Op op) {
  const std::string_view callee = line.substr(begin, end - begin);
  const std::size_t left = before(line, begin);
  const bool dot = left != kNone && line[left] == '.';
  const bool arrow = left != kNone && left > 0 && line[left] == '>' && line[left - 1] == '-';
  if (dot || arrow) {
    // cv.wait(lock) also unlocks and locks the mutex, which is not called "cv".
    if (is_wait(callee) && acts_on_mutex(op)) return {};
    return expression_ending(line, dot ? left : left - 1);
  }
  if (open == kNone) return {};
  const std::size_t close = closing(line, open);
  if (close == kNone) return {};
  return argument_of(callee, line.substr(open + 1, close - open - 1), op);
}

// A name right before the bracket at `open`, template arguments skipped: its first and past-the-end index.
bool callee_before(std::string_view line, std::size_t open, std::size_t& begin, std::size_t& end) {
  std::size_t last = before(line, open);
  if (last != kNone && line[last] == '>') {
    int depth = 0;
    for (; last != kNone; last = last == 0 ? kNone : last - 1) {
      if (line[last] == '>') ++depth;
      if (line[last] == '<' && --depth == 0) break;
    }
    if (last != kNone) last = before(line, last);
  }
  if (last == kNone || !is_name_char(line[last])) return false;
  begin = name_begin(line, last);
  end = last + 1;
  return true;
}

// `int copy = balance_;` noted at `copy` although it is the initialiser that is read.
std::string initialiser_of_declaration(std::string_view line, std::size_t begin, std::size_t end) {
  const std::size_t left = before(line, begin);
  if (left == kNone || !(is_name_char(line[left]) || line[left] == '*' || line[left] == '&' || line[left] == '>'))
    return {};
  if (line[left] == '>' && left > 0 && line[left - 1] == '-') return {};
  if (is_name_char(line[left])) {
    const std::size_t word = name_begin(line, left);
    if (line.substr(word, left + 1 - word) == "return") return {};
  } else if (line[left] == '*' || line[left] == '&') {
    // "T* p" declares; "x = a * b" or "f(&a)" does not.
    const std::size_t type = before(line, left);
    if (type == kNone || !(is_name_char(line[type]) || line[type] == '>')) return {};
  }
  const std::size_t equals = skip_spaces(line, end);
  if (equals >= line.size() || line[equals] != '=' || line.substr(equals, 2) == "==") return {};
  const std::size_t stop = line.find_first_of(";,", equals);
  if (stop == kNone) return {};
  std::string_view value = line.substr(equals + 1, stop - equals - 1);
  while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
  return simple_expression(value);
}

std::size_t index_of(std::string_view line, int column) {
  if (column < 1 || static_cast<std::size_t>(column) > line.size()) return kNone;
  return static_cast<std::size_t>(column) - 1;
}

// Names around an operator: both `x++` and `++x`, the left side of assignments, the array of `x[i]`.
std::string operand(std::string_view line, std::size_t at) {
  const char c = line[at];
  if (c == ']') return expression_ending(line, at + 1);
  if (c == '[') return expression_ending(line, at);
  if (c == '.' || line.compare(at, 2, "->") == 0) {
    return name_around(line, skip_spaces(line, at + (c == '.' ? 1 : 2)));
  }
  if (std::string left = expression_ending(line, at); !left.empty()) return left;
  std::size_t right = at;
  while (right < line.size() && (line[right] == '+' || line[right] == '-' || line[right] == '*' || line[right] == '&' ||
                                 line[right] == '!' || line[right] == '(')) {
    ++right;
  }
  if (right == at) return {};
  // The expression's end is not known without parsing: follow member accesses.
  std::size_t end = name_end(line, skip_spaces(line, right));
  std::string name = name_around(line, skip_spaces(line, right));
  while (end < line.size()) {
    const std::size_t step = line[end] == '.' ? 1 : (line.compare(end, 2, "->") == 0 ? 2 : 0);
    if (step == 0 || end + step >= line.size() || !is_name_char(line[end + step])) break;
    name = name_around(line, end + step);
    end = name_end(line, end + step);
  }
  return name;
}

}  // namespace

std::string accessed_name(std::string_view line, int column, bool write) {
  const std::size_t at = index_of(line, column);
  if (at == kNone) return {};
  if (!is_name_char(line[at])) {
    constexpr std::string_view kStatementEnds = ";,{}()";
    if (kStatementEnds.find(line[at]) != kNone) return {};
    return operand(line, at);
  }
  const std::size_t begin = name_begin(line, at);
  const std::size_t end = name_end(line, at);
  if (!write) {
    if (std::string value = initialiser_of_declaration(line, begin, end); !value.empty()) return value;
  }
  const std::size_t next = skip_spaces(line, end);
  if (next < line.size() && line[next] == '(') return {};  // a call: its arguments or its result
  return name_around(line, at);
}

std::string called_object(std::string_view line, int column, Op op) {
  const std::size_t at = index_of(line, column);
  if (at == kNone) return {};
  std::size_t begin = 0;
  std::size_t end = 0;
  if (is_name_char(line[at])) {
    begin = name_begin(line, at);
    end = name_end(line, at);
    std::size_t next = skip_spaces(line, end);
    if (next < line.size() && line[next] == '<') {
      const std::size_t close = line.find('>', next);
      if (close != kNone && close + 1 < line.size() && line[close + 1] == '(') next = close + 1;
    }
    if (next < line.size() && line.compare(next, 2, "::") == 0) {
      // clang notes the start of a qualified call: std::lock(...)
      const std::size_t open = line.find('(', next);
      if (open == kNone || !callee_before(line, open, begin, end)) return {};
      return object_of_call(line, begin, end, open, op);
    }
    if (next < line.size() && (line[next] == '(' || line[next] == '{'))
      return object_of_call(line, begin, end, next, op);
    return name_around(line, at);  // `if (flag)`, `flag = true`, `items[i]`: an operator of the object
  }
  switch (line[at]) {
    case '(':
    case '{':
      return callee_before(line, at, begin, end) ? object_of_call(line, begin, end, at, op) : std::string{};
    case ')':
    case '}': {
      const std::size_t open = opening(line, at);
      if (open == kNone || !callee_before(line, open, begin, end)) return {};
      return object_of_call(line, begin, end, open, op);
    }
    case ';':
    case ',':
      return {};
    default:
      return operand(line, at);
  }
}

std::string condition_around(std::string_view line, int column) {
  const std::size_t at = index_of(line, column);
  if (at == kNone) return {};
  constexpr std::array<std::string_view, 13> kWords = {
      "if",        "while",     "assert",    "EXPECT_TRUE", "EXPECT_FALSE", "EXPECT_EQ", "EXPECT_NE",
      "EXPECT_GE", "EXPECT_GT", "EXPECT_LE", "EXPECT_LT",   "ASSERT_TRUE",  "ASSERT_EQ"};
  for (const std::string_view word : kWords) {
    for (std::size_t found = line.find(word); found != kNone; found = line.find(word, found + 1)) {
      if (found > 0 && is_name_char(line[found - 1])) continue;
      const std::size_t open = skip_spaces(line, found + word.size());
      if (open >= line.size() || line[open] != '(' || open > at) continue;
      const std::size_t close = closing(line, open);
      if (close == kNone || close < at) continue;
      return std::string(line.substr(open + 1, close - open - 1));
    }
  }
  return {};
}

}  // namespace racecourse::report
