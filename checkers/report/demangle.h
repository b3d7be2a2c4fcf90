// Function and variable names as a person would write them.
#pragma once

#include <string>
#include <string_view>

namespace racecourse::report {

// Demangles a linkage name; any other text is returned unchanged.
std::string demangle(const char* symbol);

// Drops what only a compiler needs: inline namespaces, default template arguments of the standard library, parameter
// lists, the body of long template argument lists, the numbers of lambdas.
std::string shorten(std::string_view demangled);

}  // namespace racecourse::report
