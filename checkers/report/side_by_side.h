// Two executions of one schedule that ought to be the same: where they part.
#pragma once

#include <racecourse/checkers/report/trace_view.h>

#include <cstddef>
#include <string>
#include <vector>

namespace racecourse::report {

struct EventLine {
  std::string key;   // equal where two processes did the same: without addresses, and without values that may be some
  std::string text;  // "T1   store shared <- 6   account.h:22"
};

// Of the first events. Must run in the process (or a fork of it) that recorded the trace.
std::vector<EventLine> event_lines(const Trace& trace);

// From a few lines before the first difference to a few behind it, marked where they differ; empty if there is none.
std::string side_by_side(const std::vector<EventLine>& left, const std::string& left_title,
                         const std::vector<EventLine>& right, const std::string& right_title);

}  // namespace racecourse::report
