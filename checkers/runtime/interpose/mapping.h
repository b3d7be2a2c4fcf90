#pragma once

#include <racecourse/checkers/runtime/roots.h>

#include <cstddef>
#include <cstdint>

namespace racecourse::runtime {

// What the program mapped in this execution, in whole pages.
struct Mapping {
  std::uintptr_t begin, end;
  bool of_no_file;
  bool takes_memory;
  bool attached = false;  // by shmat: goes whole
};
void note_mapping(const Mapping& mapping);
void forget_mappings(std::uintptr_t begin, std::uintptr_t end);
const Mapping* mapping_of(std::uintptr_t address);  // null: none
// Where it may go if the program leaves that to the system, whose choice would be another one in every process: below
// what is there already, as the kernel does it. 0: there is no room.
std::uintptr_t free_place(std::size_t size);
inline std::uintptr_t end_of(std::uintptr_t begin, std::size_t size) {
  return (begin + size + 4095) & ~std::uintptr_t{4095};
}
// Nothing is known of what is there from now on.
void forget_memory(std::uintptr_t begin, std::uintptr_t end);

// Between executions: what the last one mapped and did not unmap.
void unmap_leftovers();
// Whether the program may have more memory in this execution.
bool may_map(std::size_t more);
// The break, the end of the program's data, was moved from one address to another; and back, between executions.
void note_break(std::uintptr_t from, std::uintptr_t to);
void restore_break();
// Shared memory that was attached, and detached.
void note_attached(const void* begin, std::size_t size);
// Memory is about to go or to become another, or none may write to it any more: for whoever uses it unordered, that is
// a write to it or a read.
enum class Unmapped { gone, read_only };
void before_unmapping(const void* begin, std::size_t size, Unmapped how, std::uint64_t pc);
void note_detached(const void* begin);
// What the program has mapped in this execution.
void visit_mappings(const RootVisitor& visitor);

}  // namespace racecourse::runtime
