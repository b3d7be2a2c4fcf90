// Where a program keeps pointers when its body has ended: what can still be reached begins there.
#pragma once

#include <cstddef>

namespace racecourse::runtime {

struct RootVisitor {
  void (*visit)(const void* begin, std::size_t size, void* context);
  void* context;
  void operator()(const void* begin, std::size_t size) const { visit(begin, size, context); }
};

// Variables that this execution or an earlier one has written, the C library's, mappings of the program, the
// thread-local storage of threads that live, their stacks, keys and arguments, and T0's. Nothing of its stack, for the
// body has returned. Of the C library's heap what the C library allocated in this execution: there also lies what this
// checker remembers of earlier ones. False if that was too much to be known.
bool visit_roots(const RootVisitor& visitor);
// Of the snapshot (snapshot.cpp): what differs from it, or may.
void snapshot_visit_written(const RootVisitor& visitor);

}  // namespace racecourse::runtime
