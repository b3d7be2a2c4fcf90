// Mutation operators: small ways to break right code, as a hurried programmer would.
//
// The idea is DeMillo, Lipton and Sayward's ("Hints on Test Data Selection", Computer 11(4), 1978); the operators are
// those for concurrent code, in the manner of Bradbury, Cordy and Dingel ("Mutation Operators for Concurrent Java",
// 2006). They work on lines of text and know our own style, nothing more: a mutant that does not compile is no mutant.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace racecourse::mutants {

struct Operator {
  std::string name, help;
};
const std::vector<Operator>& operators();

struct Mutant {
  std::string operation;
  std::size_t line = 0;       // from 1
  std::string before, after;  // the line, without its indentation; `after` is empty where it is dropped
  std::vector<std::string> source;

  int number = 1;  // among those that look the same

  // What stays the same when lines are added above: the operator and the line.
  std::string name() const;
};

// All mutants of a header, in the order of its lines.
std::vector<Mutant> mutants_of(const std::vector<std::string>& source);

}  // namespace racecourse::mutants
