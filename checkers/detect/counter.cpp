#include <racecourse/checkers/detect/counter.h>
#include <racecourse/checkers/report/symbolize.h>
#include <sys/mman.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <string_view>

namespace racecourse::detect {

using runtime::rt;

namespace {

// What code at an address counts: 0 is not known yet, from kSemaphore on the permits that a semaphore may have.
enum Counts : std::uint64_t { kUnknown, kSomethingElse, kLatch, kPhase, kSemaphore };

struct Known {
  std::atomic<std::uint64_t> pc;  // 0: free
  std::atomic<std::uint64_t> counts;
};
constexpr std::size_t kPlaces = 1024;
[[gnu::section("racecourse_state")]] constinit Known* known = nullptr;  // [kPlaces], shared with the workers

std::uint64_t counted_by(std::string_view function) {
  constexpr std::string_view kClass = "std::counting_semaphore<";
  if (function == "std::latch::count_down") return kLatch;
  if (function.starts_with("std::__tree_barrier<") && function.ends_with(">::arrive")) return kPhase;
  if (!function.starts_with(kClass) || !function.ends_with(">::release")) return kSomethingElse;
  std::uint64_t max = 0;
  const char* digits = function.data() + kClass.size();
  const auto [end, error] = std::from_chars(digits, function.data() + function.size(), max);
  return error == std::errc() && end != digits ? kSemaphore + max : kSomethingElse;
}

[[gnu::noinline]] std::uint64_t read_debug_information(std::uint64_t pc) {
  const auto symbols = report::process_symbols();
  std::uint64_t counts = kSomethingElse;
  for (const report::Place& place : symbols->code(pc - 1))
    if (counts == kSomethingElse) counts = counted_by(place.function);
  return counts;
}

void set_fs_base(std::uint64_t value) { asm volatile("wrfsbase %0" : : "r"(value) : "memory"); }

// As if no execution were running: what this allocates and calls is not the program's. And as the only thread that
// there really is: the locks of the C library go by its number.
std::uint64_t look_up(std::uint64_t pc) {
  rt.executing = false;
  set_fs_base(rt.fibers[0].fs_base);
  const int saved = errno;
  const std::uint64_t counts = read_debug_information(pc);
  errno = saved;
  set_fs_base(runtime::self().fs_base);
  rt.executing = true;
  return counts;
}

std::uint64_t counts_at(std::uint64_t pc) {
  constexpr std::size_t kTries = 16;
  for (std::size_t i = 0; known != nullptr && i < kTries; ++i) {
    Known& place = known[(pc * 0x9E3779B97F4A7C15u >> 40 & (kPlaces - 1)) ^ i];
    std::uint64_t owner = 0;
    place.pc.compare_exchange_strong(owner, pc, std::memory_order_relaxed);
    if (owner != 0 && owner != pc) continue;
    std::uint64_t counts = place.counts.load(std::memory_order_relaxed);
    // Another process may be looking it up as well: it will find the same.
    if (counts == kUnknown) place.counts.store(counts = look_up(pc), std::memory_order_relaxed);
    return counts;
  }
  return kSomethingElse;
}

}  // namespace

void prepare_counters() {
  if (known != nullptr) return;
  void* memory = mmap(nullptr, kPlaces * sizeof(Known), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) runtime::refuse("cannot map memory shared with worker processes");
  known = static_cast<Known*>(memory);
}

void judge_counter(const volatile void* object, std::int32_t before, std::int32_t after, std::uint64_t pc) {
  const std::uint64_t counts = counts_at(pc);
  const void* counter = const_cast<const void*>(object);
  if (counts == kLatch && after < 0) {
    runtime::record(Kind::sync_misuse, pc, counter,
                    "T%u counts down a latch below zero: it stood at %d; make it for as many as count it down",
                    runtime::self().id, before);
  } else if (counts >= kSemaphore && after > before && static_cast<std::uint64_t>(after) > counts - kSemaphore) {
    runtime::record(Kind::sync_misuse, pc, counter,
                    "T%u releases a semaphore above its max() of %llu: it stood at %d; release only what was acquired",
                    runtime::self().id, static_cast<unsigned long long>(counts - kSemaphore), before);
  }
}

void judge_phase(const volatile void* object, std::uint64_t pc) {
  if (counts_at(pc) != kPhase) return;
  runtime::record(Kind::sync_misuse, pc, const_cast<const void*>(object),
                  "T%u arrives at a std::barrier more often at once than threads are expected: a phase ended twice",
                  runtime::self().id);
}

}  // namespace racecourse::detect
