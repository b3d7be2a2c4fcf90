// What a piece of source text acts on: the name at the column that the compiler noted for an access.
//
// Compilers differ. For `balance_ -= amount` both note the operator for the write and the name for the read; for
// `queue.mutex_.lock()` gcc notes the opening parenthesis and clang the name `lock`; for `std::lock_guard lock(mutex_)`
// gcc notes the closing parenthesis and clang the variable; for `items[1]` through a library gcc notes the bracket and
// clang the start. All of them are understood. One line is looked at: what does not fit on it has no name.
#pragma once

#include <racecourse/checkers/report/trace.h>

#include <string>
#include <string_view>

namespace racecourse::report {

// The variable or member that a plain access at `column` (from 1) of `line` touches; empty if the text does not tell.
std::string accessed_name(std::string_view line, int column, bool write);

// The object that a call into a library, noted at `column` of `line`, acts on with `op`; empty if unclear.
std::string called_object(std::string_view line, int column, Op op);

// The condition of the `if`, `while`, `for`, `assert`, EXPECT or ASSERT around `column`; empty if there is none.
std::string condition_around(std::string_view line, int column);

}  // namespace racecourse::report
