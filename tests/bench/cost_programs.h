// What race checking costs on code of one thread: three programs that are compiled twice, instrumented and plain.
#pragma once

#include <cstddef>

namespace racecourse::bench {

struct CostProgram {
  const char* name;
  std::size_t size;  // elements
  void (*run)(std::size_t);
};
// Instrumented by -fsanitize=thread.
extern const CostProgram kInstrumented[3];
// The same without.
extern const CostProgram kPlain[3];

}  // namespace racecourse::bench
