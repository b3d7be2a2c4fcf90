// Broken: volatile makes the compiler read the flag every time, and that is all. It is a data race still, and orders
// nothing: the thread may see the request without what was written before it (against S2).
#pragma once

#include <racecourse/primitives/stop_flag/stop_flag.h>

namespace racecourse::stop_flag {

class VolatileBool {
 public:
  void request() { requested_ = true; }

  bool requested() const { return requested_; }

 private:
  volatile bool requested_ = false;  // BUG: not atomic
};

}  // namespace racecourse::stop_flag
