// Memory that is used after it was freed, and the right programs beside.
#include <pthread.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "memory_support.h"

namespace racecourse {
namespace {

using memory_tests::caught;
using memory_tests::expect_right;
using memory_tests::opaque;
using memory_tests::tells;

struct Node {
  int value = 1;
  Node* next = nullptr;
};

TEST(UseAfterFree, ByOneThreadAlone) {
  const Finding finding = caught(
      [] {
        Node* node = opaque(new Node);
        Node* stale = opaque(node);
        delete node;
        stale->value = 2;
      },
      Kind::use_after_free);
  EXPECT_TRUE(tells(finding, {"write of", "by T0 after T0 freed it", "use_after_free_test.cpp:", "freed by T0 at",
                              "use_after_free_test.cpp:", "allocated by T0 at", "use_after_free_test.cpp:"}));
}

TEST(UseAfterFree, OfMallocedMemory) {
  const Finding finding = caught(
      [] {
        int* numbers = opaque(static_cast<int*>(std::malloc(10 * sizeof(int))));
        int* stale = opaque(numbers);
        std::free(numbers);
        EXPECT_EQ(stale[7], 0);
      },
      Kind::use_after_free);
  EXPECT_TRUE(tells(finding, {"read of", "(byte 28 of a heap block of 40)"}));
}

TEST(UseAfterFree, ByMemcpy) {
  caught(
      [] {
        std::size_t length = 100;
        char* from = opaque(static_cast<char*>(std::calloc(1, length)));
        char* stale = opaque(from);
        std::free(from);
        char to[100];
        std::memcpy(opaque(to), stale, *opaque(&length));
      },
      Kind::use_after_free);
}

TEST(UseAfterFree, ByStrlen) {
  caught(
      [] {
        char* text = opaque(strdup("what was said"));
        char* stale = opaque(text);
        std::free(text);
        EXPECT_EQ(std::strlen(stale), 13u);
      },
      Kind::use_after_free);
}

TEST(UseAfterFree, OfWhatReallocMoved) {
  caught(
      [] {
        auto* numbers = opaque(static_cast<long*>(std::malloc(8 * sizeof(long))));
        long* stale = opaque(numbers);
        numbers = opaque(static_cast<long*>(std::realloc(numbers, 9 * sizeof(long))));
        stale[0] = 1;
        std::free(numbers);
      },
      Kind::use_after_free);
}

TEST(UseAfterFree, OfAnElementThatTheVectorMoved) {
  caught(
      [] {
        std::vector<int> numbers = {1, 2, 3};
        const int& first = *opaque(&numbers[0]);
        numbers.push_back(4);
        EXPECT_EQ(first, 1);
      },
      Kind::use_after_free);
}

TEST(UseAfterFree, OfAnAtomic) {
  caught(
      [] {
        auto* flag = opaque(new std::atomic<long>(0));
        auto* stale = opaque(flag);
        delete flag;
        stale->store(1);
      },
      Kind::use_after_free);
}

TEST(UseAfterFree, OfAMutex) {
  const Finding finding = caught(
      [] {
        auto* mutex = opaque(new std::mutex);
        auto* stale = opaque(mutex);
        delete mutex;
        stale->lock();
        stale->unlock();
      },
      Kind::use_after_free);
  EXPECT_TRUE(tells(finding, {"use of", "by T0 after T0 freed it"}));
}

// Joined, and so ordered.
TEST(UseAfterFree, OfWhatAThreadFreedThatHasEnded) {
  const Finding finding = caught(
      [] {
        Node* node = opaque(new Node);
        std::thread other([node] { delete opaque(node); });
        other.join();
        EXPECT_EQ(opaque(node)->value, 1);
      },
      Kind::use_after_free);
  EXPECT_TRUE(tells(finding, {"by T0 after T1 freed it", "freed by T1", "allocated by T0"}));
  EXPECT_EQ(finding.report.find("nothing orders"), std::string::npos);
}

TEST(UseAfterFree, OfWhatAnotherThreadFreesAtTheSameTime) {
  const Finding finding = caught(
      [] {
        Node* node = opaque(new Node);
        std::thread user([node] { opaque(node)->value = 2; });
        std::thread owner([node] { delete opaque(node); });
        user.join();
        owner.join();
      },
      Kind::use_after_free, {Kind::data_race});
  EXPECT_TRUE(tells(finding, {"by T1 after T2 freed it", "freed by T2", "allocated by T0"}));
  EXPECT_NE(finding.message.find("nothing orders the two"), std::string::npos) << finding.message;
}

// Under one lock: no race, and yet wrong.
TEST(UseAfterFree, OfWhatAnotherThreadFreedUnderTheSameLock) {
  const Finding finding = caught(
      [] {
        std::mutex mutex;
        Node* node = opaque(new Node);
        std::thread user([&] {
          const std::lock_guard lock(mutex);
          opaque(node)->value = 2;
        });
        std::thread owner([&] {
          const std::lock_guard lock(mutex);
          delete opaque(node);
        });
        user.join();
        owner.join();
      },
      Kind::use_after_free);
  EXPECT_FALSE(finding.token.empty());
}

TEST(UseAfterFree, TheLastOwnerMayFree) {
  expect_right([] {
    auto shared = std::make_shared<Node>();
    const auto work = [](std::shared_ptr<Node> own) { EXPECT_EQ(own->value, 1); };
    std::thread a(work, shared), b(work, shared);
    shared.reset();
    a.join();
    b.join();
  });
}

TEST(UseAfterFree, ReusedMemoryBelongsToItsNewOwner) {
  expect_right([] {
    const auto work = [] {
      for (std::size_t size = 1; size < 3000; size += size / 2 + 1) {
        auto* block = opaque(static_cast<char*>(std::malloc(size)));
        std::memset(block, 'x', size);
        block = opaque(static_cast<char*>(std::realloc(block, size + 3)));
        block[size + 2] = 'y';
        std::free(block);
      }
    };
    work();
    std::thread a(work), b(work);
    a.join();
    b.join();
    work();
  });
}

TEST(UseAfterFree, ContainersOfEveryKindAreRight) {
  expect_right([] {
    const auto work = [] {
      std::vector<std::string> texts;
      for (int i = 0; i < 40; ++i) texts.push_back(std::string(static_cast<std::size_t>(i), 'x'));
      for (const std::string& text : texts) EXPECT_EQ(text.size(), texts.front().size() + text.length());
      texts.erase(texts.begin(), texts.begin() + 20);
      texts.shrink_to_fit();
    };
    std::thread a(work);
    work();
    a.join();
  });
}

// In some executions what was freed is kept back, and the token says so.
TEST(UseAfterFree, OfABlockThatSomebodyElseWouldGet) {
  const Finding finding = caught(
      [] {
        Node* stale = nullptr;
        std::thread first([&] {
          Node* node = opaque(new Node);
          stale = opaque(node);
          delete node;
        });
        first.join();
        std::thread second([&] {
          const auto mine = std::make_unique<Node>();
          EXPECT_EQ(opaque(mine.get())->value, 1);
          EXPECT_NE(stale->value, -1);
        });
        second.join();
      },
      Kind::use_after_free);
  EXPECT_TRUE(tells(finding, {"by T2 after T1 freed it", "freed by T1 at"}));
  EXPECT_NE(finding.token.find(".q"), std::string::npos) << finding.token;
}

// The others give a block to the next who asks.
TEST(UseAfterFree, MostExecutionsHandABlockOutAgain) {
  Options options = memory_tests::few();
  const Verdict verdict = search(
      [] {
        std::thread other([] {
          Node* first = opaque(new Node);
          delete first;
          Node* second = opaque(new Node);
          outcome(first == second ? "again" : "another");
          delete second;
        });
        other.join();
      },
      options);
  EXPECT_EQ(verdict.state, State::not_found) << verdict.text;
  const std::uint64_t again = verdict.outcomes.at("again"), another = verdict.outcomes.at("another");
  EXPECT_GT(again, 2 * another) << another;
  EXPECT_GT(another, 0u);
}

TEST(UseAfterFree, MoreIsFreedThanIsKeptBack) {
  expect_right([] {
    const auto work = [](std::size_t size) {
      for (int i = 0; i < 300; ++i) {
        auto* bytes = opaque(new char[size]);
        bytes[0] = bytes[size - 1] = 1;
        delete[] bytes;
      }
    };
    std::thread other(work, 16);
    work(5000);
    other.join();
  });
}

}  // namespace
}  // namespace racecourse
