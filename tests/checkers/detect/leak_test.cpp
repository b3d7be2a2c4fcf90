// Memory that is lost when the body has returned, and memory that only looks so.
#include <pthread.h>
#include <search.h>
#include <sys/mman.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <iostream>
#include <locale>
#include <memory>
#include <mutex>
#include <new>
#include <sstream>
#include <stdexcept>
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
  Node* next = nullptr;
  long payload = 0;
};

TEST(Leak, OfOneThreadAlone) {
  const Finding finding = caught([] { opaque(new Node)->payload = 1; }, Kind::leak);
  EXPECT_TRUE(tells(finding, {"a heap block of 16 bytes is lost", "allocated by T0 at", "leak_test.cpp:"}));
  EXPECT_NE(finding.file.find("leak_test.cpp"), std::string::npos) << finding.file;
}

TEST(Leak, OfMallocedMemoryOfAThread) {
  const Finding finding = caught(
      [] {
        std::thread other([] { *opaque(static_cast<char*>(std::malloc(77))) = 'x'; });
        other.join();
      },
      Kind::leak);
  EXPECT_TRUE(tells(finding, {"a heap block of 77 bytes is lost", "allocated by T1 at"}));
}

TEST(Leak, OfAListIsOfItsFirstNode) {
  const Finding finding = caught(
      [] {
        Node* list = nullptr;
        for (int i = 0; i < 3; ++i) {
          list = opaque(new Node{list, i});
          if (i == 2) list->next->next->payload = reinterpret_cast<std::intptr_t>(opaque(new char[40]));
        }
      },
      Kind::leak);
  EXPECT_EQ(finding.message,
            "a heap block of 16 bytes is lost: nothing points to it any more (4 blocks of 88 bytes in all)");
}

TEST(Leak, OfACycleOfSharedPointers) {
  struct Self {
    std::shared_ptr<Self> self;
  };
  caught(
      [] {
        auto cycle = std::make_shared<Self>();
        cycle->self = cycle;
      },
      Kind::leak);
}

// Only if the other thread comes first is it overwritten.
TEST(Leak, InSomeSchedulesOnly) {
  const Finding finding = caught(
      [] {
        std::atomic<Node*> shared{nullptr};
        const auto lazily = [&] {
          if (shared.load() == nullptr) shared.store(opaque(new Node));
        };
        std::thread a(lazily), b(lazily);
        a.join();
        b.join();
        delete shared.load();
      },
      Kind::leak);
  EXPECT_TRUE(tells(finding, {"is lost", "allocated by T"}));
}

TEST(Leak, IsNotJudgedIfSomebodySaysSo) {
  Options options = memory_tests::few();
  for (int kind = 0; kind < kKindCount; ++kind)
    if (static_cast<Kind>(kind) != Kind::leak) options.judge.push_back(static_cast<Kind>(kind));
  EXPECT_FALSE(search([] { opaque(new Node)->payload = 1; }, options).finding);
  setenv("RACECOURSE_OPTIONS", "judge=-leak", 1);
  EXPECT_FALSE(search([] { opaque(new Node)->payload = 1; }).finding);
  setenv("RACECOURSE_OPTIONS", "judge=-leek", 1);
  EXPECT_THROW(search([] {}), std::invalid_argument);
  unsetenv("RACECOURSE_OPTIONS");
}

Node* volatile global_list = nullptr;
thread_local Node* volatile list_of_thread = nullptr;

TEST(Leak, WhatAVariablePointsToIsKept) {
  expect_right([] {
    static std::vector<std::string>& cache = *new std::vector<std::string>;
    std::thread other([] {
      for (int i = 0; i < 5; ++i) cache.push_back(std::string(100, 'x'));
    });
    other.join();
    global_list = opaque(new Node{opaque(new Node), 0});
    list_of_thread = opaque(new Node);
    static volatile std::uintptr_t tagged = 0;
    tagged = reinterpret_cast<std::uintptr_t>(opaque(new Node)) | 0xabcd000000000001;
  });
}

