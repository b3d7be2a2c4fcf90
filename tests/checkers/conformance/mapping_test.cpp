// mmap, munmap and mprotect: the same addresses come again, and what a thread leaves mapped when it ends is nobody's.
#include <sys/mman.h>

#include <atomic>
#include <memory>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

int* map_page() {
  void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  EXPECT_NE(page, MAP_FAILED);
  return static_cast<int*>(page);
}

void use_page() {
  int* page = map_page();
  EXPECT_EQ(page[0], 0);
  page[0] = 1;
  munmap(page, 4096);
}

TEST(Mapping, Works) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer does the same, if the kernel happens to give the same address");
  works([] {
    std::atomic<bool> done{false};
    std::thread first([&] {
      use_page();
      done.store(true, std::memory_order_relaxed);  // orders nothing
    });
    std::thread second([&] {
      if (done.load(std::memory_order_relaxed)) use_page();
    });
    first.join();
    second.join();
  });
}
TEST(Mapping, BrokenIsCaught) {
  is_caught(
      [] {
        int* page = map_page();
        std::thread first([&] { page[0] = 1; });
        std::thread second([&] { page[0] = 2; });  // BUG: no lock
        first.join();
        second.join();
        munmap(page, 4096);
      },
      Kind::data_race);
}

// More of them than a process may have, if they stayed.
TEST(Mapping, LeftoversGoWithTheirExecution) {
  RACECOURSE_EXPLORE_ONLY("a program that goes on keeps what it mapped");
  works([] {
    std::thread other([] { map_page(); });
    for (int i = 0; i < 63; ++i) map_page();
    other.join();
  });
}

struct alignas(4096) Page {
  int value;
};
Page global;

TEST(ProtectedMemory, Works) {
  RACECOURSE_EXPLORE_ONLY("a program that goes on keeps what it protected");
  works([] {
    const auto allocated = std::make_unique<Page>();
    for (Page* page : {&global, allocated.get()}) {
      EXPECT_EQ(page->value, 0);
      page->value = 1;
      EXPECT_EQ(mprotect(page, sizeof *page, PROT_READ), 0);
    }
    std::thread other([&] { EXPECT_EQ(global.value + allocated->value, 2); });
    other.join();
    EXPECT_EQ(mprotect(allocated.get(), sizeof(Page), PROT_READ | PROT_WRITE), 0);
    EXPECT_EQ(mprotect(&global, sizeof global, PROT_NONE), 0);
  });
}
TEST(ProtectedMemory, BrokenIsCaught) {
  is_caught(
      [] {
        EXPECT_EQ(mprotect(&global, sizeof global, PROT_READ), 0);
        std::thread other([] { global.value = 1; });  // BUG: may only be read
        other.join();
      },
      Kind::signal);
}

}  // namespace
}  // namespace racecourse::conformance
