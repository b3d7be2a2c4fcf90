// Accesses beside a block of the heap, and right ones up to its last byte.
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "memory_support.h"

namespace racecourse {
namespace {

using memory_tests::caught;
using memory_tests::expect_right;
using memory_tests::opaque;
using memory_tests::tells;

TEST(HeapOverflow, OfAnOddSize) {
  const Finding finding = caught(
      [] {
        auto* text = opaque(static_cast<char*>(std::malloc(10)));
        text[10] = 'x';
        std::free(opaque(text));
      },
      Kind::heap_overflow);
  EXPECT_TRUE(tells(finding, {"write of", "by T0 past the end of a heap block of 10 bytes (byte 10)",
                              "heap_overflow_test.cpp:", "allocated by T0 at", "heap_overflow_test.cpp:"}));
}

TEST(HeapOverflow, ReadBeforeTheStart) {
  const Finding finding = caught(
      [] {
        int* numbers = opaque(new int[4]());
        EXPECT_EQ(numbers[-1], 0);
        delete[] numbers;
      },
      Kind::heap_overflow, {Kind::assertion});
  EXPECT_TRUE(tells(finding, {"read of", "before a heap block of 16 bytes (byte -4)"}));
}

TEST(HeapOverflow, RightBehindABlockOfWholeUnits) {
  for (const std::size_t size : {8u, 16u, 24u, 64u, 600u, 5000u}) {
    caught(
        [size] {
          auto* bytes = opaque(static_cast<char*>(std::malloc(size)));
          auto* next = opaque(static_cast<char*>(std::malloc(size)));
          bytes[size] = 1;
          std::free(bytes);
          std::free(next);
        },
        Kind::heap_overflow);
  }
}

TEST(HeapOverflow, ByAnAccessThatBeginsInside) {
  caught(
      [] {
        auto* bytes = opaque(static_cast<char*>(std::malloc(13)));
        *opaque(reinterpret_cast<int*>(bytes + 12)) = 1;
        std::free(bytes);
      },
      Kind::heap_overflow);
}

TEST(HeapOverflow, ByMemsetAndMemcpyAndStrcpy) {
  caught(
      [] {
        std::size_t length = 31;
        auto* bytes = opaque(static_cast<char*>(std::malloc(30)));
        std::memset(bytes, 0, *opaque(&length));
        std::free(opaque(bytes));
      },
      Kind::heap_overflow);
  caught(
      [] {
        char source[48] = {};
        std::size_t length = sizeof source;
        auto* bytes = opaque(static_cast<char*>(std::malloc(40)));
        std::memcpy(bytes, opaque(source), *opaque(&length));
        std::free(opaque(bytes));
      },
      Kind::heap_overflow);
  caught(
      [] {
        auto* text = opaque(static_cast<char*>(std::malloc(5)));
        std::strcpy(text, opaque("hello"));
        std::free(opaque(text));
      },
      Kind::heap_overflow);
}

TEST(HeapOverflow, OfAVectorsRoom) {
  caught(
      [] {
        std::vector<long> numbers(3);
        opaque(numbers.data())[3] = 1;
      },
      Kind::heap_overflow);
}

TEST(HeapOverflow, ByAThread) {
  const Finding finding = caught(
      [] {
        auto* numbers = opaque(new long[4]());
        std::atomic<int> next{3};
        const auto append = [&] {
          const int at = next.load();
          next.store(at + 1);
          opaque(numbers)[at] = 1;
        };
        std::thread a(append), b(append);
        a.join();
        b.join();
        delete[] numbers;
      },
      Kind::heap_overflow, {Kind::data_race});
  EXPECT_TRUE(tells(finding, {"past the end of a heap block of 32 bytes (byte 32)", "allocated by T0"}));
}

TEST(HeapOverflow, EveryByteOfABlockIsItsOwners) {
  expect_right([] {
    const auto work = [] {
      for (std::size_t size = 0; size < 70; ++size)
        for (const std::size_t alignment : {16u, 64u}) {
          auto* plain = opaque(static_cast<char*>(std::malloc(size)));
          auto* aligned = opaque(static_cast<char*>(aligned_alloc(alignment, size)));
          for (std::size_t i = 0; i < size; ++i) plain[i] = aligned[i] = 'x';
          std::free(plain);
          std::free(aligned);
        }
    };
    std::thread other(work);
    work();
    other.join();
  });
}

TEST(HeapOverflow, BlocksOfTheProcessAreRight) {
  std::vector<int> numbers(5);
  expect_right([&] {
    numbers.resize(50);
    std::thread other([&] { numbers[49] = 1; });
    other.join();
    EXPECT_EQ(numbers[49], 1);
  });
}

}  // namespace
}  // namespace racecourse
