// A scenario: a program in the small that shows one concurrency bug, with everything that a person needs to understand
// it. One file a scenario, scenarios/NAME/NAME.cpp, which reads from top to bottom: the bodies in plain C++, then this
// declaration. What is written here is data: `racecourse list`, `show`, `run` and the tests read it.
//
//   const ScenarioRegistration registration{{
//       .name = "stolen_last_item",
//       .title = "Two workers and one last item",
//       ...
//       .variants = {broken("size_then_get", "Looks at the size, then takes.", size_then_get, {...}),
//                    right("try_get", "Takes if there is one.", try_get),
//                    wrong_fix("sleep_first", "Sleeps before it looks.", "The window is later, not closed.",
//                              sleep_first, {...})},
//   }};
#pragma once

#include <racecourse/scenarios/catalogue.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace racecourse::catalogue {

// A result that the bodies report through racecourse::outcome(), and what it means. A scenario that lists outcomes
// lists all that can happen; a forbidden one is a finding of kind forbidden-outcome, in every variant.
struct Outcome {
  enum class Is { forbidden, acceptable, interesting };
  std::string result;
  Is is = Is::acceptable;
  std::string meaning;  // one sentence
};
const char* to_string(Outcome::Is is);

struct Scenario {
  std::string name;                    // a-z, 0-9 and _
  std::string title;                   // a few words
  std::string family;                  // "notes", "classic" or "field-bug"
  int difficulty = 0;                  // 1: the first example of a course, to 5: experts have shipped it
  std::string from;                    // "note 004, section 2.3", or where the classic comes from
  std::string story;                   // what the code is for, and what goes wrong
  std::string python = {};             // what the original does in Python, where that differs from C++; may be empty
  std::vector<Outcome> outcomes = {};  // where outcomes are the point; may be empty
  std::vector<std::string> hints;      // three: where to look; what happens there; nearly the answer
  std::string explanation;             // how the bug happens, step by step
  std::string rule;                    // one sentence: what was broken, to be remembered
  std::string fix;                     // what the right variant does, and why that suffices
  std::vector<std::string> reading;    // at least one: "Author, Title, place"
  std::vector<Entry> variants;  // at least one broken, one right and one wrong fix; scenario and family are filled in
  std::string file = __builtin_FILE();  // where it is declared: filled in by itself
};

// Declares the scenario and its entries at program start. A variant that says nothing of Relacy is not run there.
struct ScenarioRegistration {
  explicit ScenarioRegistration(Scenario scenario);
};

// All scenarios, by name, without their variants: those are entries(). Throws std::logic_error with one sentence for
// one that is not complete, or two of one name.
const std::vector<Scenario>& scenarios();
// The same for scenarios that are not registered.
std::vector<Scenario> validated(std::vector<Scenario> scenarios);
const Scenario* find_scenario(std::string_view name);

// Variants. A body is plain C++ that asserts what should hold. Options of one that needs others than the usual:
//   with({.max_steps = 2'000}, broken(...))
Entry broken(std::string variant, std::string summary, std::function<void()> body,
             std::map<Checker, Expectation> expected);
// Nothing may be found. Without `expected`, explore and tsan must find nothing.
Entry right(std::string variant, std::string summary, std::function<void()> body,
            std::map<Checker, Expectation> expected = {});
// Tempting, and broken: `still_breaks` is one sentence that says how.
Entry wrong_fix(std::string variant, std::string summary, std::string still_breaks, std::function<void()> body,
                std::map<Checker, Expectation> expected);
Entry with(Options options, Entry entry);
// Right in what it does, and slower than it need be: no checker sees that. NAME/measured.cpp has a way for each variant
// of such a scenario, and `racecourse measure NAME` shows what they take.
Entry slow(Entry entry);
// Real processes, or what else explore cannot control: the body runs under tsan only, and `why` says what keeps it from
// being explored.
Entry only_real(std::string why, Entry entry);

}  // namespace racecourse::catalogue
