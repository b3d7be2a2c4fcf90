// The matrix as a table: a row a variant, a column a checker, the reasons once below.
#pragma once

#include <racecourse/scenarios/racecourse/cells.h>

#include <array>
#include <string>
#include <vector>

namespace racecourse::command {

inline constexpr std::array<const char*, 4> kColumns = {"explore", "TSan", "property", "Relacy"};
static_assert(kColumns.size() == std::size(catalogue::kCheckers));

class Table {
 public:
  using Cells = std::array<std::string, kColumns.size()>;

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
  std::vector<Row> rows_;
  std::vector<std::string> reasons_;
};

}  // namespace racecourse::command
