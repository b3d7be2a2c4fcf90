#include <link.h>
#include <racecourse/checkers/runtime/modules.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <racecourse/checkers/runtime/tls.h>
#include <sys/mman.h>

#include <cstring>

namespace racecourse::runtime {

namespace {

constexpr int kMaxModules = 128;
// Blocks this close are copied as one: what lies between them is padding.
constexpr std::ptrdiff_t kMergeGap = 256;

struct Found {
  TlsImage images[kMaxModules];
  int image_count;
  TlsImage kept_out[kMaxModules];  // of the C library
  int kept_out_count;
  std::size_t total;  // upper bound of all static storage
  std::ptrdiff_t lowest;
};

// Adjacent blocks, and what to copy into them.
struct Range {
  std::ptrdiff_t offset;
  std::size_t size;
  char* initial;  // for a new thread
  char* saved;    // the main thread's, at tls_snapshot()
};

struct Tls {
  Found found;
  Range ranges[kMaxModules];
  int range_count;
  bool much;  // some range is larger than a few words
  std::uint64_t main_fs_base;
  char* memory;
  std::size_t memory_size;
};
[[gnu::section("racecourse_state")]] Tls tls{};

// The thread control block starts with its own address.
std::uint64_t thread_pointer() {
  std::uint64_t value;
  asm("movq %%fs:0, %0" : "=r"(value));
  return value;
}

int add_to_total(dl_phdr_info* module, std::size_t, void*) {
  for (int i = 0; i < module->dlpi_phnum; ++i)
    if (module->dlpi_phdr[i].p_type == PT_TLS)
      tls.found.total += module->dlpi_phdr[i].p_memsz + module->dlpi_phdr[i].p_align;
  return 0;
}

void insert(TlsImage* images, int& count, const TlsImage& image) {
  if (count == kMaxModules) refuse("more than %d modules with thread-local storage", kMaxModules);
  int at = count++;
  for (; at > 0 && images[at - 1].offset > image.offset; --at) images[at] = images[at - 1];
  images[at] = image;
}

int find_image(dl_phdr_info* module, std::size_t, void*) {
  if (module->dlpi_tls_data == nullptr) return 0;
  for (int i = 0; i < module->dlpi_phnum; ++i) {
    const auto& segment = module->dlpi_phdr[i];
    if (segment.p_type != PT_TLS || segment.p_memsz == 0) continue;
    const auto offset =
        static_cast<std::ptrdiff_t>(reinterpret_cast<std::uint64_t>(module->dlpi_tls_data) - thread_pointer());
    // Static blocks are packed below the thread pointer; anything else was allocated on first use.
    constexpr std::ptrdiff_t kSurplus = 8192;
    if (offset >= 0 || offset < -static_cast<std::ptrdiff_t>(tls.found.total) - kSurplus) continue;
    const TlsImage image{offset, reinterpret_cast<const void*>(module->dlpi_addr + segment.p_vaddr), segment.p_filesz,
                         segment.p_memsz};
    if (offset < tls.found.lowest) tls.found.lowest = offset;
    if (is_c_library(module->dlpi_name))
      insert(tls.found.kept_out, tls.found.kept_out_count, image);
    else
      insert(tls.found.images, tls.found.image_count, image);
  }
  return 0;
}

bool padding_only(std::ptrdiff_t begin, std::ptrdiff_t end) {
  if (end - begin > kMergeGap) return false;
  for (int i = 0; i < tls.found.kept_out_count; ++i) {
    const TlsImage& block = tls.found.kept_out[i];
    if (block.offset < end && block.offset + static_cast<std::ptrdiff_t>(block.memory_size) > begin) return false;
  }
  return true;
}

std::size_t merge() {
  std::size_t total = 0;
  tls.range_count = 0;
  for (const TlsImage& image : tls_images()) {
    const auto end = image.offset + static_cast<std::ptrdiff_t>(image.memory_size);
    Range* last = tls.range_count > 0 ? &tls.ranges[tls.range_count - 1] : nullptr;
    if (last != nullptr && padding_only(last->offset + static_cast<std::ptrdiff_t>(last->size), image.offset)) {
      total -= last->size;
      last->size = static_cast<std::size_t>(end - last->offset);
    } else {
      last = &tls.ranges[tls.range_count++];
      *last = {image.offset, image.memory_size, nullptr, nullptr};
    }
    total += last->size;
  }
  return total;
}

// What copy_little() takes.
bool is_little(std::size_t size) { return size >= 4 && size <= 64; }

}  // namespace

std::span<const TlsImage> tls_images() { return {tls.found.images, static_cast<std::size_t>(tls.found.image_count)}; }

std::ptrdiff_t tls_lowest_offset() { return tls.found.lowest; }

void tls_snapshot() {
  tls.found = Found{};
  // On the host's stack the main thread's storage is that of T0, not the current one.
  tls.main_fs_base = rt.fibers[0].fs_base != 0 ? rt.fibers[0].fs_base : thread_pointer();
  dl_iterate_phdr(add_to_total, nullptr);
  dl_iterate_phdr(find_image, nullptr);
  const std::size_t total = merge();
  if (tls.memory != nullptr) munmap(tls.memory, tls.memory_size);
  tls.memory_size = total * 2 + 1;
  void* memory = mmap(nullptr, tls.memory_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) refuse("cannot map memory for thread-local storage");
  tls.memory = static_cast<char*>(memory);
  char* free = tls.memory;
  tls.much = false;
  for (int i = 0; i < tls.range_count; ++i) {
    Range& range = tls.ranges[i];
    range.initial = free;
    range.saved = free + range.size;
    free += range.size * 2;
    tls.much |= !is_little(range.size);
    std::memcpy(range.saved, reinterpret_cast<char*>(tls.main_fs_base) + range.offset, range.size);
    for (const TlsImage& image : tls_images())
      if (image.offset >= range.offset && image.offset < range.offset + static_cast<std::ptrdiff_t>(range.size))
        std::memcpy(range.initial + (image.offset - range.offset), image.image, image.file_size);
  }
}

namespace {

// Most modules have a few words: two moves, or four, which may overlap.
RC_INLINE void copy_little(char* to, const char* from, std::size_t size) {
  if (size > 32) {
    __builtin_memcpy(to, from, 16);
    __builtin_memcpy(to + 16, from + 16, 16);
    __builtin_memcpy(to + size - 32, from + size - 32, 16);
    __builtin_memcpy(to + size - 16, from + size - 16, 16);
  } else if (size >= 16) {
    __builtin_memcpy(to, from, 16);
    __builtin_memcpy(to + size - 16, from + size - 16, 16);
  } else if (size >= 8) {
    __builtin_memcpy(to, from, 8);
    __builtin_memcpy(to + size - 8, from + size - 8, 8);
  } else {
    __builtin_memcpy(to, from, 4);
    __builtin_memcpy(to + size - 4, from + size - 4, 4);
  }
}

[[gnu::noinline]] void copy_much(std::uint64_t fs_base, char* Range::*from) {
  for (int i = 0; i < tls.range_count; ++i) {
    const Range& range = tls.ranges[i];
    std::memcpy(reinterpret_cast<char*>(fs_base) + range.offset, range.*from, range.size);
  }
}

// Calls nothing in the common case, and so has no registers to save.
RC_INLINE void copy_all(std::uint64_t fs_base, char* Range::*from) {
  if (RC_UNLIKELY(tls.much)) return copy_much(fs_base, from);
  for (int i = 0; i < tls.range_count; ++i) {
    const Range& range = tls.ranges[i];
    copy_little(reinterpret_cast<char*>(fs_base) + range.offset, range.*from, range.size);
  }
}

}  // namespace

void tls_restore() { copy_all(tls.main_fs_base, &Range::saved); }

void tls_reset(std::uint64_t fs_base) { copy_all(fs_base, &Range::initial); }

}  // namespace racecourse::runtime
