#include <racecourse/checkers/report/picture.h>
#include <racecourse/checkers/report/text.h>

#include <algorithm>
#include <numeric>

namespace racecourse::report {
namespace {

constexpr std::size_t kMostColumns = 4;
constexpr std::size_t kStepWidth = 6;
constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowestCell = 14;
constexpr std::size_t kNarrowestBody = 8;
constexpr std::size_t kNarrowestWhy = 22;
constexpr std::size_t kReadableWhy = 28;
constexpr std::size_t kWidestWhy = 48;
constexpr std::size_t kShortestName = 4;
constexpr std::size_t kThreadWidth = 8;  // of the thread's name when all threads share one column

std::string cell_text(const Cell& cell, std::size_t width) {
  const std::size_t rest = cell.verb.size() + cell.value.size();
  const std::size_t room = rest < width ? width - rest : 0;
  const std::string name = clipped(cell.object, std::max(room, std::min(kShortestName, cell.object.size())));
  return clipped(cell.verb + name + cell.value, width);
}

std::size_t natural_width(const Cell& cell) { return cell.verb.size() + cell.object.size() + cell.value.size(); }

// With the name as short as it should get.
std::size_t essential_width(const Cell& cell) {
  constexpr std::size_t kWidest = 30;
  return std::min(natural_width(cell) - cell.object.size() + std::min(2 * kShortestName, cell.object.size()), kWidest);
}

struct Layout {
  std::vector<std::size_t> columns;
  std::size_t where = 0;  // 0: not shown
  std::size_t why = 0;

  std::size_t used() const {
    return kStepWidth + std::accumulate(columns.begin(), columns.end(), std::size_t{0}) + kGap * columns.size() +
           (where > 0 ? where + kGap : 0);
  }
};

Layout lay_out(const std::vector<Row>& rows, const std::vector<Column>& columns, bool listed, std::size_t width) {
  Layout layout;
  for (const Column& column : columns) layout.columns.push_back(std::max<std::size_t>(column.title.size(), 4));
  if (listed) layout.columns.assign(1, kThreadWidth + kNarrowestCell);
  std::size_t longest_why = 3;
  std::size_t essential = 0;  // of the last column: the others' cells may run on to the right
  for (const Row& row : rows) {
    if (row.form != Row::Form::step) continue;
    std::size_t index = 0;
    while (!listed && index + 1 < columns.size() && columns[index].thread != row.thread) ++index;
    const std::size_t label = listed ? kThreadWidth : 0;
    layout.columns[index] = std::max(layout.columns[index], label + natural_width(row.cell));
    if (index + 1 == layout.columns.size()) essential = std::max(essential, label + essential_width(row.cell));
    layout.where = std::max(layout.where, row.where.size());
    longest_why = std::max(longest_why, row.why.size());
  }
  if (layout.where > 0) layout.where = std::max<std::size_t>(layout.where, 5);

  const auto room = [&] { return width - std::min(width, layout.used()); };
  const std::size_t wanted = std::min(longest_why, kWidestWhy);
  const std::size_t readable = std::min(wanted, kReadableWhy);
  // What is given up, in this order: the width of the body's column (it has the fewest steps, and room to its right),
  // the width of the reasons, the places, the names.
  const bool body = columns.size() > 1 && columns.front().thread == 0 && !listed;
  while (body && room() < wanted && layout.columns.front() > kNarrowestBody) --layout.columns.front();
  if (room() < readable) layout.where = 0;
  while (room() < std::min(wanted, kNarrowestWhy)) {
    std::size_t widest = columns.size();
    for (std::size_t i = 0; i < layout.columns.size(); ++i) {
      const bool last = i + 1 == layout.columns.size();
      if (layout.columns[i] <= (last ? std::max(kNarrowestCell, essential) : kNarrowestCell)) continue;
      if (widest == columns.size() || layout.columns[i] > layout.columns[widest]) widest = i;
    }
    if (widest == columns.size()) break;
    --layout.columns[widest];
  }
  layout.why = std::max<std::size_t>(std::min(wanted, room()), 3);
  return layout;
}

class Drawing {
 public:
  Drawing(const std::vector<Row>& rows, const std::vector<Column>& columns, std::size_t width)
      : rows_(rows),
        columns_(columns),
        width_(width),
        listed_(columns.size() > kMostColumns),
        layout_(lay_out(rows, columns, listed_, width)) {}

  std::string run() {
    if (!columns_.empty()) heading();
    int step = 0;
    for (const Row& row : rows_) {
      if (row.form == Row::Form::step)
        draw_step(row, ++step);
      else
        draw_text(row);
    }
    return std::move(text_);
  }

 private:
  void heading() {
    std::string line = "step  ";
    if (listed_) {
      line += padded("thread", kThreadWidth) + padded("what", layout_.columns[0] - kThreadWidth + kGap);
    } else {
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        line += padded(clipped(columns_[i].title, layout_.columns[i]), layout_.columns[i] + kGap);
      }
    }
    if (layout_.where > 0) line += padded("where", layout_.where + kGap);
    add(line + "why");
  }

  void draw_step(const Row& row, int step) {
    std::string number = std::to_string(step);
    number.insert(0, number.size() < 3 ? 3 - number.size() : 0, ' ');
    std::string line = padded(number, kStepWidth);
    if (listed_) {
      const std::size_t width = layout_.columns[0];
      line += padded(padded(clipped(title_of(row.thread), kThreadWidth - 1), kThreadWidth) +
                         cell_text(row.cell, width - kThreadWidth),
                     width + kGap);
    } else {
      // The other threads' cells of this row are empty: a long text may run on into those to the right.
      std::size_t own = 0;
      while (own + 1 < columns_.size() && columns_[own].thread != row.thread) ++own;
      std::size_t left = 0;
      std::size_t room = 0;
      for (std::size_t i = 0; i < columns_.size(); ++i) (i < own ? left : room) += layout_.columns[i] + kGap;
      line += std::string(left, ' ') + padded(cell_text(row.cell, room - kGap), room);
    }
    if (layout_.where > 0) line += padded(clipped(row.where, layout_.where), layout_.where + kGap);
    const std::size_t indent = line.size();
    for (const std::string& part : wrapped(row.why, layout_.why)) {
      add(line + part);
      line.assign(indent, ' ');
    }
  }

  void draw_text(const Row& row) {
    std::string line = row.form == Row::Form::finding ? "  !   " : "      ";
    for (const std::string& part : wrapped(row.why, width_ - kStepWidth)) {
      add(line + part);
      line.assign(kStepWidth, ' ');
    }
  }

  std::string title_of(std::uint16_t thread) const {
    for (const Column& column : columns_) {
      if (column.thread == thread) return column.title;
    }
    return {};
  }

  void add(std::string line) {
    while (!line.empty() && line.back() == ' ') line.pop_back();
    text_ += line + "\n";
  }

  const std::vector<Row>& rows_;
  const std::vector<Column>& columns_;
  std::size_t width_;
  bool listed_;
  Layout layout_;
  std::string text_;
};

}  // namespace

std::string draw(const std::vector<Row>& rows, const std::vector<Column>& columns, std::size_t width) {
  return Drawing(rows, columns, width).run();
}

}  // namespace racecourse::report
