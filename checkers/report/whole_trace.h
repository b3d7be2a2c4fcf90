// Every event of a trace, one a line, for those who asked for it.
#pragma once

#include <racecourse/checkers/report/describe.h>
#include <racecourse/checkers/report/trace_view.h>

#include <string>

namespace racecourse::report {

std::string whole_trace(const Trace& trace, Describer& describer);

}  // namespace racecourse::report
