// A digest of what an execution did that does not depend on how it was interleaved.
//
// Two executions are the same (Mazurkiewicz) trace if they differ only in the order of effects that nobody can tell: of
// different objects, or of reads. They are the same exactly if every effect comes right behind the same write of its
// object. So the digest is the sum, over all effects, of a hash of who had it (the thread by its stable name, and as
// which of its own) and of the write that it came behind. A sum, because the order of the terms must not matter.
//
// The object has no part in it: a thread's next operation follows from what its earlier ones saw. So equal traces have
// equal digests even where what they allocate lies elsewhere. Different traces have different ones, but for an accident
// of 64 bits.
#pragma once

#include <racecourse/checkers/schedule/footprint.h>
#include <racecourse/checkers/schedule/profile.h>

#include <array>
#include <cstdint>

namespace racecourse::schedule {

class TraceDigest {
 public:
  TraceDigest();  // maps memory, which costs something only as it is used; throws std::bad_alloc if there is none
  ~TraceDigest();
  TraceDigest(const TraceDigest&) = delete;
  TraceDigest& operator=(const TraceDigest&) = delete;

  void begin();
  void started(int thread, int parent);
  // Returns the place of the write that it came behind; 0: of none. `place` is that of the effect. One that `spins`
  // reads the same again and again: while it sees the same write, all its turns are one.
  std::uint32_t touch(int thread, const Effect& effect, std::uint32_t place, bool spins);
  // Another question was answered, as which waiter is woken.
  void answer(int thread, std::uint32_t value);
  // A block of memory begins a new life.
  void forget(std::uint64_t address, std::uint64_t size);

  std::uint64_t value() const { return sum_; }
  // False: it had more objects than are kept, and the digest says nothing.
  bool is_complete() const { return used_ <= kMostObjects; }

 private:
  static constexpr std::uint32_t kSlots = 1u << 15;
  static constexpr std::uint32_t kMostObjects = kSlots / 4 * 3;

  struct Object {
    std::uint64_t number;
    std::uint64_t generation;  // of another execution: the slot is free
    std::uint64_t behind[8];   // by byte: what a read sees, the last write and what was added to it since
    std::uint32_t place[8];    // of that write
  };
  struct Thread {
    std::uint64_t name;
    std::uint64_t last;  // what its last effect saw, and of which object
    std::uint32_t effects;
    std::uint32_t children;
  };

  Object& object(std::uint64_t number);
  const Object* find(std::uint64_t number) const;

  Object* objects_;
  std::uint64_t generation_ = 0;
  std::uint32_t used_ = 0;
  std::uint64_t sum_ = 0;
  std::array<Thread, 256> threads_{};
};

}  // namespace racecourse::schedule
