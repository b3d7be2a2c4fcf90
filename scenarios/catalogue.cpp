#include <racecourse/scenarios/catalogue.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace racecourse::catalogue {
namespace {

// A function, because registrations in other files may run before a global of this one is made.
std::vector<Entry>& registered() {
  static std::vector<Entry> entries;
  return entries;
}

// What is said of an entry in another file than its own.
struct Addition {
  std::string what;  // "property"
  std::string scenario, variant;
  Checker checker;
  Expectation expected;
  std::function<void(Entry&)> add;
};
std::vector<Addition>& registered_additions() {
  static std::vector<Addition> additions;
  return additions;
}

std::vector<Entry> with_additions(std::vector<Entry> entries) {
  for (const Addition& addition : registered_additions()) {
    const std::string name = addition.scenario + "/" + addition.variant;
    const auto entry = std::ranges::find_if(entries, [&](const Entry& candidate) {
      return candidate.scenario == addition.scenario && candidate.variant == addition.variant;
    });
    const std::string what = "catalogue: a " + addition.what + " of " + name;
    if (entry == entries.end()) throw std::logic_error(what + ", which does not exist");
    if (!entry->expected.emplace(addition.checker, addition.expected).second) {
      throw std::logic_error(what + " was declared already");
    }
    addition.add(*entry);
  }
  return entries;
}

bool runs(const Entry& entry, Checker checker) {
  const auto found = entry.expected.find(checker);
  return found != entry.expected.end() && found->second.says != Expectation::Says::not_run;
}

bool declares_a_catch(const Entry& entry) {
  return std::ranges::any_of(entry.expected, [](const auto& cell) {
    return cell.second.says == Expectation::Says::finding || cell.second.says == Expectation::Says::may_find;
  });
}

bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

// What is wrong with a cell, or nothing.
std::optional<std::string> fault(const Expectation& expectation, bool broken) {
  using Says = Expectation::Says;
  const bool explained = !expectation.reason.empty();
  switch (expectation.says) {
    case Says::finding:
      if (!broken) return "declares a finding, but is not broken: that is a false alarm";
      return std::nullopt;
    case Says::nothing:
      if (broken) return "is broken, so finding nothing needs a reason: use cannot_see()";
      return std::nullopt;
    case Says::cannot_see:
      if (!broken) return "is not broken, so there is nothing that it cannot see";
      return explained ? std::nullopt : std::optional<std::string>("cannot see it, without a reason");
    case Says::may_find:
      if (!broken) return "may find something, but is not broken: that is a false alarm";
      return explained ? std::nullopt : std::optional<std::string>("may find it, without a reason");
    case Says::false_alarm:
      if (broken) return "declares a false alarm, but is broken";
      return explained ? std::nullopt : std::optional<std::string>("raises a false alarm, without a reason");
    case Says::not_run:
      return explained ? std::nullopt : std::optional<std::string>("is not run, without a reason");
    case Says::proved:
      if (broken) return "is broken, so there is nothing to prove";
      return explained ? std::nullopt : std::optional<std::string>("is proved, without the size of what is proved");
  }
  return "says something unknown";
}

std::optional<std::string> fault(const Entry& entry) {
  if (!is_name(entry.scenario) || !is_name(entry.variant)) {
    return "has a name with other characters than a-z, 0-9 and _";
  }
  if (entry.summary.empty()) return "has no summary";
  if (!entry.still_breaks.empty() && !entry.broken) return "is not broken, but says what still breaks";
  if (entry.expected.empty()) return "has no expectation";
  for (const auto& [checker, expectation] : entry.expected) {
    if (auto wrong = fault(expectation, entry.broken)) return std::string("under ") + to_string(checker) + " " + *wrong;
  }
  if (entry.slow && declares_a_catch(entry)) return "is only slow, but a checker is declared to catch it";
  if (entry.broken && !entry.slow && !declares_a_catch(entry))
    return "is broken, but no checker is declared to catch it";
  if (!entry.body && runs(entry, Checker::explore)) return "has no body";
  if (!entry.body && !entry.small_body && runs(entry, Checker::proof)) return "has no body to prove anything of";
  if (!entry.body && !entry.real_body && runs(entry, Checker::tsan)) return "has no body";
  // Properties exist in the explore link only.
  if (!entry.property && runs(entry, Checker::property) && std::string_view(linked_checker()) == "explore") {
    return "has no property";
  }
  return std::nullopt;
}

}  // namespace

Registration::Registration(std::vector<Entry> entries) { std::ranges::move(entries, std::back_inserter(registered())); }

PropertyRegistration::PropertyRegistration(std::string scenario, std::string variant, Expectation expected,
                                           std::function<void(std::uint64_t)> property) {
  registered_additions().push_back({"property", std::move(scenario), std::move(variant), Checker::property,
                                    std::move(expected),
                                    [property = std::move(property)](Entry& entry) { entry.property = property; }});
}

ProofRegistration::ProofRegistration(std::string scenario, std::string variant, Expectation expected,
                                     std::function<void()> small_body) {
  registered_additions().push_back({"proof", std::move(scenario), std::move(variant), Checker::proof,
                                    std::move(expected),
                                    [body = std::move(small_body)](Entry& entry) { entry.small_body = body; }});
}

std::vector<Entry> validated(std::vector<Entry> entries) {
  std::ranges::stable_sort(entries, {}, &Entry::scenario);
  std::set<std::pair<std::string, std::string>> names;
  for (const Entry& entry : entries) {
    const std::string name = entry.scenario + "/" + entry.variant;
    if (!names.emplace(entry.scenario, entry.variant).second) {
      throw std::logic_error("catalogue: two entries are called " + name);
    }
    if (auto wrong = fault(entry)) throw std::logic_error("catalogue: " + name + " " + *wrong);
  }
  return entries;
}

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all = validated(with_additions(registered()));
  return all;
}

const Entry* find(std::string_view scenario, std::string_view variant) {
  const auto& all = entries();
  const auto found = std::ranges::find_if(
      all, [&](const Entry& entry) { return entry.scenario == scenario && entry.variant == variant; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace racecourse::catalogue
