// How the bits that an access moves are to be read, from the declared type of the variable.
#pragma once

#include <elfutils/libdw.h>
#include <racecourse/checkers/report/symbolize.h>

namespace racecourse::report {

// `variable` is the entry of a variable, member or parameter; `size` bytes of it (or of what it holds: an element of
// an array, the value in an atomic) were accessed. Unknown if nothing of that size is found.
ValueType accessed_type(Dwarf_Die variable, std::uint8_t size);

}  // namespace racecourse::report
