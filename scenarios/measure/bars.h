// A bar chart as SVG: panels one below the other, in each a few bars with their names and times.
//
//   svg("Eight tasks", {{"CPU-bound", {{"directly", 80.2}, {"threads", 41.7}}}});
#pragma once

#include <string>
#include <vector>

namespace racecourse::measure {

struct Bar {
  std::string name;
  double ms = 0;  // not negative
};

struct Panel {
  std::string title;
  std::vector<Bar> bars;
};

// Each panel has a scale of its own, which begins at 0: lengths are to be compared inside a panel. Every bar is a <rect
// class="bar"> with its name and time in a <title>, for those who point at it or have it read to them.
std::string svg(const std::string& title, const std::vector<Panel>& panels);

// The same for a terminal, where each bar also says how many times the shortest of its panel it is: "3.4 x".
std::string text(const std::string& title, const std::vector<Panel>& panels);

}  // namespace racecourse::measure
