// A function of the C library is called in one thread while another touches memory that the call may read or write.
//
//   fills([](Memory& m) { std::sscanf("7", "%d", m.as<int>()); }, sizeof(int));  // exactly these bytes of m.bytes
//   reads([](Memory& m) { std::atoi(m.text); }, 3);                              // exactly these bytes of m.text
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {

struct Memory {
  alignas(16) char text[64] = "12 -7.5 word";
  wchar_t wide[16] = L"word";
  alignas(16) char bytes[64] = "";
  template <class T>
  T* as() {
    return reinterpret_cast<T*>(bytes);
  }
};
using Use = std::function<void(Memory&)>;

// No compiler knows what becomes of it.
template <class Value>
void keep(Value value) {
  [[maybe_unused]] volatile Value used = value;
}

// `one` in one thread and `other` in another: under a mutex, or under none.
inline std::function<void()> both(Use one, Use other, bool locked) {
  return [=] {
    const auto memory = std::make_unique<Memory>();
    std::mutex mutex;
    const auto run = [&](const Use& use) {
      std::unique_lock lock(mutex, std::defer_lock);
      if (locked) lock.lock();  // BUG where it is not
      use(*memory);
    };
    std::thread a([&] { run(one); }), b([&] { run(other); });
    a.join();
    b.join();
  };
}

inline Use reads_byte(std::size_t index) {
  return [index](Memory& memory) { keep(memory.bytes[index]); };
}
// What it holds already.
inline Use writes_text(std::size_t index) {
  return [index](Memory& memory) {
    volatile char& byte = memory.text[index];
    byte = byte;
  };
}

inline void touches(const Use& use, Use (*touch)(std::size_t index), std::size_t size) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer knows of few of these functions, and not always how far they go");
  works(both(use, touch(size), false));
  if (size == 0) return;
  works(both(use, touch(size - 1), true));
  is_caught(both(use, touch(size - 1), false), Kind::data_race);
  is_caught(both(use, touch(0), false), Kind::data_race);
}
inline void fills(const Use& use, std::size_t size) { touches(use, reads_byte, size); }
inline void reads(const Use& use, std::size_t size) { touches(use, writes_text, size); }

}  // namespace racecourse::conformance
