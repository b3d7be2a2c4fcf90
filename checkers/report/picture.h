// The picture of an interleaving: a column per thread, a row per step.
//
//   step  T1                        T2                        why
//     1   read  balance -> 1000                               checks balance >= amount
//     2                             read  balance -> 1000     switch: T1 preempted
//     !   data-race: ...
//
// Up to four threads get a column each; with more, one column says which thread it is. Never wider than `width`:
// names are clipped first, then reasons wrapped; values stay whole as long as the page allows.
#pragma once

#include <racecourse/checkers/report/describe.h>
#include <racecourse/checkers/report/text.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace racecourse::report {

struct Row {
  enum class Form { step, note, finding };
  Form form = Form::step;
  std::uint16_t thread = 0;  // of a step
  Cell cell;                 // of a step
  std::string where;         // of a step
  std::string why;           // of a step; of the others the whole text
};

struct Column {
  std::uint16_t thread;
  std::string title;  // "T1 (writer)"
};

// `columns` are the threads that appear in `rows`.
std::string draw(const std::vector<Row>& rows, const std::vector<Column>& columns, std::size_t width = kPageWidth);

}  // namespace racecourse::report
