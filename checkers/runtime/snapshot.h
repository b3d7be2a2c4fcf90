// What a snapshot covers. Internal to snapshot.cpp and snapshot_areas.cpp; the operations are in runtime.h.
#pragma once

#include <cstddef>
#include <cstdint>

namespace racecourse::runtime::snapshot {

inline constexpr std::uintptr_t kPage = 4096;
inline constexpr int kMaxRegions = 1024;
inline constexpr int kMaxHoles = 1024;

inline constexpr std::uintptr_t page_down(std::uintptr_t address) { return address & ~(kPage - 1); }
inline constexpr std::uintptr_t page_up(std::uintptr_t address) { return page_down(address + kPage - 1); }

// Whole pages of memory that executions start with.
struct Region {
  std::uintptr_t begin;
  std::uintptr_t end;
  std::size_t first_page;  // number of its first page among all covered pages
};

// Bytes inside regions that are never put back.
struct Hole {
  std::uintptr_t begin;
  std::uintptr_t end;
  bool always_writable;  // written by the runtime or the kernel at any time: its pages are never protected
};

struct Areas {
  Region regions[kMaxRegions];
  int region_count;
  Hole holes[kMaxHoles];
  int hole_count;
  std::size_t pages;
};

// Fills `areas`: the variables of every module but the C library's, the used part of the process heap, and the stack
// that holds stack_low, from there up. After tls_snapshot(). Allocates nothing.
void find_areas(Areas& areas, const void* stack_low);

}  // namespace racecourse::runtime::snapshot
