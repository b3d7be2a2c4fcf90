// Static thread-local storage as part of the state of an execution: every loaded module's but the C library's, which
// holds the thread's identity, its errno, its locale.
//
// Modules loaded after tls_snapshot(), and dlopen'ed modules whose storage is allocated on first use, are not covered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace racecourse::runtime {

struct TlsImage {
  std::ptrdiff_t offset;  // of the module's block, from the thread pointer
  const void* image;      // initial contents; the rest is zero
  std::size_t file_size;
  std::size_t memory_size;
};

// In a worker: finds the modules and keeps the values of the main thread, which is T0's.
void tls_snapshot();
// Puts the main thread's values back.
void tls_restore();
// Gives a new thread its initial values.
void tls_reset(std::uint64_t fs_base);

std::span<const TlsImage> tls_images();  // as of tls_snapshot(), lowest offset first
std::ptrdiff_t tls_lowest_offset();      // of any module, the C library included: all static storage lies above it

}  // namespace racecourse::runtime
