// memcpy() and its kin, and the functions on strings: what they read and write can race like any other access.
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

// Sizes that no compiler knows: what it does itself instead of a call is no call.
volatile std::size_t hidden = 48;
std::size_t size() { return hidden; }

// What is computed is used.
template <class Value>
void keep(Value value) {
  [[maybe_unused]] volatile Value used = value;
}

// Not so plain that a compiler does without the copy.
void use_copy(const char* text) {
  char* copy = strdup(text);
  keep(copy[3]);
  std::free(copy);
}

struct Buffers {
  char left[64] = "left", right[64] = "right";
  std::mutex mutex;
};

// Two threads use a buffer in this way, right: under a mutex, and broken: under none. The buffers are on the heap, so
// that nothing else lies beside them.
template <class First, class Second>
void ordered(First first, Second second) {
  works([=] {
    const auto buffers = std::make_unique<Buffers>();
    std::thread a([&] {
      std::lock_guard lock(buffers->mutex);
      first(*buffers);
    });
    std::thread b([&] {
      std::lock_guard lock(buffers->mutex);
      second(*buffers);
    });
    a.join();
    b.join();
  });
}
template <class First, class Second>
void unordered(First first, Second second) {
  is_caught(
      [=] {
        const auto buffers = std::make_unique<Buffers>();
        std::thread a([&] { first(*buffers); });  // BUG: no lock
        std::thread b([&] { second(*buffers); });
        a.join();
        b.join();
      },
      Kind::data_race);
}

TEST(Memcpy, Works) {
  ordered([](Buffers& b) { std::memcpy(b.left, b.right, size()); }, [](Buffers& b) { b.left[40] = 1; });
}
TEST(Memcpy, BrokenIsCaught) {
  unordered([](Buffers& b) { std::memcpy(b.left, b.right, size()); }, [](Buffers& b) { b.left[40] = 1; });
}

TEST(MemcpySource, Works) {
  ordered([](Buffers& b) { std::memcpy(b.left, b.right, size()); }, [](Buffers& b) { b.right[40] = 1; });
}
TEST(MemcpySource, BrokenIsCaught) {
  unordered([](Buffers& b) { std::memcpy(b.left, b.right, size()); }, [](Buffers& b) { b.right[40] = 1; });
}

TEST(Memmove, Works) {
  ordered([](Buffers& b) { std::memmove(b.left, b.left + 8, size()); }, [](Buffers& b) { b.left[50] = 1; });
}
TEST(Memmove, BrokenIsCaught) {
  unordered([](Buffers& b) { std::memmove(b.left, b.left + 8, size()); }, [](Buffers& b) { b.left[50] = 1; });
}

TEST(Memset, Works) {
  ordered([](Buffers& b) { std::memset(b.left, 0, size()); }, [](Buffers& b) { b.left[47] = 1; });
}
TEST(Memset, BrokenIsCaught) {
  unordered([](Buffers& b) { std::memset(b.left, 0, size()); }, [](Buffers& b) { b.left[47] = 1; });
}

TEST(MemsetOfKnownSize, Works) {
  ordered([](Buffers& b) { std::memset(b.left, 0, sizeof b.left); }, [](Buffers& b) { b.left[47] = 1; });
}
TEST(MemsetOfKnownSize, BrokenIsCaught) {
  unordered([](Buffers& b) { std::memset(b.left, 0, sizeof b.left); }, [](Buffers& b) { b.left[47] = 1; });
}

TEST(Memcmp, Works) {
  ordered([](Buffers& b) { keep(std::memcmp(b.left, b.right, size())); }, [](Buffers& b) { b.right[40] = 1; });
}
TEST(Memcmp, BrokenIsCaught) {
  unordered([](Buffers& b) { keep(std::memcmp(b.left, b.right, size())); }, [](Buffers& b) { b.right[40] = 1; });
}

TEST(Memchr, Works) {
  ordered([](Buffers& b) { keep(std::memchr(b.left, 'x', size())); }, [](Buffers& b) { b.left[40] = 1; });
}
TEST(Memchr, BrokenIsCaught) {
  unordered([](Buffers& b) { keep(std::memchr(b.left, 'x', size())); }, [](Buffers& b) { b.left[40] = 1; });
}

TEST(Strlen, Works) {
  ordered([](Buffers& b) { keep(std::strlen(b.left)); }, [](Buffers& b) { b.left[3] = 'T'; });
}
TEST(Strlen, BrokenIsCaught) {
  unordered([](Buffers& b) { keep(std::strlen(b.left)); }, [](Buffers& b) { b.left[3] = 'T'; });
}

TEST(Strnlen, Works) {
  ordered([](Buffers& b) { keep(strnlen(b.left, size())); }, [](Buffers& b) { b.left[3] = 'T'; });
}
TEST(Strnlen, BrokenIsCaught) {
  unordered([](Buffers& b) { keep(strnlen(b.left, size())); }, [](Buffers& b) { b.left[3] = 'T'; });
}

TEST(Strcpy, Works) {
  ordered([](Buffers& b) { std::strcpy(b.left, b.right); }, [](Buffers& b) { b.left[3] = 'T'; });
}
TEST(Strcpy, BrokenIsCaught) {
  unordered([](Buffers& b) { std::strcpy(b.left, b.right); }, [](Buffers& b) { b.left[3] = 'T'; });
}

