#include <racecourse/tests/mutants/operators.h>

#include <algorithm>
#include <map>
#include <optional>
#include <regex>
#include <string_view>
#include <utility>

namespace racecourse::mutants {
namespace {

using Lines = std::vector<std::string>;

std::string trimmed(const std::string& line) {
  const auto begin = line.find_first_not_of(' ');
  return begin == std::string::npos ? "" : line.substr(begin);
}

std::size_t indentation(const std::string& line) { return std::min(line.find_first_not_of(' '), line.size()); }

// The line without its comment. No string of ours holds two slashes.
std::string code(const std::string& line) {
  std::string text = line.substr(0, line.find("//"));
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

bool holds(const std::string& line, const char* pattern) { return std::regex_search(code(line), std::regex(pattern)); }

// A whole statement on a line of its own that declares nothing and does not leave.
bool is_plain_statement(const std::string& line) {
  const std::string text = trimmed(code(line));
  if (text.empty() || !text.ends_with(';') || indentation(line) < 4) return false;
  static const std::regex leaves("^(return|throw|break|continue|case|default|using|static|else|if|for|while|do)\\b");
  static const std::regex declares("^(const |auto |[A-Za-z_:]+(<.*>)?[ &*]+[a-z_]+( =|\\(|\\{|;))");
  return !std::regex_search(text, leaves) && !std::regex_search(text, declares);
}

bool wakes(const std::string& line) { return holds(line, "notify_(one|all)\\(|futex_wake\\("); }

class Collector {
 public:
  explicit Collector(const Lines& source) : source_(source) {}

  void replace(const char* operation, std::size_t at, const std::string& line) {
    Lines changed = source_;
    changed[at] = line;
    add(operation, at, trimmed(code(line)), std::move(changed));
  }
  void drop(const char* operation, std::size_t at) {
    Lines changed = source_;
    changed[at].clear();
    add(operation, at, "", std::move(changed));
  }
  // The line goes to the place of another.
  void move(const char* operation, std::size_t from, std::size_t to) {
    Lines changed = source_;
    const std::string line = changed[from];
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(from));
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(to), line);
    add(operation, from, "before " + trimmed(code(source_[to])), std::move(changed));
  }

  std::vector<Mutant> mutants;

 private:
  void add(const char* operation, std::size_t at, std::string after, Lines changed) {
    mutants.push_back({operation, at + 1, trimmed(code(source_[at])), std::move(after), std::move(changed)});
  }

