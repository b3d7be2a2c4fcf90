// The matrix as a table: a row a variant, a column a checker, the reasons once below.
#pragma once

#include <racecourse/scenarios/racecourse/cells.h>

#include <string>
#include <utility>
#include <vector>

namespace racecourse::command {

class Table {
 public:
  using Cells = std::vector<std::string>;  // one a column

  explicit Table(std::vector<Checker> columns) : columns_(std::move(columns)) {}

  const std::vector<Checker>& columns() const { return columns_; }
  // A row. A row with another scenario than the one before gets a heading.
  void add(const Entry& entry, const Cells& cells);
  // The mark of a reason, as in " [2]"; the same reason has the same mark. Empty for no reason.
  std::string mark(const std::string& reason);

  std::string as_text() const;
  std::string as_markdown() const;

 private:
  struct Row {
    std::string scenario, variant;
    std::string role;
    Cells cells;
  };
  const std::vector<Checker> columns_;
  std::vector<Row> rows_;
  std::vector<std::string> reasons_;
};

}  // namespace racecourse::command
