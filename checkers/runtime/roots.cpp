#include <link.h>
#include <racecourse/checkers/runtime/interpose/mapping.h>
#include <racecourse/checkers/runtime/library_blocks.h>
#include <racecourse/checkers/runtime/modules.h>
#include <racecourse/checkers/runtime/roots.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <racecourse/checkers/runtime/tls.h>
#include <unistd.h>

namespace racecourse::runtime {

namespace {

// The C library's variables are no part of a snapshot. Looked up once: no execution loads or unloads it.
struct Variables {
  const void* begin;
  std::size_t size;
};
struct CLibrary {
  Variables variables[32];
  int count;
};
[[gnu::section("racecourse_state")]] CLibrary c_library = {};

int add_variables(dl_phdr_info* module, std::size_t, void*) {
  constexpr int kMost = sizeof c_library.variables / sizeof c_library.variables[0];
  if (!is_c_library(module->dlpi_name)) return 0;
  for (int i = 0; i < module->dlpi_phnum && c_library.count < kMost; ++i) {
    const auto& segment = module->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || !(segment.p_flags & PF_W)) continue;
    c_library.variables[c_library.count++] = {reinterpret_cast<const void*>(module->dlpi_addr + segment.p_vaddr),
                                              segment.p_memsz};
  }
  return 0;
}

// putenv() keeps what it is given in an array of the C library's.
void visit_environment(const RootVisitor& visitor) {
  std::size_t count = 0;
  while (environ != nullptr && environ[count] != nullptr) ++count;
  visitor(environ, count * sizeof environ[0]);
}

// Thread-local storage lies below the thread pointer, the thread's control block above it.
void visit_thread_storage(const Fiber& fiber, const RootVisitor& visitor) {
  constexpr std::size_t kControlBlock = 0x700;  // less than it has, and all that holds pointers of the program
  const std::ptrdiff_t lowest = tls_lowest_offset();
  visitor(reinterpret_cast<const char*>(fiber.fs_base) + lowest, static_cast<std::size_t>(-lowest) + kControlBlock);
  visitor(fiber.keys, static_cast<std::size_t>(fiber.keys_used) * sizeof fiber.keys[0]);
  visitor(fiber.destructors, static_cast<std::size_t>(fiber.destructor_count) * sizeof fiber.destructors[0]);
}

void visit_thread(const Fiber& fiber, const RootVisitor& visitor) {
  if (fiber.state == ThreadState::unused) return;
  // What it returned waits for whoever joins it.
  if (!fiber.joined && !fiber.detached) visitor(&fiber.result, sizeof fiber.result);
  const bool vanished = fiber.wait == Wait::never;
  if (fiber.state == ThreadState::ended && !vanished) return;
  visitor(&fiber.argument, sizeof fiber.argument);
  visitor(fiber.stack_pointer,
          static_cast<std::size_t>(fiber.stack_top - static_cast<const char*>(fiber.stack_pointer)));
  visit_thread_storage(fiber, visitor);
}

}  // namespace

bool visit_roots(const RootVisitor& visitor) {
  if (c_library.count == 0) dl_iterate_phdr(add_variables, nullptr);
  for (int i = 0; i < c_library.count; ++i) visitor(c_library.variables[i].begin, c_library.variables[i].size);
  visit_environment(visitor);
  snapshot_visit_written(visitor);
  visit_mappings(visitor);
  visit_thread_storage(rt.fibers[0], visitor);
  for (int i = 1; i < rt.thread_count; ++i) visit_thread(rt.fibers[i], visitor);
  return visit_library_blocks(visitor);
}

}  // namespace racecourse::runtime
