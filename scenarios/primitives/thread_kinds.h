// What the variants of `thread` are declared to end by, for the bodies and for the properties.
#pragma once

#include <racecourse/checkers/finding.h>

namespace racecourse::catalogue {

// ~JoinSelf() is left by the exception of its join(). g++ ends the program there, by that exception; clang++ destroys
// the rest of the object first, with the std::thread in it, which is still joinable and ends the program before.
#ifdef __clang__
inline constexpr Kind kJoinsItself = Kind::thread_misuse;
#else
inline constexpr Kind kJoinsItself = Kind::exception;
#endif

}  // namespace racecourse::catalogue
