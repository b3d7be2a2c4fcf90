// ThreadSanitizer needs the program's memory at addresses that it knows. Kernels that randomise by more bits than it
// expects make it stop at start with "unexpected memory mapping", some of the time.
#pragma once

namespace racecourse::tsan {

// Where the kernel randomises too much, starts this program again without randomisation; where that is not permitted,
// says on standard error what a person can do, and returns. Must be called before the runtime looks at its memory;
// makes system calls only.
void settle_address_space();

}  // namespace racecourse::tsan
