// From selected steps to the rows of a picture: switches get their reason, folds their count, findings their line.
#pragma once

#include <racecourse/checkers/report/describe.h>
#include <racecourse/checkers/report/message.h>
#include <racecourse/checkers/report/picture.h>
#include <racecourse/checkers/report/trace_select.h>
#include <racecourse/checkers/report/trace_view.h>

#include <vector>

namespace racecourse::report {

std::vector<Row> make_rows(const Trace& trace, const Shortened& shortened, Describer& describer, Messages& messages);

// The threads that appear in the rows, in the order of their numbers.
std::vector<Column> columns_of(const Trace& trace, const std::vector<Row>& rows);

}  // namespace racecourse::report
