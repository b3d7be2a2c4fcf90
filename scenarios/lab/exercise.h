// An exercise of the course lab: one broken variant of a primitive for the student to mend, and what there is to learn
// from it. The code is not here: it is a view of the catalogue, made from primitives/ when a workspace is started
// (view.h), so that the course cannot drift from what the checkers were proved on. What is written here is data.
//
// Words
//   starter    the broken variant, with the marks of its fault removed: what the student gets
//   reference  the right variant: shown when the student's own is right
//   mutants    other broken variants of the same primitive, and the reference with a fault put in: nobody sees
//              them, and the checks must fail each of them (verify.h)
//   test       what the student writes of the code, if at all: test_it.h
//   rung       one step of the ladder that a check stands on; marks are given rung by rung, from below
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace racecourse::lab {

enum class Rung { contract, two_threads, three_threads, progress };
inline constexpr Rung kRungs[] = {Rung::contract, Rung::two_threads, Rung::three_threads, Rung::progress};
const char* to_string(Rung rung);  // "contract", "two-threads", ...
int points(Rung rung);             // of 10 if all four are there

// The body of a check has the same name in the exercise's checks file (checks.h).
struct Check {
  Rung rung = Rung::contract;
  std::string name;  // a-z and _
  std::string asks;  // one sentence: what must hold
  std::string
      misconception;  // what somebody believes whose code fails here, in a few words, for the instructor's table
};

// What a person reads. English is the source; other languages are in texts/, by the exercise's name.
struct Texts {
  std::string title;               // a few words
  std::string story;               // what the code is for, what goes wrong, what is asked
  std::vector<std::string> hints;  // three: where to look; what happens there; nearly the answer
  std::string explanation;         // after success: what was wrong, and why the reference suffices
  std::string rule;                // one sentence to be remembered
};

// A mutant that is the reference but for one place.
struct Edit {
  std::string name;      // of the fault
  std::string from, to;  // `from` stands in the reference once
};

struct Exercise {
  std::string name;                  // a-z and _; does not give the fault away
  std::string primitive;             // "account": the folder in primitives/
  std::string starter;               // "check_then_act": the file there
  std::string starter_symbol;        // "CheckThenAct": its class or function
  std::string reference;             // "locked"
  std::string reference_symbol;      // "Locked"
  std::string symbol;                // "MyAccount": what it is called in the student's file
  std::string file;                  // "my_account.h": the only file that the student changes, and all that is taken
  std::string fails;                 // "two_withdraw assertion": the first check that the starter fails, and with what
  std::vector<std::string> mutants;  // "read_balance_unlocked ReadBalanceUnlocked": file and symbol
  std::vector<Edit> edits = {};      // further mutants
  std::vector<std::string> bodies;   // "account": scenarios/lab/checks/account.cpp holds the bodies of the checks
  std::string test;                  // "account": tests/starter/account.cpp is the test that the student begins with
  std::string reference_test = {};   // in tests/reference/; empty: of the same name
  std::vector<Check> checks;         // by rungs, from below; the first is the contract's
  int difficulty = 1;                // to 5
  std::string note;                  // "note 004, the bank account": which of the course notes it belongs to
  std::string teaches;               // the one thing, in a few words
  Texts texts;
};

// In the order of the course.
const std::vector<Exercise>& exercises();
// Null if there is none of that name.
const Exercise* find_exercise(std::string_view name);

// The texts in a language ("zh_TW"); those that are not translated are English. Throws std::invalid_argument with one
// sentence for a language that there is not.
Texts texts_in(const Exercise& exercise, std::string_view language);
std::vector<std::string> languages();

// Adds a language at program start: what is translated, by the exercises' names.
struct Translation {
  Translation(std::string language, std::vector<std::pair<std::string, Texts>> texts);
};

// What the exercise adds up to: the points of the rungs that it has.
int most_points(const Exercise& exercise);

// The declarations' own groups, one a primitive.
std::vector<Exercise> account_exercises();
std::vector<Exercise> lock_exercises();
std::vector<Exercise> stop_flag_exercises();
std::vector<Exercise> waiting_exercises();

}  // namespace racecourse::lab
