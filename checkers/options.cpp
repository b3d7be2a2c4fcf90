#include <racecourse/checkers/options.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <optional>
#include <stdexcept>
#include <vector>

namespace racecourse {
namespace {

[[noreturn]] void refuse(const std::string& sentence) { throw std::invalid_argument("racecourse: " + sentence); }

[[noreturn]] void bad_value(std::string_view key, std::string_view value, const char* wanted) {
  refuse("option " + std::string(key) + "=" + std::string(value) + " is not " + wanted + ".");
}

template <typename Number>
bool read_number(std::string_view text, Number& out) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  return error == std::errc() && stop == end;
}

void set(std::uint64_t& field, std::string_view key, std::string_view value) {
  if (!read_number(value, field)) bad_value(key, value, "a whole number from 0 to 18446744073709551615");
}
void set(int& field, std::string_view key, std::string_view value) {
  if (!read_number(value, field)) bad_value(key, value, "a whole number");
}
void set(double& field, std::string_view key, std::string_view value) {
  if (!read_number(value, field) || !std::isfinite(field)) bad_value(key, value, "a number");
}
void set(bool& field, std::string_view key, std::string_view value) {
  if (value == "1" || value == "true" || value == "yes" || value == "on") {
    field = true;
  } else if (value == "0" || value == "false" || value == "no" || value == "off") {
    field = false;
  } else {
    bad_value(key, value, "0 or 1");
  }
}
void set(std::optional<bool>& field, std::string_view key, std::string_view value) { set(field.emplace(), key, value); }
void set(std::string& field, std::string_view, std::string_view value) { field = value; }
std::string all_kinds() {
  std::string names;
  for (int kind = 0; kind < kKindCount; kind++) {
    names += (names.empty() ? "" : ", ") + std::string(to_string(static_cast<Kind>(kind)));
  }
  return names;
}
void set(std::vector<std::string>& field, std::string_view, std::string_view value) {
  field.clear();
  if (value.empty()) return;
  for (std::size_t begin = 0; begin <= value.size();) {
    const std::size_t end = std::min(value.find('|', begin), value.size());
    field.emplace_back(value.substr(begin, end - begin));
    begin = end + 1;
  }
}
// "assertion,deadlock" are these two, "-leak" all but that one.
void set(std::vector<Kind>& field, std::string_view key, std::string_view value) {
  field.clear();
  for (int kind = 0; value.starts_with('-') && kind < kKindCount; kind++) field.push_back(static_cast<Kind>(kind));
  for (std::size_t begin = 0; begin < value.size();) {
    const std::size_t end = std::min(value.find(',', begin), value.size());
    const bool without = value[begin] == '-';
    const std::optional<Kind> kind = kind_from_string(value.substr(begin + without, end - begin - without));
    if (!kind) bad_value(key, value, ("a list of kinds, as in assertion,deadlock or -leak: " + all_kinds()).c_str());
    if (without)
      std::erase(field, *kind);
    else if (std::find(field.begin(), field.end(), *kind) == field.end())
      field.push_back(*kind);
    begin = end + 1;
  }
}

struct Key {
  std::string_view name;
  void (*assign)(EffectiveOptions&, std::string_view key, std::string_view value);
};

template <auto Field>
void assign_option(EffectiveOptions& effective, std::string_view key, std::string_view value) {
  set(effective.options.*Field, key, value);
}

constexpr Key kKeys[] = {
    {"strategy", assign_option<&Options::strategy>},
    {"executions", assign_option<&Options::executions>},
    {"seconds", assign_option<&Options::seconds>},
    {"seed", assign_option<&Options::seed>},
    {"workers", assign_option<&Options::workers>},
    {"shard", assign_option<&Options::shard>},
    {"max_steps", assign_option<&Options::max_steps>},
    {"switch_probability", assign_option<&Options::switch_probability>},
    {"depth", assign_option<&Options::depth>},
    {"preemptions", assign_option<&Options::preemptions>},
    {"race_check", assign_option<&Options::race_check>},
    {"stop_at_race", assign_option<&Options::stop_at_race>},
    {"spurious", assign_option<&Options::spurious>},
    {"judge", assign_option<&Options::judge>},
    {"suppressions", assign_option<&Options::suppressions>},
    {"forbidden", assign_option<&Options::forbidden>},
    {"watchdog_seconds", assign_option<&Options::watchdog_seconds>},
    {"token", assign_option<&Options::token>},
    {"name", assign_option<&Options::name>},
    {"replay_command", assign_option<&Options::replay_command>},
    {"repetitions", assign_option<&Options::repetitions>},
    {"deadline_seconds", assign_option<&Options::deadline_seconds>},
    {"json", [](EffectiveOptions& e, std::string_view key, std::string_view value) { set(e.json, key, value); }},
    {"trace",
     [](EffectiveOptions& e, std::string_view key, std::string_view value) { set(e.whole_trace, key, value); }},
    {"call", [](EffectiveOptions& e, std::string_view key, std::string_view value) { set(e.call, key, value); }},
};

std::string all_keys() {
  std::string names;
  for (const Key& key : kKeys) {
    if (!names.empty()) names += ", ";
    names += key.name;
  }
  return names;
}

void assign(EffectiveOptions& effective, std::string_view key, std::string_view value) {
  for (const Key& known : kKeys) {
    if (known.name != key) continue;
    known.assign(effective, key, value);
    if (key == "token") effective.token_from_environment = !value.empty();
    return;
  }
  refuse("unknown option \"" + std::string(key) + "\"; the options are " + all_keys() + ".");
}

// Splits off the next word; quotes of either kind keep spaces together and are dropped.
std::string next_word(std::string_view& text) {
  std::string word;
  char quote = 0;
  std::size_t i = 0;
  for (; i < text.size(); i++) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      break;
    } else {
      word += c;
    }
  }
  if (quote != 0) refuse("the options end inside a quotation.");
  text.remove_prefix(i);
  return word;
}

