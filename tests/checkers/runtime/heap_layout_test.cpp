// The heap's size classes.
#include <gtest/gtest.h>
#include <racecourse/checkers/runtime/heap_layout.h>

namespace racecourse::runtime::heap {
namespace {

TEST(HeapLayout, AClassHoldsItsSizesAndNoMore) {
  for (std::size_t size = 1; size <= kMaxRequest; size += size < 70'000 ? 1 : size / 1000) {
    const unsigned chosen = size_class(size);
    ASSERT_LT(chosen, kClasses);
    ASSERT_GE(class_size(chosen), size);
    if (chosen == 0) continue;
    ASSERT_LT(class_size(chosen - 1), size) << "a smaller class would do";
  }
}

TEST(HeapLayout, ClassesWasteAQuarterAtMost) {
  for (unsigned i = 32; i < kClasses; ++i) EXPECT_LE(class_size(i), class_size(i - 1) * 5 / 4 + kUnit) << i;
}

TEST(HeapLayout, PayloadsKeepTheirAlignment) {
  for (unsigned i = 0; i < kClasses; ++i) {
    EXPECT_EQ(class_size(i) % kUnit, 0u) << i;
    EXPECT_TRUE(!is_large(i) || class_size(i) % kPage == 0) << i;
  }
}

TEST(HeapLayout, AnEmptyRequestIsABlockToo) { EXPECT_EQ(class_size(size_class(0)), kUnit); }

}  // namespace
}  // namespace racecourse::runtime::heap
