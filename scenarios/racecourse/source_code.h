// The code of a variant, as it stands in the source.
#pragma once

#include <racecourse/scenarios/catalogue.h>

#include <string>
#include <string_view>
#include <vector>

namespace racecourse::command {

// Where what the catalogue calls "primitives/account/locked.h" or "scenarios/daemon_join/daemon_join.cpp" can be read:
// beside the user, in the sources of a build folder, among what is installed. Empty if nowhere.
std::string find_source(const std::string& name);
std::string read_source(const std::string& name);  // its text; empty if it cannot be read

// The definitions of functions and types called `name` at the beginning of a line, with the comment and the template
// line before them. `text` is laid out as clang-format does: a definition ends at a line that begins with a brace.
std::string definition_of(std::string_view name, std::string_view text);

// The identifiers of the body that a scenario's file declares for the variant: of `broken("v", "summary", run<Fast>)`
// run and Fast.
std::vector<std::string> body_of(std::string_view variant, std::string_view text);

// The code that makes this variant what it is, against that of `other`: the header of a primitive's variant, without
// its opening comment; of a scenario's the definitions that its body names and the other's does not. Empty if it cannot
// be read.
std::string code_of(const catalogue::Entry& entry, const catalogue::Entry& other, const std::string& file);

// Without "// BUG: ..." and what else marks the fault.
std::string without_marks(const std::string& code);

// The comment that a file begins with, without its slashes.
std::string opening_comment(std::string_view text);

// The rest of the file, from its first line of code on.
std::string after_opening_comment(std::string_view text);

}  // namespace racecourse::command
