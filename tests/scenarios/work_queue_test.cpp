// The order in which cells are begun: all of them once, and none that sleeps is left for the end.
#include <gtest/gtest.h>
#include <racecourse/scenarios/racecourse/work_queue.h>

#include <algorithm>
#include <string>
#include <vector>

namespace racecourse::command {
namespace {

using catalogue::finds;
using catalogue::finds_nothing;

Cell cell(Checker checker, const Expectation& declared) {
  Cell made;
  made.checker = checker;
  made.entry.expected[checker] = declared;
  return made;
}

const std::vector<Cell> kCells{
    cell(Checker::explore, finds_nothing()),                     // 0
    cell(Checker::tsan, finds(Kind::data_race)),                 // 1
    cell(Checker::relacy, finds_nothing()),                      // 2
    cell(Checker::tsan, finds(Kind::hang)),                      // 3
    cell(Checker::tsan, finds(Kind::lock_order, {Kind::hang})),  // 4
    cell(Checker::tsan, finds_nothing()),                        // 5
};

std::vector<std::size_t> taken_in_turns(WorkQueue& queue, std::size_t workers) {
  std::vector<std::size_t> order;
  for (std::size_t turn = 0;; turn++) {
    const auto next = queue.next(turn % workers);
    if (!next) return order;
    order.push_back(*next);
  }
}

TEST(WorkQueue, OneWorkerTakesThemAsTheyCome) {
  WorkQueue queue(kCells, 1);
  EXPECT_EQ(taken_in_turns(queue, 1), (std::vector<std::size_t>{0, 1, 2, 3, 4, 5}));
}

TEST(WorkQueue, ThoseThatMayHangAreBegunFirst) {
  WorkQueue queue(kCells, 2);
  EXPECT_EQ(queue.next(1), 3u);
  EXPECT_EQ(queue.next(1), 4u);
  EXPECT_EQ(queue.next(1), 1u);
  EXPECT_EQ(queue.next(0), 0u);
}

TEST(WorkQueue, EveryCellIsTakenOnce) {
  for (std::size_t workers = 1; workers <= 5; workers++) {
    WorkQueue queue(kCells, workers);
    std::vector<std::size_t> order = taken_in_turns(queue, workers);
    std::ranges::sort(order);
    EXPECT_EQ(order, (std::vector<std::size_t>{0, 1, 2, 3, 4, 5})) << workers << " workers";
  }
}

}  // namespace
}  // namespace racecourse::command
