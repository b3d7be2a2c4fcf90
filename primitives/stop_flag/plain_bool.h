// Broken: a plain bool, read and written by two threads: a data race. In a loop whose step the compiler can see
// through, it reads the flag once, and the loop never ends (against S1); a call in the loop only hides that.
#pragma once

#include <racecourse/primitives/stop_flag/stop_flag.h>

namespace racecourse::stop_flag {

class PlainBool {
 public:
  void request() { requested_ = true; }

  bool requested() const { return requested_; }

 private:
  bool requested_ = false;  // BUG: not atomic
};

}  // namespace racecourse::stop_flag
