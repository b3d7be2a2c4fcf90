// The heap of an execution, seen from a body; and the process's heap outside executions.
#include <gtest/gtest.h>
#include <malloc.h>
#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/runtime/heap_layout.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace racecourse {
namespace {

using runtime::heap::in_arena;

Options few() {
  Options options;
  options.executions = 500;
  return options;
}

// Keeps the compiler from removing allocations, or from knowing what they return.
template <class T>
T* opaque(T* pointer) {
  asm volatile("" : "+r"(pointer) : : "memory");
  return pointer;
}

// ---- in an execution

TEST(ExecutionHeap, EveryExecutionGetsTheSameAddresses) {
  const Verdict verdict = explore(
      [] {
        std::string trail;
        std::vector<std::unique_ptr<char[]>> kept;
        for (const std::size_t size : {1, 100, 40, 5000, 100, 2'000'000}) {
          kept.emplace_back(new char[size]);
          trail += std::to_string(reinterpret_cast<std::uintptr_t>(kept.back().get()) & 0xffffff) + " ";
        }
        outcome(trail);
      },
      few());
  EXPECT_EQ(verdict.outcomes.size(), 1u);
}

TEST(ExecutionHeap, WhatTheProcessAllocatedBeforeDoesNotMoveIt) {
  const auto body = [] { outcome(std::to_string(reinterpret_cast<std::uintptr_t>(std::make_unique<int>(1).get()))); };
  const Verdict before = explore(body, few());
  const std::vector<std::string> more(1000, std::string(100, 'x'));
  const Verdict after = explore(body, few());
  ASSERT_EQ(before.outcomes.size(), 1u);
  ASSERT_EQ(after.outcomes.size(), 1u);
  EXPECT_EQ(before.outcomes.begin()->first, after.outcomes.begin()->first);
}

TEST(ExecutionHeap, FreshMemoryIsZeroWhateverTheLastExecutionLeftThere) {
  explore(
      [] {
        for (const std::size_t size : {24u, 3000u, 6u << 20}) {
          char* block = opaque(static_cast<char*>(std::malloc(size)));
          ASSERT_NE(block, nullptr);
          for (std::size_t i = 0; i < size; i += 23) ASSERT_EQ(block[i], 0) << i << " of " << size;
          std::memset(block, 0xff, size);
          std::free(opaque(block));
        }
      },
      few());
}

TEST(ExecutionHeap, AFreedBlockIsTheNextOfItsSize) {
  explore(
      [] {
        auto* first = opaque(new std::uint64_t(1));
        const auto address = reinterpret_cast<std::uintptr_t>(first);
        delete first;
        auto* second = opaque(new std::uint64_t(2));
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(second), address);
        delete second;
      },
      few());
}

TEST(ExecutionHeap, ReuseByAnotherThreadIsNoRace) {
  explore(
      [] {
        const auto work = [] {
          for (int i = 0; i < 3; ++i) {
            auto* block = opaque(new int(i));
            *block += 1;
            delete block;
          }
        };
        std::thread a(work), b(work);
        a.join();
        b.join();
      },
      few());
}

TEST(ExecutionHeap, AFreeRacesWithAnUnorderedAccess) {
  expect_finding(
      [] {
        int* shared = opaque(new int(1));
        std::thread reader([shared] { EXPECT_NE(*opaque(shared), -1); });
        std::thread owner([shared] { delete opaque(shared); });
        reader.join();
        owner.join();
      },
      Kind::data_race);
}

TEST(ExecutionHeap, ASecondFreeIsFound) {
  expect_finding(
      [] {
        void* block = std::malloc(40);
        void* again = opaque(block);
        std::free(block);
        std::free(again);
      },
      Kind::double_free);
}

TEST(ExecutionHeap, ASecondFreeOfAnAlignedBlockIsFound) {
  expect_finding(
      [] {
        void* block = aligned_alloc(256, 512);
        void* again = opaque(block);
        std::free(block);
        std::free(again);
      },
      Kind::double_free);
}

TEST(ExecutionHeap, WritesToFreedMemoryDoNotBreakTheAllocator) {
  const Verdict verdict = search_for(
      [] {
        void* block = std::malloc(64);
        void* stale = opaque(block);
        std::free(block);
        std::memset(stale, 0x5a, 64);
        void* blocks[4];
        for (void*& next : blocks) ASSERT_TRUE(in_arena(next = opaque(std::malloc(64))));
        for (void* next : blocks) std::free(next);
      },
      Kind::use_after_free, {}, few());
  ASSERT_EQ(verdict.state, State::failed) << verdict.text;
  EXPECT_TRUE(verdict.finding->also.empty()) << verdict.finding->report;
}

