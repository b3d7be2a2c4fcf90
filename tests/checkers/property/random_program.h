// Random programs for real threads, and the log of what they did.
//
// A program is a list of steps for each thread; thread 0 starts the others, in their order, and joins them. Its memory
// is 24 bytes, with four atomic objects in it; plain accesses go anywhere, the atomic objects included.
#pragma once

#include <array>
#include <cstdint>
#include <ostream>
#include <vector>

namespace racecourse::random_program {

enum class Op : std::uint8_t {
  read,
  write,
  load,
  store,
  add,
  exchange_if,
  fence,
  lock,
  unlock,
  post,
  wait,
  start,
  join
};

// The place of an atomic object: they have different sizes.
struct Object {
  std::uint8_t offset, size;
};
inline constexpr std::array<Object, 4> kAtomics = {{{0, 4}, {8, 8}, {16, 1}, {18, 2}}};
inline constexpr int kMemory = 24;
inline constexpr int kLocks = 2;
inline constexpr int kSemaphores = 2;
inline constexpr int kThreads = 4;
inline constexpr int kSteps = 32;  // of a program

struct Step {
  Op op = Op::read;
  std::uint8_t object = 0;  // which atomic object, lock, semaphore or thread
  std::uint8_t offset = 0;  // of a plain access
  std::uint8_t size = 1;
  std::uint8_t order = 5;  // std::memory_order; of exchange_if: of the success, a failure is relaxed or acquire
};

// Flat: it lies in memory that processes share.
struct Program {
  std::array<Step, kSteps> steps;
  std::array<std::uint8_t, kThreads + 1> first;  // of each thread; the last is the end

  int threads() const {
    int count = 0;
    for (int thread = 1; thread < kThreads; ++thread) count += first[thread + 1] > first[thread];
    return count + 1;
  }
};

// What happened, in the order in which it happened.
struct Entry {
  std::uint8_t step;
  bool attempt;   // a lock or unlock that is about to be called
  bool modified;  // of exchange_if: it did
};
struct Log {
  std::uint32_t count;
  Entry entries[4 * kSteps];

  void clear() { count = 0; }
};

inline int thread_of(const Program& program, int step) {
  int thread = 0;
  while (step >= program.first[thread + 1]) ++thread;
  return thread;
}

inline std::ostream& operator<<(std::ostream& out, const Program& program) {
  constexpr const char* kNames[] = {"read", "write",  "load", "store", "add",   "cas", "fence",
                                    "lock", "unlock", "post", "wait",  "start", "join"};
  for (int thread = 0; thread < kThreads; ++thread) {
    if (program.first[thread] == program.first[thread + 1]) continue;
    out << "T" << thread << ":";
    for (int i = program.first[thread]; i < program.first[thread + 1]; ++i) {
      const Step& step = program.steps[i];
      out << " " << kNames[static_cast<int>(step.op)];
      if (step.op <= Op::write)
        out << "[" << +step.offset << ".." << step.offset + step.size - 1 << "]";
      else if (step.op <= Op::exchange_if)
        out << "(" << +step.object << ", order " << +step.order << ")";
      else if (step.op == Op::fence)
        out << "(order " << +step.order << ")";
      else
        out << "(" << +step.object << ")";
    }
    out << "\n";
  }
  return out;
}

// Runs it; what it does is logged. To be called as a body, again and again.
void run(const Program& program, Log& log);
// The step whose code holds this return address; -1: none.
int step_at(std::uint64_t pc);
// Where the memory of a running program begins.
std::uint64_t memory_begin();

}  // namespace racecourse::random_program