TEST(Strncpy, Works) {
  ordered([](Buffers& b) { std::strncpy(b.left, b.right, size()); }, [](Buffers& b) { b.left[40] = 1; });
}
TEST(Strncpy, BrokenIsCaught) {
  unordered([](Buffers& b) { std::strncpy(b.left, b.right, size()); }, [](Buffers& b) { b.left[40] = 1; });
}

TEST(Strcmp, Works) {
  ordered([](Buffers& b) { keep(std::strcmp(b.left, b.right)); }, [](Buffers& b) { b.right[0] = 'R'; });
}
TEST(Strcmp, BrokenIsCaught) {
  unordered([](Buffers& b) { keep(std::strcmp(b.left, b.right)); }, [](Buffers& b) { b.right[0] = 'R'; });
}

TEST(Strncmp, Works) {
  ordered([](Buffers& b) { keep(std::strncmp(b.left, b.right, size())); }, [](Buffers& b) { b.right[0] = 'R'; });
}
TEST(Strncmp, BrokenIsCaught) {
  unordered([](Buffers& b) { keep(std::strncmp(b.left, b.right, size())); }, [](Buffers& b) { b.right[0] = 'R'; });
}

TEST(Strchr, Works) {
  ordered([](Buffers& b) { keep(std::strchr(b.left, 't')); }, [](Buffers& b) { b.left[3] = 'T'; });
}
TEST(Strchr, BrokenIsCaught) {
  unordered([](Buffers& b) { keep(std::strchr(b.left, 't')); }, [](Buffers& b) { b.left[3] = 'T'; });
}

TEST(Strrchr, Works) {
  ordered([](Buffers& b) { keep(std::strrchr(b.left, 'l')); }, [](Buffers& b) { b.left[3] = 'T'; });
}
TEST(Strrchr, BrokenIsCaught) {
  unordered([](Buffers& b) { keep(std::strrchr(b.left, 'l')); }, [](Buffers& b) { b.left[3] = 'T'; });
}

TEST(Strstr, Works) {
  ordered([](Buffers& b) { keep(std::strstr(b.left, "none")); }, [](Buffers& b) { b.left[3] = 'T'; });
}
TEST(Strstr, BrokenIsCaught) {
  unordered([](Buffers& b) { keep(std::strstr(b.left, "none")); }, [](Buffers& b) { b.left[3] = 'T'; });
}

TEST(Strdup, Works) {
  ordered([](Buffers& b) { use_copy(b.left); }, [](Buffers& b) { b.left[3] = 'T'; });
}
TEST(Strdup, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer does not see what strdup() reads");
  unordered([](Buffers& b) { use_copy(b.left); }, [](Buffers& b) { b.left[3] = 'T'; });
}

TEST(Strcat, Works) {
  ordered([](Buffers& b) { std::strcat(b.left, b.right); }, [](Buffers& b) { b.left[8] = '\0'; });
}
TEST(Strcat, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer has no interceptor of strcat()");
  unordered([](Buffers& b) { std::strcat(b.left, b.right); }, [](Buffers& b) { b.left[8] = '\0'; });
}

TEST(Strncat, Works) {
  ordered([](Buffers& b) { std::strncat(b.left, b.right, size()); }, [](Buffers& b) { b.left[8] = '\0'; });
}
TEST(Strncat, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer has no interceptor of strncat()");
  unordered([](Buffers& b) { std::strncat(b.left, b.right, size()); }, [](Buffers& b) { b.left[8] = '\0'; });
}

TEST(Stpcpy, Works) {
  ordered([](Buffers& b) { stpcpy(b.left, b.right); }, [](Buffers& b) { b.left[3] = 'T'; });
}
TEST(Stpcpy, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer has no interceptor of stpcpy()");
  unordered([](Buffers& b) { stpcpy(b.left, b.right); }, [](Buffers& b) { b.left[3] = 'T'; });
}

// The copy is where it stands in the program: what it copies can be torn by a thread that runs before it, and the
// schedule that did it is replayed by its token.
TEST(MemcpyUnderSchedules, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("needs one order of the two");
  const auto body = [] {
    const auto buffers = std::make_unique<Buffers>();
    std::thread a([&] { std::memset(buffers->left, 'x', size()); });
    std::thread b([&] { std::memcpy(buffers->right, buffers->left, size()); });  // BUG: no order
    b.join();
    const bool copied = buffers->right[0] == 'x';
    a.join();
    EXPECT_FALSE(copied);
  };
  const Verdict verdict = search_for(body, Kind::assertion, {Kind::data_race});
  ASSERT_TRUE(verdict.finding);
  Options replay;
  replay.token = verdict.finding->token;
  for (int i = 0; i < 2; i++) {
    const Verdict again = search(body, replay);
    ASSERT_TRUE(again.finding);
    EXPECT_EQ(again.finding->also, verdict.finding->also);
    EXPECT_EQ(again.finding->token, verdict.finding->token);
  }
}

// Two parts of one buffer are two places.
TEST(MemcpyOfNeighbours, Works) {
  works([] {
    const auto buffers = std::make_unique<Buffers>();
    std::thread a([&] { std::memset(buffers->left, 'a', size() / 2 + 1); });
    std::thread b([&] { std::memset(buffers->left + 25, 'b', size() / 2 - 1); });
    a.join();
    b.join();
    EXPECT_EQ(buffers->left[24], 'a');
    EXPECT_EQ(buffers->left[25], 'b');
  });
}

}  // namespace
}  // namespace racecourse::conformance
