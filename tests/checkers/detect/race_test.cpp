// What counts as a data race, to the byte, and what the report says of one.
#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <thread>

namespace racecourse {
namespace {

using Body = std::function<void()>;

Verdict explored(const Body& body, std::uint64_t executions = 200) {
  Options options;
  options.executions = executions;
  return search(body, options);
}

void together(const Body& one, const Body& other) {
  std::thread first(one), second(other);
  first.join();
  second.join();
}

// The report of the race that the body has; empty if there is none.
std::string report_of(const Body& body) {
  const Verdict verdict = explored(body);
  if (verdict.state != State::failed) return {};
  EXPECT_EQ(verdict.finding->kind, Kind::data_race) << verdict.finding->report;
  return verdict.finding->report;
}

// Whether the report holds the text, whatever its lines.
bool says(std::string report, const std::string& text) {
  std::string flat;
  for (const char c : report) {
    const char letter = c == '\n' ? ' ' : c;
    if (letter != ' ' || (!flat.empty() && flat.back() != ' ')) flat += letter;
  }
  return flat.find(text) != std::string::npos;
}

#define EXPECT_SAYS(report, text) EXPECT_TRUE(says(report, text)) << "\"" << text << "\" is not in:\n" << report

// ---- bytes

template <class Part>
struct Neighbours {
  alignas(8) Part parts[8 / sizeof(Part)];
};

template <class Part>
void expect_neighbours_apart() {
  for (std::size_t i = 0; i + 1 < 8 / sizeof(Part); ++i) {
    const Verdict verdict = explored([i] {
      Neighbours<Part> all{};
      together([&] { all.parts[i] = 1; }, [&] { all.parts[i + 1] = 2; });
      EXPECT_EQ(all.parts[i] + all.parts[i + 1], 3);
    });
    EXPECT_EQ(verdict.state, State::not_found) << sizeof(Part) << "-byte part " << i << ": " << verdict.text;
    const Verdict same = explored([i] {
      Neighbours<Part> all{};
      together([&] { all.parts[i] = 1; }, [&] { all.parts[i] = 1; });
    });
    EXPECT_EQ(same.state, State::failed) << sizeof(Part) << "-byte part " << i;
  }
}

TEST(RaceBytes, NeighboursDoNotRace) {
  expect_neighbours_apart<std::uint8_t>();
  expect_neighbours_apart<std::uint16_t>();
  expect_neighbours_apart<std::uint32_t>();
}

TEST(RaceBytes, OneByteInCommonRaces) {
  const auto copy_up_to = [](std::size_t size) {
    return [size] {
      char text[24] = {};
      const char source[24] = "01234567890123456789012";
      together([&] { std::memcpy(text, source, size); }, [&] { text[13] = 'x'; });
    };
  };
  EXPECT_EQ(explored(copy_up_to(13)).state, State::not_found);
  EXPECT_EQ(explored(copy_up_to(14)).state, State::failed);
}

// ---- atomic accesses

// What a load acquires happens before the load itself, not only before what follows it.
Body published_in_place(int (*load)(const int&)) {
  return [load] {
    // In granules of their own: the shadow keeps the latest four accesses of each.
    alignas(8) int value = 0;
    alignas(8) std::atomic<bool> stored{false};
    together(
        [&] {
          value = 1;
          std::atomic_ref(value).store(2, std::memory_order_release);
          stored.store(true, std::memory_order_relaxed);
        },
        [&] {
          if (stored.load(std::memory_order_relaxed)) EXPECT_EQ(load(value), 2);
        });
  };
}

TEST(RaceAtomics, ALoadIsOrderedByWhatItAcquires) {
  // Compilers take an order that is no constant for the strongest one.
  EXPECT_EQ(report_of(published_in_place([](const int& value) { return __atomic_load_n(&value, __ATOMIC_ACQUIRE); })),
            "");
  EXPECT_NE(report_of(published_in_place([](const int& value) { return __atomic_load_n(&value, __ATOMIC_RELAXED); })),
            "");
}

// ---- bit-fields

struct Flags {
  unsigned ready : 3;
  unsigned done : 5;
  unsigned : 0;
  unsigned apart : 8;
};

// The second try is made after the first has given up.
TEST(RaceOnce, WhoTriesAgainIsOrderedAfterWhoGaveUp) {
  EXPECT_EQ(report_of([] {
              std::once_flag flag;
              int tries = 0;
              const auto attempt = [&] {
                try {
                  std::call_once(flag, [&] {
                    if (++tries == 1) throw std::runtime_error("not yet");
                  });
                } catch (const std::runtime_error&) {
                }
              };
              together(attempt, attempt);
              EXPECT_EQ(tries, 2);
            }),
            "");
}
TEST(RaceOnce, SoItIsWithTheInitialisationOfAStatic) {
  EXPECT_EQ(report_of([] {
              static int tries;
              const auto attempt = [] {
                try {
                  static const int made = ++tries == 1 ? throw std::runtime_error("not yet") : tries;
                  EXPECT_EQ(made, 2);
                } catch (const std::runtime_error&) {
                }
              };
              together(attempt, attempt);
              EXPECT_EQ(tries, 2);
            }),
            "");
}
TEST(RaceOnce, TwoFlagsOrderNothing) {
  const std::string report = report_of([] {
    std::once_flag one, other;
    int tries = 0;
    together([&] { std::call_once(one, [&] { ++tries; }); }, [&] { std::call_once(other, [&] { ++tries; }); });
    EXPECT_GT(tries, 0);
  });
  EXPECT_SAYS(report, "of tries");
}

TEST(BitFields, OfOneUnitRace) {
  const std::string report = report_of([] {
    Flags flags{};
    together([&] { flags.ready = 1; }, [&] { flags.done = 1; });
  });
  EXPECT_SAYS(report, "share the bytes");
  EXPECT_SAYS(report, "bit-fields");
  EXPECT_SAYS(report, "ready");
  EXPECT_SAYS(report, "done");
}

TEST(BitFields, OfTwoUnitsDoNot) {
  EXPECT_EQ(report_of([] {
              Flags flags{};
              together([&] { flags.ready = 1; }, [&] { flags.apart = 1; });
            }),
            "");
}

TEST(BitFields, OneFieldIsAnOrdinaryRace) {
  const std::string report = report_of([] {
    Flags flags{};
    together([&] { flags.done = 1; }, [&] { flags.done = 2; });
  });
  EXPECT_SAYS(report, "races with");
  EXPECT_FALSE(says(report, "share the bytes")) << report;
}

// ---- vptr

struct Shape {
  virtual ~Shape() {
    if (drawn != nullptr) drawn->fetch_add(1);  // time for others
  }
  virtual int sides() const { return 0; }
  std::atomic<int>* drawn = nullptr;
};
struct Square : Shape {
  ~Square() override = default;
  int sides() const override { return 4; }
};

[[gnu::noinline]] int sides_of(const Shape& shape) { return shape.sides(); }

TEST(Vptr, ARaceWithADestructorIsNamed) {
  const std::string report = report_of([] {
    std::atomic<int> drawn{0};
    alignas(Square) unsigned char memory[sizeof(Square)];
    auto* square = new (memory) Square;
    square->drawn = &drawn;
    together([&] { square->~Square(); }, [&] { drawn += sides_of(*square); });
  });
  EXPECT_SAYS(report, "the vptr of");
  EXPECT_SAYS(report, "is being destroyed by T1 while T2 calls a virtual function of it");
}

TEST(Vptr, ARaceWithAConstructorIsNamed) {
  const std::string report = report_of([] {
    std::atomic<int> drawn{0};
    alignas(Square) unsigned char memory[sizeof(Square)];
    auto* square = new (memory) Square;
    together([&] { new (memory) Shape; }, [&] { drawn += sides_of(*square); });
  });
  EXPECT_SAYS(report, "is being constructed by T1 while T2 calls a virtual function of it");
}

TEST(Vptr, AJoinedCallIsRight) {
  EXPECT_EQ(report_of([] {
              std::atomic<int> drawn{0};
              auto square = std::make_unique<Square>();
              std::thread caller([&] { drawn += sides_of(*square); });
              caller.join();
              square.reset();
            }),
            "");
}

// ---- functions of the library

TEST(LibraryFunctions, MemcpyIsNamed) {
  const std::string report = report_of([] {
    char text[24] = {};
    char copy[24] = {};
    together([&] { std::memcpy(copy, text, sizeof copy); }, [&] { text[9] = 'x'; });
    EXPECT_EQ(copy[8], 0);
  });
  EXPECT_SAYS(report, "(memcpy)");
  EXPECT_SAYS(report, "(24 bytes, by memcpy)");
}

TEST(LibraryFunctions, LargeRangesAreFoundAgain) {
  const std::string report = report_of([] {
    auto text = std::make_unique<char[]>(1000);
    auto copy = std::make_unique<char[]>(1000);
    together([&] { std::memcpy(copy.get(), text.get(), 1000); }, [&] { text[900] = 'x'; });
    EXPECT_EQ(copy[899], 0);
  });
  EXPECT_SAYS(report, "(1000 bytes, by memcpy)");
  EXPECT_FALSE(says(report, "not in the trace")) << report;
}

TEST(LibraryFunctions, StrlenIsNamed) {
  const std::string report = report_of([] {
    char text[24] = "a few words";
    std::size_t length = 0;
    together([&] { length = std::strlen(text); }, [&] { text[7] = 'x'; });
    EXPECT_EQ(length, 11u);
  });
  EXPECT_SAYS(report, "(strlen)");
  EXPECT_SAYS(report, "(12 bytes, by strlen)");
  EXPECT_FALSE(says(report, "not in the trace")) << report;
}

TEST(LibraryFunctions, SscanfIsNamedAsInTheSource) {
  const std::string report = report_of([] {
    int number = 0, seen = 0;
    together([&] { std::sscanf("12", "%d", &number); }, [&] { seen = number; });
    EXPECT_EQ(seen * number, seen * 12);
  });
  EXPECT_SAYS(report, "(4 bytes, by sscanf)");
  EXPECT_SAYS(report, "number <- 12");
  EXPECT_FALSE(says(report, "not in the trace")) << report;
}

// ---- what would have ordered the two

TEST(RaceReasons, NoLock) {
  const std::string report = report_of([] {
    int value = 0;
    together([&] { value = 1; }, [&] { value = 2; });
  });
  EXPECT_SAYS(report, "holds a lock");
  EXPECT_SAYS(report, "neither");
}

TEST(RaceReasons, DifferentLocks) {
  const std::string report = report_of([] {
    int value = 0;
    std::mutex left, right;
    together(
        [&] {
          const std::lock_guard lock(left);
          value = 1;
        },
        [&] {
          const std::lock_guard lock(right);
          value = 2;
        });
  });
  EXPECT_SAYS(report, "no lock in common:");
  EXPECT_SAYS(report, "T1 holds left (since ");
  EXPECT_SAYS(report, "T2 holds right (since ");
}

TEST(RaceReasons, OneLock) {
  const std::string report = report_of([] {
    int value = 0;
    std::mutex mutex;
    together(
        [&] {
          const std::lock_guard lock(mutex);
          value = 1;
        },
        [&] { value = 2; });
  });
  EXPECT_SAYS(report, "no lock in common:");
  EXPECT_SAYS(report, "T1 holds mutex (since ");
  EXPECT_SAYS(report, "T2 holds none");
}

TEST(RaceReasons, AReadersLockKeepsNoReaderOut) {
  const std::string report = report_of([] {
    int value = 0;
    std::shared_mutex mutex;
    const auto add = [&] {
      const std::shared_lock lock(mutex);
      ++value;
    };
    together(add, add);
  });
  EXPECT_SAYS(report, "no lock keeps them apart:");
  EXPECT_SAYS(report, "holds mutex for reading (since ");
}

TEST(RaceReasons, AFlagWithoutOrder) {
  const std::string report = report_of([] {
    int value = 0;
    std::atomic<bool> ready{false};
    together(
        [&] {
          value = 1;
          ready.store(true, std::memory_order_relaxed);
        },
        [&] {
          if (ready.load(std::memory_order_acquire)) value = 2;
        });
  });
  EXPECT_SAYS(report, "T1 stores ready after it (");
  EXPECT_SAYS(report, "and the store is too weak: release would order the two");
}

// ---- more accesses than the shadow of eight bytes holds

// What T0 does while it is alone was in the shadow in some executions, and in all replays: these then evicted other
// accesses than the search did, and the race that it had found was gone.
class RaceShadowFrom : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RaceShadowFrom, AReplayEvictsWhatTheSearchDid) {
  Options options;
  options.seed = GetParam();
  const Verdict verdict = search(
      [] {
        struct alignas(8) {
          std::atomic<std::int16_t> gate{0};
          char flags[4] = {};
          std::int16_t counter = 0;
        } granule;
        for (char& flag : granule.flags) flag = 1;
        const auto count = [&] {
          granule.gate.fetch_add(1, std::memory_order_relaxed);
          granule.counter = static_cast<std::int16_t>(granule.counter + granule.flags[0]);
          granule.gate.fetch_sub(1, std::memory_order_relaxed);
        };
        together(count, count);
      },
      options);
  ASSERT_EQ(verdict.state, State::failed) << verdict.text;
  EXPECT_EQ(verdict.finding->kind, Kind::data_race);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RaceShadowFrom, testing::Range<std::uint64_t>(1, 11));

// ---- once for each pair of places

int count_of(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++count;
  return count;
}

TEST(RacePlaces, APairIsReportedOnce) {
  const std::string report = report_of([] {
    int values[3] = {};
    const auto write_all = [&] {
      for (int& value : values) value = 1;  // races with itself, three times
    };
    together(write_all, write_all);
  });
  EXPECT_EQ(count_of(report, "no release and acquire"), 1) << report;
}

TEST(RacePlaces, TwoPairsAreTwo) {
  const std::string report = report_of([] {
    int one = 0, two = 0;
    together(
        [&] {
          one = 1;
          two = 1;
        },
        [&] {
          for (int* value : {&one, &two}) *value = 2;
        });
  });
  EXPECT_EQ(count_of(report, "no release and acquire"), 2) << report;
}

}  // namespace
}  // namespace racecourse
