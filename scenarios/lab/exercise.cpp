#include <racecourse/scenarios/lab/exercise.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

namespace racecourse::lab {
namespace {

// From the notes' first example upwards.
constexpr const char* kOrder[] = {"two_withdrawals", "stop_the_worker", "quick_look",  "spin_lock",
                                  "sleeping_worker", "two_transfers",   "permits",     "bounded_queue",
                                  "meeting_point",   "without_a_lock",  "handed_over", "parked_lock"};

std::vector<Exercise> in_order() {
  std::vector<Exercise> all;
  for (const auto& group : {account_exercises(), stop_flag_exercises(), lock_exercises(), waiting_exercises()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  std::vector<Exercise> sorted;
  for (const char* name : kOrder) {
    const auto found = std::ranges::find(all, name, &Exercise::name);
    if (found == all.end()) throw std::logic_error(std::string("no exercise is declared that is called ") + name);
    sorted.push_back(*found);
    std::ranges::stable_sort(sorted.back().checks, {}, &Check::rung);
  }
  if (sorted.size() != all.size()) throw std::logic_error("an exercise has no place in the order of the course");
  return sorted;
}

using Language = std::map<std::string, Texts>;

std::map<std::string, Language>& translations() {
  static std::map<std::string, Language> instance;
  return instance;
}

}  // namespace

const char* to_string(Rung rung) {
  switch (rung) {
    case Rung::contract:
      return "contract";
    case Rung::two_threads:
      return "two-threads";
    case Rung::three_threads:
      return "three-threads";
    case Rung::progress:
      return "progress";
  }
  return "?";
}

int points(Rung rung) { return rung == Rung::two_threads ? 4 : 2; }

const std::vector<Exercise>& exercises() {
  static const std::vector<Exercise> instance = in_order();
  return instance;
}

const Exercise* find_exercise(std::string_view name) {
  const auto found = std::ranges::find(exercises(), name, &Exercise::name);
  return found == exercises().end() ? nullptr : &*found;
}

Translation::Translation(std::string language, std::vector<std::pair<std::string, Texts>> texts) {
  for (auto& [name, one] : texts) translations()[language][name] = std::move(one);
}

std::vector<std::string> languages() {
  std::vector<std::string> all{"en"};
  for (const auto& [language, texts] : translations()) all.push_back(language);
  return all;
}

Texts texts_in(const Exercise& exercise, std::string_view language) {
  if (language == "en") return exercise.texts;
  const auto found = translations().find(std::string(language));
  if (found == translations().end()) {
    std::string known;
    for (const std::string& one : languages()) known += (known.empty() ? "" : ", ") + one;
    throw std::invalid_argument("there are no texts in \"" + std::string(language) + "\"; there are " + known);
  }
  const auto texts = found->second.find(exercise.name);
  return texts == found->second.end() ? exercise.texts : texts->second;
}

int most_points(const Exercise& exercise) {
  int sum = 0;
  for (const Rung rung : kRungs) {
    if (std::ranges::any_of(exercise.checks, [&](const Check& check) { return check.rung == rung; })) {
      sum += points(rung);
    }
  }
  return sum;
}

}  // namespace racecourse::lab
