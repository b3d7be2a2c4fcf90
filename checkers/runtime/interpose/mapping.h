#pragma once

#include <racecourse/checkers/runtime/roots.h>

#include <cstddef>
#include <cstdint>

namespace racecourse::runtime {

// Between executions: what the last one mapped and did not unmap.
void unmap_leftovers();
// Whether the program may have more memory in this execution.
bool may_map(std::size_t more);
// The break, the end of the program's data, was moved from one address to another; and back, between executions.
void note_break(std::uintptr_t from, std::uintptr_t to);
void restore_break();
// Shared memory that was attached, and detached. Before that, as before munmap(), what reads the memory must be done.
void note_attached(const void* begin, std::size_t size);
void before_unmapping();
void note_detached(const void* begin);
// What the program has mapped in this execution.
void visit_mappings(const RootVisitor& visitor);

}  // namespace racecourse::runtime