constexpr std::uint64_t kMostShards = 100;

void check_shard(const Options& options) {
  const Shard shard = shard_of(options);
  if (shard.count == 1) return;
  if (options.strategy == "exhaustive") return;
  if (options.executions > 0 && options.executions < shard.count) {
    refuse("executions=" + std::to_string(options.executions) + " cannot be split into " + std::to_string(shard.count) +
           " shards.");
  }
}

void check(const EffectiveOptions& effective) {
  const Options& options = effective.options;
  if (options.executions == 0 && options.seconds <= 0) {
    refuse("executions=0 means no limit, so a budget in seconds must be set.");
  }
  if (options.seconds < 0) refuse("option seconds must not be negative.");
  if (options.max_steps == 0) refuse("option max_steps must be at least 1.");
  if (!(options.switch_probability >= 0 && options.switch_probability <= 1)) {
    refuse("option switch_probability must lie between 0 and 1.");
  }
  if (options.depth < 1) refuse("option depth must be at least 1.");
  if (options.preemptions < -1) refuse("option preemptions must be at least 0, or -1 for all executions.");
  if (options.preemptions >= 0 && options.strategy != "exhaustive") {
    refuse("option preemptions is a bound of an exhaustive search; say strategy=exhaustive as well.");
  }
  if (!(options.watchdog_seconds > 0)) refuse("option watchdog_seconds must be positive.");
  if (options.repetitions == 0) refuse("option repetitions must be at least 1.");
  if (!(options.deadline_seconds > 0)) refuse("option deadline_seconds must be positive.");
  if (options.workers < 0 || options.workers > 64) refuse("option workers must lie between 0 and 64.");
  check_shard(options);
  if (effective.call == 0) refuse("option call counts from 1.");
}

std::string shortest(double value) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  return {text, error == std::errc() ? end : text};
}

}  // namespace

EffectiveOptions parse_options(std::string_view text, const Options& base) {
  EffectiveOptions effective;
  effective.options = base;
  while (true) {
    const std::size_t start = text.find_first_not_of(" \t\n");
    if (start == std::string_view::npos) break;
    text.remove_prefix(start);
    const std::string word = next_word(text);
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      refuse("option \"" + word + "\" has no value: write key=value; the options are " + all_keys() + ".");
    }
    assign(effective, std::string_view(word).substr(0, equals), std::string_view(word).substr(equals + 1));
  }
  check(effective);
  return effective;
}

EffectiveOptions options_from_environment(const Options& base) {
  const char* text = std::getenv("RACECOURSE_OPTIONS");
  EffectiveOptions effective = parse_options(text != nullptr ? text : "", base);
  const char* workers = std::getenv("RACECOURSE_WORKERS");
  if (workers != nullptr && *workers != '\0' && effective.options.workers == 0) {
    set(effective.options.workers, "RACECOURSE_WORKERS", workers);
    check(effective);
  }
  return effective;
}

Shard shard_of(const Options& options) {
  if (options.shard.empty()) return {};
  const std::string_view text = options.shard;
  const std::size_t slash = text.find('/');
  Shard shard;
  const bool is_one = slash != std::string_view::npos && read_number(text.substr(0, slash), shard.index) &&
                      read_number(text.substr(slash + 1), shard.count) && shard.index >= 1 &&
                      shard.index <= shard.count && shard.count <= kMostShards;
  if (!is_one) bad_value("shard", text, "one like 2/3: the second of three, of at most 100");
  return shard;
}

std::string replay_differences(const Options& base, const Options& wanted) {
  std::string text;
  const auto add = [&text](const char* key, const std::string& value) {
    if (!text.empty()) text += ' ';
    text += std::string(key) + "=" + value;
  };
  if (base.max_steps != wanted.max_steps) add("max_steps", std::to_string(wanted.max_steps));
  if (base.race_check != wanted.race_check) add("race_check", wanted.race_check ? "1" : "0");
  if (base.stop_at_race != wanted.stop_at_race) add("stop_at_race", wanted.stop_at_race ? "1" : "0");
  if (base.suppressions != wanted.suppressions) add("suppressions", "'" + wanted.suppressions + "'");
  // It decides where threads find memory.
  if (base.strategy != wanted.strategy && (base.strategy == "exhaustive" || wanted.strategy == "exhaustive"))
    add("strategy", wanted.strategy);
  if (base.watchdog_seconds != wanted.watchdog_seconds) add("watchdog_seconds", shortest(wanted.watchdog_seconds));
  return text;
}

}  // namespace racecourse
