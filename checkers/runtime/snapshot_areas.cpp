#include <fcntl.h>
#include <link.h>
#include <racecourse/checkers/runtime/heap.h>
#include <racecourse/checkers/runtime/modules.h>
#include <racecourse/checkers/runtime/snapshot.h>
#include <racecourse/checkers/runtime/tls.h>
#include <sys/syscall.h>

// Bounds, made by the linker, of the section of the runtime's variables and of that of the functions behind the
// interposed ones: looked up once, so there is nothing in it to put back.
extern "C" {
extern char __start_racecourse_state[], __stop_racecourse_state[];
[[gnu::weak]] extern char __start_racecourse_real[], __stop_racecourse_real[];
}

namespace racecourse::runtime::snapshot {

namespace {

std::uintptr_t address_of(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

void add_region(Areas& areas, std::uintptr_t begin, std::uintptr_t end) {
  begin = page_down(begin);
  end = page_up(end);
  if (begin >= end) return;
  if (areas.region_count == kMaxRegions) refuse("more than %d regions of variables", kMaxRegions);
  areas.regions[areas.region_count++] = {begin, end, areas.pages};
  areas.pages += (end - begin) / kPage;
}

void add_hole(Areas& areas, std::uintptr_t begin, std::uintptr_t end, bool always_writable) {
  if (begin >= end) return;
  if (areas.hole_count == kMaxHoles) refuse("more than %d modules", kMaxHoles);
  areas.holes[areas.hole_count++] = {begin, end, always_writable};
}

// Lazy binding writes the addresses of functions there on their first call.
void add_binding_table(Areas& areas, const dl_phdr_info& module, const ElfW(Dyn) * entry) {
  std::uintptr_t table = 0;
  std::size_t size = 0;
  for (; entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag == DT_PLTGOT) table = entry->d_un.d_ptr;
    if (entry->d_tag == DT_PLTRELSZ) size = entry->d_un.d_val;
  }
  if (table == 0) return;
  if (table < module.dlpi_addr) table += module.dlpi_addr;  // not every loader relocates this entry
  constexpr std::size_t kReserved = 3;
  add_hole(areas, table, table + (kReserved + size / sizeof(ElfW(Rela))) * sizeof(void*), false);
}

int add_module(dl_phdr_info* module, std::size_t, void* argument) {
  auto& areas = *static_cast<Areas*>(argument);
  if (is_c_library(module->dlpi_name)) return 0;
  std::uintptr_t read_only_begin = 0, read_only_end = 0;  // after relocation
  for (int i = 0; i < module->dlpi_phnum; ++i) {
    const auto& segment = module->dlpi_phdr[i];
    const std::uintptr_t begin = module->dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_GNU_RELRO) {
      read_only_begin = page_down(begin);
      read_only_end = page_down(begin + segment.p_memsz);
    }
    if (segment.p_type == PT_DYNAMIC) add_binding_table(areas, *module, reinterpret_cast<const ElfW(Dyn)*>(begin));
  }
  for (int i = 0; i < module->dlpi_phnum; ++i) {
    const auto& segment = module->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || !(segment.p_flags & PF_W)) continue;
    const std::uintptr_t begin = page_down(module->dlpi_addr + segment.p_vaddr);
    const std::uintptr_t end = page_up(module->dlpi_addr + segment.p_vaddr + segment.p_memsz);
    if (read_only_end <= begin || read_only_begin >= end) {
      add_region(areas, begin, end);
    } else {
      add_region(areas, begin, read_only_begin);
      add_region(areas, read_only_end, end);
    }
  }
  return 0;
}

// Reads /proc/self/maps by bare system calls: nothing here may allocate, or call what is interposed.
class MapsReader {
 public:
  MapsReader() : file_(raw_syscall(SYS_open, reinterpret_cast<long>("/proc/self/maps"), O_RDONLY | O_CLOEXEC)) {}
  ~MapsReader() {
    if (file_ >= 0) raw_syscall(SYS_close, file_);
  }
  MapsReader(const MapsReader&) = delete;
  MapsReader& operator=(const MapsReader&) = delete;

  // The next mapping; false after the last.
  bool next(std::uintptr_t& begin, std::uintptr_t& end) {
    begin = hexadecimal();
    end = hexadecimal();
    int c;
    while ((c = get()) >= 0 && c != '\n') continue;
    return c == '\n';
  }

 private:
  std::uintptr_t hexadecimal() {  // and the character after it
    std::uintptr_t value = 0;
    for (;;) {
      const int c = get();
      if (c >= '0' && c <= '9')
        value = value * 16 + static_cast<std::uintptr_t>(c - '0');
      else if (c >= 'a' && c <= 'f')
        value = value * 16 + static_cast<std::uintptr_t>(c - 'a' + 10);
      else
        return value;
    }
  }

  int get() {
    if (at_ == size_) {
      size_ = file_ >= 0 ? raw_syscall(SYS_read, file_, reinterpret_cast<long>(buffer_), sizeof buffer_) : 0;
      at_ = 0;
      if (size_ <= 0) {
        size_ = 0;
        return -1;
      }
    }
    return static_cast<unsigned char>(buffer_[at_++]);
  }

  long file_;
  long size_ = 0;
  long at_ = 0;
  char buffer_[4096];
};

void add_stack(Areas& areas, std::uintptr_t low) {
  MapsReader maps;
  std::uintptr_t begin, end;
  do {
    if (!maps.next(begin, end)) refuse("cannot find the stack in /proc/self/maps");
  } while (low < begin || low >= end);
  // The stack of a thread other than the first ends in its control block, which the kernel writes too.
  const std::uintptr_t thread_begin = rt.fibers[0].fs_base + static_cast<std::uintptr_t>(tls_lowest_offset());
  if (rt.fibers[0].fs_base > low && thread_begin > low && thread_begin < end) {
    add_region(areas, low, thread_begin);
    add_hole(areas, thread_begin, page_up(thread_begin), true);
  } else {
    add_region(areas, low, end);
  }
}

}  // namespace

void find_areas(Areas& areas, const void* stack_low) {
  areas.region_count = areas.hole_count = 0;
  areas.pages = 0;
  add_hole(areas, address_of(&rt), address_of(&rt + 1), true);
  add_hole(areas, address_of(__start_racecourse_state), address_of(__stop_racecourse_state), true);
  add_hole(areas, address_of(__start_racecourse_real), address_of(__stop_racecourse_real), false);
  add_region(areas, heap::kProcessPool, heap::state.process.bump);
  dl_iterate_phdr(add_module, &areas);
  add_stack(areas, address_of(stack_low));
}

}  // namespace racecourse::runtime::snapshot
