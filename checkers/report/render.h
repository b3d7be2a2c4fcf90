// render() with the source of names as a parameter, so that it can be tested without debug information.
#pragma once

#include <racecourse/checkers/report/report.h>
#include <racecourse/checkers/report/symbolize.h>
#include <racecourse/checkers/report/trace_view.h>

namespace racecourse::report {

Finding render(const Trace& trace, const Context& context, Symbols& symbols);

}  // namespace racecourse::report
