// What is noted of an execution that a search looks at.
#pragma once

#include <racecourse/checkers/schedule/reads_from.h>
#include <racecourse/checkers/schedule/trace_digest.h>

namespace racecourse::schedule {

struct Noted {
  TraceDigest digest;
  ReadsFromSet pairs;

  void begin() {
    digest.begin();
    pairs.begin();
  }
};

}  // namespace racecourse::schedule
