// What a transition of a thread did to objects that others can see, and when two transitions depend on each other.
//
// A transition is what a thread does between two scheduling points: mostly one effect. Two transitions of different
// threads are independent if they can change places without anybody noticing; executions that differ by such changes
// only are one (Mazurkiewicz) trace.
#pragma once

#include <cstdint>
#include <span>

namespace racecourse::schedule {

enum class Touch : std::uint8_t {
  read,   // and never anything else
  check,  // read this time, but may write at another: a failed compare-exchange or try_lock
  add,    // changes that commute with each other, as timers that move the clock on do, or readers that take a lock
  same,   // a write of what was there already: it has an order, but nobody who waits for a change sees one
  write,
};

inline bool is_write(Touch touch) { return touch >= Touch::same; }

struct Effect {
  std::uint64_t object;  // memory: its granule of eight bytes. Others: any number that no granule has
  std::uint8_t bytes;    // of the granule
  Touch touch;
  std::uint8_t needs = 0;   // 0: can always be made. Else it waits until the object is at least that open
  std::uint8_t open = 255;  // how open the object was before this effect
  friend bool operator==(const Effect&, const Effect&) = default;
};

// Of a lock: how open it must be, and is. A mutex knows only 0 and kToAll.
inline constexpr std::uint8_t kToReaders = 1;
inline constexpr std::uint8_t kToAll = 2;

// The object of what ends an execution: all steps look at it, if it may end before they do.
inline constexpr std::uint64_t kWorld = (std::uint64_t{1} << 63) + 2;

inline bool conflict(Touch a, Touch b) {
  const auto reads = [](Touch touch) { return touch <= Touch::check; };
  return !(reads(a) && reads(b)) && !(a == Touch::add && b == Touch::add);
}
inline bool conflict(const Effect& a, const Effect& b) {
  return a.object == b.object && (a.bytes & b.bytes) != 0 && conflict(a.touch, b.touch);
}

// The effects of one transition, and a digest that tells most independent ones apart at once.
struct Footprint {
  std::span<const Effect> effects;
  std::uint64_t reads = 0;  // one bit for each object, hashed
  std::uint64_t writes = 0;
  bool wild = false;  // not known: depends on everything
};

inline std::uint64_t digest_bit(std::uint64_t object) {
  return std::uint64_t{1} << ((object * 0x9E3779B97F4A7C15u) >> 58);
}

inline Footprint footprint(std::span<const Effect> effects) {
  Footprint result{effects};
  for (const Effect& effect : effects)
    (effect.touch <= Touch::check ? result.reads : result.writes) |= digest_bit(effect.object);
  return result;
}

inline bool dependent(const Footprint& a, const Footprint& b) {
  if (a.wild || b.wild) return true;
  if (((a.writes & (b.reads | b.writes)) | (a.reads & b.writes)) == 0) return false;
  for (const Effect& x : a.effects)
    for (const Effect& y : b.effects)
      if (conflict(x, y)) return true;
  return false;
}

}  // namespace racecourse::schedule
