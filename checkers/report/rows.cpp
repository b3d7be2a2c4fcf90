#include <racecourse/checkers/report/rows.h>

#include <algorithm>
#include <optional>
#include <string>

namespace racecourse::report {
namespace {

// A finding's line stands beside the step that caused it when it is as short as this.
constexpr std::size_t kBesideStep = 44;

class RowMaker {
 public:
  RowMaker(const Trace& trace, const Shortened& shortened, Describer& describer, Messages& messages)
      : trace_(trace),
        shortened_(shortened),
        describer_(describer),
        messages_(messages),
        shown_(trace.findings.size(), false) {}

  std::vector<Row> run() {
    for (std::size_t i = 0; i < shortened_.steps.size(); ++i) {
      gap(shortened_.gaps[i]);
      const Step& step = shortened_.steps[i];
      const Event& event = trace_.events[step.event];
      if (event.op == Op::finding)
        finding(event.value, event.thread);
      else
        add_step(step);
    }
    gap(shortened_.gaps.back());
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      if (!shown_[i]) finding(i, kNoThread);
    }
    return std::move(rows_);
  }

 private:
  void add_step(const Step& step) {
    const Event& event = trace_.events[step.event];
    Row row;
    row.thread = event.thread;
    row.cell = describer_.folded_cell(event, trace_.events[step.last]);
    row.where = describer_.place(event);
    row.why = switch_reason(step.event);
    const auto add = [&](const std::string& part) {
      if (!part.empty()) row.why += (row.why.empty() ? "" : "; ") + part;
    };
    add(describer_.remark(event));
    if (step.repeat > 1 && step.ends_group) {
      add((step.group == 1 ? "x" : "these " + std::to_string(step.group) + " steps x") + std::to_string(step.repeat));
    }
    rows_.push_back(std::move(row));
    previous_ = step.group == 1 && step.repeat > 1 ? step.event : step.last;
  }

  // Why the thread of the step shown before stopped running, if it is another one.
  std::string switch_reason(std::uint32_t index) const {
    if (!previous_ || trace_.events[*previous_].thread == trace_.events[index].thread) return {};
    for (std::uint32_t i = *previous_ + 1; i <= index; ++i) {
      if (trace_.events[i].thread == trace_.events[i - 1].thread) continue;
      // The first switch away from it; a thread that runs unseen in between explains nothing.
      const std::string left = describer_.why_left(trace_.events[i].reason, trace_.events[i - 1], trace_.events[i]);
      return left.empty() ? left : "switch: " + left;
    }
    return {};
  }

  void gap(const Gap& gap) {
    if (gap.steps == 0) return;
    std::string threads;
    for (std::size_t i = 0; i < gap.threads.size(); ++i) {
      if (i > 0) threads += i + 1 == gap.threads.size() ? " and " : ", ";
      threads += thread_label(gap.threads[i]);
    }
    Row row;
    row.form = Row::Form::note;
    row.why =
        "... " + std::to_string(gap.steps) + (gap.steps == 1 ? " step of " : " steps of ") + threads + " left out ...";
    rows_.push_back(std::move(row));
  }

  void finding(std::uint64_t number, std::uint16_t thread) {
    if (number >= shown_.size() || shown_[number]) return;
    shown_[number] = true;
    const std::string line = messages_.line(number);
    if (!rows_.empty() && rows_.back().form == Row::Form::step && rows_.back().thread == thread &&
        rows_.back().why.size() + line.size() <= kBesideStep) {
      std::string& why = rows_.back().why;
      why += (why.empty() ? "" : "; ") + line;
      return;
    }
    Row row;
    row.form = Row::Form::finding;
    row.thread = thread;
    row.why = line;
    rows_.push_back(std::move(row));
  }

  const Trace& trace_;
  const Shortened& shortened_;
  Describer& describer_;
  Messages& messages_;
  std::vector<Row> rows_;
  std::vector<bool> shown_;  // findings
  std::optional<std::uint32_t> previous_;
};

}  // namespace

std::vector<Row> make_rows(const Trace& trace, const Shortened& shortened, Describer& describer, Messages& messages) {
  return RowMaker(trace, shortened, describer, messages).run();
}

std::vector<Column> columns_of(const Trace& trace, const std::vector<Row>& rows) {
  std::vector<Column> columns;
  for (const Row& row : rows) {
    if (row.form != Row::Form::step) continue;
    const auto same = [&](const Column& column) { return column.thread == row.thread; };
    if (std::none_of(columns.begin(), columns.end(), same))
      columns.push_back({row.thread, thread_title(trace, row.thread)});
  }
  std::sort(columns.begin(), columns.end(), [](const Column& a, const Column& b) { return a.thread < b.thread; });
  return columns;
}

}  // namespace racecourse::report
