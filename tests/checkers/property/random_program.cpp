#include "random_program.h"

#include <semaphore.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace racecourse::random_program {
namespace {

alignas(64) char memory[kMemory];

struct Running {
  const Program* program;
  Log* log;
  std::mutex locks[kLocks];
  sem_t semaphores[kSemaphores];
  std::optional<std::thread> threads[kThreads];
};
Running* running = nullptr;

// Not instrumented: nobody may come between an operation and its entry.
#define RC_UNSEEN [[gnu::no_sanitize("thread"), gnu::noinline]]

RC_UNSEEN void note(int step, bool attempt = false, bool modified = true) {
  Log& log = *running->log;
  if (log.count < 4 * kSteps) log.entries[log.count++] = {static_cast<std::uint8_t>(step), attempt, modified};
}

// One function for each step, so that an access tells by its place which step it belongs to. Each holds its number.
template <int kStep, class T>
[[gnu::noinline]] void read_plain(const Step& step) {
  T value = *reinterpret_cast<volatile T*>(memory + step.offset);
  asm volatile("" ::"r"(value));
  note(kStep);
}

template <int kStep, class T>
[[gnu::noinline]] void write_plain(const Step& step) {
  *reinterpret_cast<volatile T*>(memory + step.offset) = static_cast<T>(kStep);
  note(kStep);
}

template <int kStep, class T>
[[gnu::noinline]] void access_atomic(const Step& step) {
  std::atomic_ref<T> object(*reinterpret_cast<T*>(memory + kAtomics[step.object].offset));
  const auto order = static_cast<std::memory_order>(step.order);
  bool modified = true;
  switch (step.op) {
    case Op::load: {
      T value = object.load(order);
      asm volatile("" ::"r"(value));
      break;
    }
    case Op::store:
      object.store(static_cast<T>(kStep & 1), order);
      break;
    case Op::add:
      object.fetch_add(1, order);
      break;
    default: {
      T expected = 0;
      const bool acquires = order == std::memory_order_acquire || order >= std::memory_order_acq_rel;
      modified = object.compare_exchange_strong(expected, 1, order,
                                                acquires ? std::memory_order_acquire : std::memory_order_relaxed);
    }
  }
  note(kStep, false, modified);
}

template <int kStep, class T>
void access_of(const Step& step) {
  if (step.op == Op::read) return read_plain<kStep, T>(step);
  if (step.op == Op::write) return write_plain<kStep, T>(step);
  access_atomic<kStep, T>(step);
}

template <int kStep>
[[gnu::noinline]] void access(const Step& step) {
  const int size = step.op <= Op::write ? step.size : kAtomics[step.object].size;
  if (size == 1) return access_of<kStep, std::uint8_t>(step);
  if (size == 2) return access_of<kStep, std::uint16_t>(step);
  if (size == 4) return access_of<kStep, std::uint32_t>(step);
  access_of<kStep, std::uint64_t>(step);
}

using Access = void (*)(const Step&);
template <int... kNumbers>
constexpr std::array<Access, sizeof...(kNumbers)> all_accesses(std::integer_sequence<int, kNumbers...>) {
  return {&access<kNumbers>...};
}
constexpr auto kAccesses = all_accesses(std::make_integer_sequence<int, kSteps>());

// The functions that a return address can lie in.
struct Code {
  std::uint64_t begin;
  int step;
};
template <int kStep>
void add_code(std::vector<Code>& all) {
  const auto add = [&](Access function) { all.push_back({reinterpret_cast<std::uint64_t>(function), kStep}); };
  add(&read_plain<kStep, std::uint8_t>), add(&read_plain<kStep, std::uint16_t>);
  add(&read_plain<kStep, std::uint32_t>), add(&read_plain<kStep, std::uint64_t>);
  add(&write_plain<kStep, std::uint8_t>), add(&write_plain<kStep, std::uint16_t>);
  add(&write_plain<kStep, std::uint32_t>), add(&write_plain<kStep, std::uint64_t>);
  add(&access_atomic<kStep, std::uint8_t>), add(&access_atomic<kStep, std::uint16_t>);
  add(&access_atomic<kStep, std::uint32_t>), add(&access_atomic<kStep, std::uint64_t>);
}
template <int... kNumbers>
std::vector<Code> all_code(std::integer_sequence<int, kNumbers...>) {
  std::vector<Code> all;
  (add_code<kNumbers>(all), ...);
  return all;
}

void run_thread(int thread);

void take(int number, const Step& step) {
  switch (step.op) {
    case Op::fence:
      std::atomic_thread_fence(static_cast<std::memory_order>(step.order));
      return note(number);
    case Op::lock:
      note(number, true);
      running->locks[step.object].lock();
      return note(number);
    case Op::unlock:
      note(number, true);
      running->locks[step.object].unlock();
      return note(number);
    case Op::post:
      sem_post(&running->semaphores[step.object]);
      return note(number);
    case Op::wait:
      sem_wait(&running->semaphores[step.object]);
      return note(number);
    case Op::start:
      note(number);  // the new thread may run before the call returns
      running->threads[step.object].emplace(run_thread, step.object);
      return;
    case Op::join:
      running->threads[step.object]->join();
      return note(number);
    default:
      return kAccesses[number](step);
  }
}

void run_thread(int thread) {
  const Program& program = *running->program;
  for (int i = program.first[thread]; i < program.first[thread + 1]; ++i) take(i, program.steps[i]);
}

}  // namespace

void run(const Program& program, Log& log) {
  Running here;
  running = &here;
  here.program = &program;
  here.log = &log;
  log.clear();
  for (char& byte : memory) byte = 0;
  for (sem_t& semaphore : here.semaphores) sem_init(&semaphore, 0, 0);
  run_thread(0);
}

int step_at(std::uint64_t pc) {
  static const std::vector<Code> all = all_code(std::make_integer_sequence<int, kSteps>());
  int step = -1;
  std::uint64_t nearest = 0;
  for (const Code& code : all) {
    if (code.begin >= pc || code.begin < nearest) continue;
    nearest = code.begin;
    step = code.step;
  }
  return step;
}

std::uint64_t memory_begin() { return reinterpret_cast<std::uint64_t>(memory); }

}  // namespace racecourse::random_program
