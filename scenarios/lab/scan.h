// What is looked for in a student's file before it is compiled, and in its object afterwards. The checks run in the
// same program as the student's code, so what would reach beyond that code is refused, each with a clause that says
// what. A scan of the text cannot be complete; what it leaves is said in GUIDE.md.
#pragma once

#include <string>
#include <vector>

namespace racecourse::lab {

// Empty if the text may be compiled. It may include the standard library's headers, and those of ours that `known`, the
// starter and the reference together, include; it may not define macros, reach for assembly, system calls, constructors
// that run before main, linkage of C, or other people's namespaces.
std::string why_refused(const std::string& text, const std::string& known);

// The same for a test, which opens no files: what it is tried on might lie in one.
std::string why_test_refused(const std::string& text, const std::string& known);

// Empty if the object file, compiled from the student's file alone, holds nothing that runs before main and defines no
// name that belongs to the C library or to the language.
std::string why_object_refused(const std::string& file);

// Patterns that are allowed and rarely right: each as a sentence for the student. `starter`: what was there already
// does not count.
struct Pattern {
  std::string misconception;  // for the instructor's table: "a sleep orders threads"
  std::string hint;
};
std::vector<Pattern> patterns_in(const std::string& text, const std::string& starter);

// The text without comments, and with strings and characters emptied.
std::string code_of(const std::string& text);

// Whether two texts are the same but for blanks and comments.
bool same_code(const std::string& one, const std::string& other);

}  // namespace racecourse::lab