  const Lines& source_;
};

// Each order that is named on the line, by itself.
void weaken_order(const Lines& source, std::size_t at, Collector& into) {
  static const std::regex order("memory_order_(acquire|release|acq_rel|seq_cst)");
  const std::string& line = source[at];
  const std::string text = code(line);
  for (std::sregex_iterator found(text.begin(), text.end(), order), end; found != end; ++found) {
    const auto place = static_cast<std::size_t>(found->position());
    const auto length = static_cast<std::size_t>(found->length());
    std::vector<const char*> weaker{"memory_order_relaxed"};
    if ((*found)[1] == "acq_rel") weaker = {"memory_order_acquire", "memory_order_release"};
    for (const char* each : weaker) into.replace("weaken-order", at, std::string(line).replace(place, length, each));
  }
}

// A guard that nobody else uses, or one that others use: then it begins without the mutex.
void drop_lock(const Lines& source, std::size_t at, Collector& into) {
  const std::string text = code(source[at]);
  if (holds(text, "std::(lock_guard|scoped_lock)(<.*>)? [a-z_]+\\(.*\\);$")) into.drop("drop-lock", at);
  std::smatch found;
  static const std::regex unique("^( *std::unique_lock(<.*>)? [a-z_]+\\([^,]*)\\);$");
  if (std::regex_match(text, found, unique)) into.replace("drop-lock", at, found[1].str() + ", std::defer_lock);");
  if (holds(text, "^ *[a-z_.]*(mutex|lock)_?\\.(lock|acquire)\\(\\);$")) into.drop("drop-lock", at);
}

// The rest of a loop: its own line, and the lines that are indented further.
bool loop_waits(const Lines& source, std::size_t at) {
  static const char* const kWaits = "wait|pause\\(|yield\\(|Backoff|backoff";
  if (holds(source[at], kWaits)) return true;
  for (std::size_t i = at + 1; i < source.size(); i++) {
    if (!source[i].empty() && indentation(source[i]) <= indentation(source[at])) break;
    if (holds(source[i], kWaits)) return true;
  }
  return false;
}

void while_to_if(const Lines& source, std::size_t at, Collector& into) {
  const std::string text = code(source[at]);
  if (holds(text, "^ *while \\(") && !holds(text, "while \\(true\\)") && loop_waits(source, at))
    into.replace("while-to-if", at, std::regex_replace(text, std::regex("while \\("), "if ("));
  std::smatch found;
  static const std::regex predicate("^( *)([a-z_]+\\.wait\\([a-z_]+), (\\[.*\\}|[a-z_]+)\\);$");
  if (std::regex_match(text, found, predicate))
    into.replace("while-to-if", at, found[1].str() + "if (!(" + found[3].str() + ")()) " + found[2].str() + ");");
}

void swap_statements(const Lines& source, std::size_t at, Collector& into) {
  std::size_t next = at + 1;
  while (next < source.size() && trimmed(code(source[next])).empty() && !source[next].empty()) next++;  // comments
  if (next >= source.size() || !is_plain_statement(source[at]) || !is_plain_statement(source[next])) return;
  if (indentation(source[at]) != indentation(source[next])) return;
  into.move("swap", next, at);
}

// The first line of the block that a line is in.
std::optional<std::size_t> beginning_of_block(const Lines& source, std::size_t at) {
  std::size_t first = at;
  while (first > 0 && (source[first - 1].empty() || indentation(source[first - 1]) >= indentation(source[at]))) first--;
  while (first < at && trimmed(code(source[first])).empty()) first++;
  if (first == at || first == 0) return std::nullopt;
  return first;
}

void change_wakeup(const Lines& source, std::size_t at, Collector& into) {
  if (!wakes(source[at])) return;
  const std::string text = code(source[at]);
  if (is_plain_statement(source[at]) || holds(text, "^ *if \\(.*\\).*;$")) into.drop("drop-notify", at);
  if (is_plain_statement(source[at])) {
    const auto first = beginning_of_block(source, at);
    // One place further up is what `swap` does.
    if (first && *first + 1 < at) into.move("move-notify", at, *first);
  }
  if (holds(text, "notify_all"))
    into.replace("notify-one", at, std::regex_replace(text, std::regex("notify_all"), "notify_one"));
  static const std::regex all("futex_wake\\(([a-z_]+), std::numeric_limits<int>::max\\(\\)\\)");
  if (std::regex_search(text, all)) into.replace("notify-one", at, std::regex_replace(text, all, "futex_wake($1, 1)"));
}

}  // namespace

const std::vector<Operator>& operators() {
  static const std::vector<Operator> all{
      {"weaken-order", "acquire, release and seq_cst become relaxed; acq_rel becomes acquire, and release"},
      {"drop-lock", "a guard, or a call of lock(), goes; a unique_lock begins without its mutex"},
      {"while-to-if", "a loop around a wait looks only once"},
      {"swap", "two statements that follow each other change places"},
      {"drop-notify", "a notify, or a futex wake, goes"},
      {"move-notify", "a notify comes at the beginning of its block"},
      {"notify-one", "notify_all becomes notify_one, and a futex wake of all one of one"}};
  return all;
}

std::string Mutant::name() const {
  std::string name = operation + ": " + before + (after.empty() ? "" : "  ->  " + after);
  return number == 1 ? name : name + " #" + std::to_string(number);
}

std::vector<Mutant> mutants_of(const std::vector<std::string>& source) {
  Collector collector(source);
  for (std::size_t at = 0; at < source.size(); at++) {
    for (const auto operation : {weaken_order, drop_lock, while_to_if, swap_statements, change_wakeup})
      operation(source, at, collector);
  }
  std::map<std::string, int> seen;
  for (Mutant& mutant : collector.mutants) mutant.number = ++seen[mutant.name()];
  return std::move(collector.mutants);
}

}  // namespace racecourse::mutants
