// The catalogue: what every scenario and every variant of a primitive is, and what each checker must say of it.
// One declaration a variant, read by the `racecourse` command, by CTest and by the README's matrix.
#pragma once

#include <racecourse/checkers/explore.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace racecourse::catalogue {

enum class Checker {
  explore,
  tsan,
  property,
  relacy,
  proof,  // exhaustive search of a small body: of right variants only
};
inline constexpr Checker kCheckers[] = {Checker::explore, Checker::tsan, Checker::property, Checker::relacy,
                                        Checker::proof};
const char* to_string(Checker checker);

// What a checker must say of a variant. Made by the functions below.
struct Expectation {
  enum class Says {
    finding,      // `kind` is required, `allowed` may appear too
    nothing,      // no finding within the budget
    cannot_see,   // no finding, although the variant is broken: `reason` says why
    may_find,     // a probability, not a certainty: finding `kind` and nothing are both right; `reason`
    false_alarm,  // `kind` is reported although the code is right: `reason` says why
    not_run,      // this checker does not apply: `reason`
    proved,       // no execution has a finding, and all were searched: `reason` says how small the program is
  };
  Says says = Says::not_run;
  Kind kind = Kind::data_race;
  std::vector<Kind> allowed;
  std::string reason;
  int preemptions = -1;  // of proved: of all executions with at most so many; -1: of all
};
Expectation finds(Kind kind, std::vector<Kind> allowed = {});
Expectation finds_nothing();
Expectation cannot_see(std::string reason);
Expectation may_find(Kind kind, std::string reason, std::vector<Kind> allowed = {});
Expectation false_alarm(Kind kind, std::string reason);
Expectation not_run(std::string reason);
Expectation proves(std::string size);
Expectation proves_up_to(int preemptions, std::string size);

// One variant of one scenario or primitive.
struct Entry {
  std::string scenario;  // "account"
  std::string variant;   // "check_then_act"
  std::string family;    // "primitive", "notes", "field-bug", "classic"
  bool broken = false;
  std::string summary;         // one sentence: what is wrong, or what makes it right
  bool slow = false;           // broken in that it is slower than it need be: measured, not judged; no checker sees it
  std::string still_breaks;    // of a tempting fix that does not mend it (broken): one sentence, what still breaks
  int difficulty = 0;          // of its scenario, 1 to 5; 0: it belongs to none
  std::function<void()> body;  // plain C++; run under explore and tsan. Empty: relacy or property only
  // What the tsan link runs instead of `body`, if set: the same program with real processes, which explore cannot
  // control. Reports that ThreadSanitizer makes in a process are its own; the body asserts what they did together.
  std::function<void()> real_body;
  std::map<Checker, Expectation> expected;
  Options options;  // budgets, if not the default ones; a raised one needs a comment beside it
  // A property over this variant (RapidCheck, explore link only): returns normally when it holds, throws
  // racecourse::property::Falsified when not. Empty: none. Usually added by a PropertyRegistration.
  std::function<void(std::uint64_t seed)> property;
  // What a proof searches, if `body` has too many executions. Usually added by a ProofRegistration.
  std::function<void()> small_body;
};

// Adds entries at program start:
//   static const racecourse::catalogue::Registration registration{{ ...entries... }};
struct Registration {
  explicit Registration(std::vector<Entry> entries);
};

// Adds a property, and what it must say, to an entry that is registered elsewhere. Its file belongs in
// scenarios/properties/, which is linked into the explore program only. entries() throws if there is no such entry, or
// if it has a property already.
struct PropertyRegistration {
  PropertyRegistration(std::string scenario, std::string variant, Expectation expected,
                       std::function<void(std::uint64_t seed)> property);
};

// Adds what is to be proved of a right variant that is registered elsewhere, and the small body to prove it on: at
// least two threads with two operations each, or `expected` says why not. Without a body the entry's own is small
// enough. Its file belongs in scenarios/proofs/, which is linked into the explore program only. entries() throws as
// above.
struct ProofRegistration {
  ProofRegistration(std::string scenario, std::string variant, Expectation expected,
                    std::function<void()> small_body = {});
};

// All entries, ordered by scenario, then in the order of their declaration. Throws std::logic_error with one sentence
// if two entries share a name, if one lacks a summary, an expectation, or a body that its expectations need, or if a
// property or a proof belongs to no entry.
const std::vector<Entry>& entries();
// The same for entries that are not registered.
std::vector<Entry> validated(std::vector<Entry> entries);
const Entry* find(std::string_view scenario, std::string_view variant);

}  // namespace racecourse::catalogue