TEST(ExecutionHeap, RunsOutOfMemoryAsAProgramExpects) {
  explore(
      [] {
        const volatile std::size_t size = std::size_t{3} << 30;
        EXPECT_THROW(static_cast<void>(opaque(::operator new(size))), std::bad_alloc);
        errno = 0;
        EXPECT_EQ(std::malloc(size), nullptr);
        EXPECT_EQ(errno, ENOMEM);
      },
      few());
}

TEST(ExecutionHeap, BlocksOfTheProcessCanBeFreedAndGrown) {
  auto owned = std::make_unique<std::string>(100, 'a');
  std::vector<int> grown(10, 7);
  explore(
      [&] {
        ASSERT_EQ(*owned, std::string(100, 'a'));
        ASSERT_EQ(grown.size(), 10u);
        owned.reset();
        grown.resize(5000, 8);
        ASSERT_EQ(grown[9], 7);
      },
      few());
  EXPECT_EQ(*owned, std::string(100, 'a'));
  EXPECT_EQ(grown.size(), 10u);
}

// ---- in and outside an execution alike

void check_alignments() {
  for (std::size_t alignment = 16; alignment <= std::size_t{1} << 21; alignment *= 8)
    for (const std::size_t size : {1u, 100u, 5000u, 2u << 20}) {
      auto* block = static_cast<char*>(opaque(memalign(alignment, size)));
      ASSERT_NE(block, nullptr);
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignment, 0u);
      std::memset(block, 'x', size);
      auto* moved = static_cast<char*>(opaque(std::realloc(block, size + 1000)));
      ASSERT_NE(moved, nullptr);
      ASSERT_EQ(moved[0], 'x');
      ASSERT_EQ(moved[size - 1], 'x');
      std::free(moved);
    }
  void* block = nullptr;
  ASSERT_EQ(posix_memalign(&block, 3, 10), EINVAL);
  ASSERT_EQ(posix_memalign(&block, 512, 10), 0);
  ASSERT_EQ(reinterpret_cast<std::uintptr_t>(block) % 512, 0u);
  std::free(block);
}

void check_zeroing() {
  for (int round = 0; round < 3; ++round) {
    auto* block = static_cast<unsigned char*>(opaque(std::calloc(30, 10)));
    ASSERT_NE(block, nullptr);
    for (int i = 0; i < 300; ++i) ASSERT_EQ(block[i], 0);
    std::memset(block, 0xff, 300);
    std::free(block);
  }
  const volatile std::size_t half = ~std::size_t{0} / 2 + 2;
  ASSERT_EQ(opaque(std::calloc(half, 2)), nullptr);
}

TEST(ExecutionHeap, AlignsAndZeroes) {
  explore(
      [] {
        check_alignments();
        check_zeroing();
      },
      few());
}

TEST(ProcessHeap, AlignsAndZeroes) {
  check_alignments();
  check_zeroing();
}

TEST(ProcessHeap, ServesTheProgramButNotTheCLibrary) {
  std::unique_ptr<char, void (*)(void*)> own(strdup("text"), std::free);
  EXPECT_TRUE(in_arena(own.get()));
  char* line = nullptr;
  std::size_t capacity = 0;
  FILE* file = std::fopen("/proc/self/maps", "r");
  ASSERT_NE(file, nullptr);
  EXPECT_GT(getline(&line, &capacity, file), 0);
  EXPECT_FALSE(in_arena(line));
  std::free(line);
  std::fclose(file);
}

TEST(ProcessHeap, HugeRequestsGoToTheCLibrary) {
  const volatile std::size_t size = std::size_t{20} << 30;
  void* block = opaque(std::malloc(size));
  if (block == nullptr) GTEST_SKIP() << "no address space";
  EXPECT_FALSE(in_arena(block));
  std::free(block);
}

TEST(ProcessHeap, ThreadsShareIt) {
  const auto work = [](unsigned seed) {
    std::mt19937 random(seed);
    std::vector<std::string> kept(64);
    for (int i = 0; i < 20'000; ++i) {
      std::string& slot = kept[random() % kept.size()];
      ASSERT_TRUE(slot.empty() || (slot.front() == static_cast<char>('a' + seed) && slot.back() == slot.front()));
      slot = std::string(random() % 2000, static_cast<char>('a' + seed));
      slot.shrink_to_fit();
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 8; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace racecourse