TEST(Leak, WhatCapturedVariablesPointToIsKept) {
  std::vector<std::unique_ptr<Node>> kept;
  auto lazily = std::make_shared<Node*>(nullptr);
  expect_right([&, lazily] {
    kept.push_back(std::make_unique<Node>());
    *lazily = opaque(new Node);
    std::thread other([&] { kept.push_back(std::make_unique<Node>()); });
    other.join();
  });
}

TEST(Leak, WhatADaemonUsesIsKept) {
  expect_right([] {
    std::thread daemon([] {
      auto mine = std::make_unique<std::string>(100, 'x');
      static std::mutex mutex;
      for (;;) {
        const std::lock_guard lock(mutex);
        mine->push_back('y');
        std::this_thread::yield();
      }
    });
    daemon.detach();
  });
}

TEST(Leak, WhatAMappingPointsToIsKept) {
  expect_right([] {
    void* memory = mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(memory, MAP_FAILED);
    mprotect(memory, 4096, PROT_NONE);
    static_cast<Node**>(memory)[512] = opaque(new Node);
  });
}

TEST(Leak, WhatTheCLibraryKeepsIsKept) {
  expect_right([] {
    char* variable = static_cast<char*>(std::malloc(40));
    std::snprintf(variable, 40, "RACECOURSE_LEAK_TEST=%d", 1);
    putenv(variable);
    pthread_key_t key;
    pthread_key_create(&key, std::free);
    pthread_setspecific(key, opaque(std::malloc(20)));
  });
  unsetenv("RACECOURSE_LEAK_TEST");
}

// In its own heap, or nowhere, as what is registered for the end of the program does not come to run.
TEST(Leak, WhatOnlyTheHeapOfTheCLibraryPointsToIsKept) {
  expect_right([] {
    static std::FILE* stream = std::fopen("/dev/null", "w");
    setvbuf(stream, opaque(static_cast<char*>(std::malloc(600))), _IOFBF, 600);
    std::fputs("text", stream);
  });
  expect_right([] {
    static void* tree = nullptr;
    const auto compare = [](const void* left, const void* right) {
      return left < right ? -1 : static_cast<int>(left > right);
    };
    for (int i = 0; i < 5; ++i) tsearch(opaque(new Node), &tree, compare);
  });
  expect_right([] {
    [[maybe_unused]] static std::FILE* volatile stream = nullptr;
    cookie_io_functions_t functions = {};
    functions.write = [](void* cookie, const char*, std::size_t size) {
      static_cast<Node*>(cookie)->payload = 1;
      return static_cast<ssize_t>(size);
    };
    stream = fopencookie(opaque(new Node), "w", functions);
  });
  expect_right([] { on_exit([](int, void* node) { delete static_cast<Node*>(node); }, opaque(new Node)); });
}
TEST(Leak, OfABufferWhoseStreamIsClosed) {
  const Finding finding = caught(
      [] {
        std::FILE* stream = std::fopen("/dev/null", "w");
        setvbuf(stream, opaque(static_cast<char*>(std::malloc(600))), _IOFBF, 600);
        std::fputs("text", stream);
        std::fclose(stream);
      },
      Kind::leak);
  EXPECT_TRUE(tells(finding, {"a heap block of 600 bytes is lost"}));
}

TEST(Leak, WhatTheLibraryKeepsIsKept) {
  expect_right([] {
    std::ostringstream out;
    out.imbue(std::locale(out.getloc(), new std::numpunct<char>));
    out << 1.5 << std::endl;
    std::cout << std::flush;
    auto later = std::async(std::launch::async, [] { return std::string(100, 'x'); });
    EXPECT_EQ(later.get().size(), 100u);
    try {
      throw std::bad_alloc();
    } catch (const std::bad_alloc&) {
      static const std::exception_ptr kept = std::current_exception();
    }
  });
}

}  // namespace
}  // namespace racecourse
