// Which locks threads take while they hold others: whether an execution is worth a closer look (lock_order.h).
//
// Kept only in executions that a search looks at, and cheap there: a lock that is taken by a thread that holds no other
// is an entry in a list. It knows addresses and threads alone. Whether the orders could ever meet is found out in a
// replay.
#pragma once

#include <racecourse/checkers/report/trace.h>

#include <array>
#include <cstdint>

namespace racecourse::detect {

// Executions whose threads took locks in orders that go round in a circle. Plain data, all zero at first: it lies in
// memory that processes share.
struct LockCycles {
  static constexpr std::uint32_t kMost = 4;  // different circles; there is no room for more
  struct Seen {
    std::uint64_t signature;  // of the circle
    std::uint64_t execution;  // that showed it first
  };
  std::uint32_t count;
  std::array<Seen, kMost> seen;

  void add(std::uint64_t signature, std::uint64_t execution);
  // What came after these.
  void merge(const LockCycles& later);
};

class LockNesting {
 public:
  void begin();

  // Told every event of the execution; `tries` of one that takes a lock: the call would not have waited for it.
  void event(std::uint16_t thread, report::Op op, std::uint64_t object, std::uint64_t value, std::uint64_t old_value,
             bool tries) {
    if (op < report::Op::mutex_lock || op > report::Op::cond_wait) return;
    lock_event(thread, op, object, value, old_value, tries);
  }

  // Of the circles in the order of locks that several threads make together; 0: there are none. It does not depend on
  // the schedule, as long as the locks lie at the same addresses.
  std::uint64_t signature();

 private:
  static constexpr std::uint32_t kMostHeld = 16;  // by one thread; what it holds beyond is not seen
  static constexpr std::uint32_t kMostEdges = 256;
  static constexpr std::uint32_t kSlots = 512;

  struct Edge {
    std::uint64_t from, to;  // the lock held, the lock wanted
    std::uint32_t thread;
  };

  void lock_event(std::uint16_t thread, report::Op op, std::uint64_t object, std::uint64_t value,
                  std::uint64_t old_value, bool tries);
  void take(std::uint16_t thread, std::uint64_t object, bool again, bool tries);
  void give(std::uint16_t thread, std::uint64_t object, bool keeps);
  void add_edge(const Edge& edge);
  bool goes_one_way() const;

  struct Held {
    std::uint64_t object;
    std::uint32_t depth;
  };
  std::array<std::uint8_t, 256> held_count_{};  // by thread
  std::array<Held, kMostHeld> held_[256];
  std::uint32_t edge_count_ = 0;
  std::array<Edge, kMostEdges> edges_;
  std::array<std::uint16_t, kSlots> slots_{};  // index of an edge + 1, with linear probing
  std::uint64_t graph_ = 0;                    // a sum over the edges
  std::uint64_t last_graph_ = 0;               // of the last execution that had any,
  std::uint64_t last_signature_ = 0;           // and what came of it
};

// Of the running execution; null: it is not looked at.
extern LockNesting* lock_nesting;

}  // namespace racecourse::detect
