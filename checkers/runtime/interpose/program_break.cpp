// sbrk and brk: an execution begins with the break where the one before it began.
#include <errno.h>
#include <racecourse/checkers/runtime/interpose/files.h>
#include <racecourse/checkers/runtime/interpose/mapping.h>
#include <unistd.h>

#include <cstring>

RC_DECLARE_ORIGINAL(sbrk)
RC_DECLARE_ORIGINAL(brk)

namespace racecourse::runtime {

namespace {

struct Break {
  char* first;  // before the execution moved it; null: it did not
  char* last;   // where the execution left it
};
[[gnu::section("racecourse_state")]] Break moved = {};

char* now() { return static_cast<char*>(RC_ORIGINAL(sbrk)(0)); }

char* page_after(char* address) {
  return reinterpret_cast<char*>(end_of(reinterpret_cast<std::uintptr_t>(address), 0));
}

bool move_break(char* to, std::uint64_t pc) {
  char* const from = now();
  if (to > from && !may_map(static_cast<std::size_t>(to - from))) {
    errno = ENOMEM;
    return false;
  }
  if (to < from)
    before_unmapping(page_after(to), static_cast<std::size_t>(page_after(from) - page_after(to)), Unmapped::gone, pc);
  if (RC_ORIGINAL(brk)(to) != 0) return false;
  to = now();  // for an address below all data, it stays
  if (moved.first == nullptr) moved.first = from;
  moved.last = to;
  note_break(reinterpret_cast<std::uintptr_t>(from), reinterpret_cast<std::uintptr_t>(to));
  return true;
}

}  // namespace

void restore_break() {
  if (moved.first == nullptr) return;
  // The C library may have moved it, too.
  if (now() == moved.last) {
    RC_ORIGINAL(brk)(moved.first);
    // The page that it lies on stays.
    const auto used = reinterpret_cast<std::uintptr_t>(moved.first) % 4096;
    if (used != 0) std::memset(moved.first, 0, 4096 - used);
  }
  moved = {};
}

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE_UNRESERVED void* sbrk(intptr_t change) noexcept {
  if (!rt.executing) return RC_ORIGINAL(sbrk)(change);
  uses_files(RC_CALLER);
  if (change == 0) return now();
  char* const before = now();
  return move_break(before + change, RC_CALLER) ? before : reinterpret_cast<void*>(-1);
}

RC_INTERPOSE_UNRESERVED int brk(void* address) noexcept {
  if (!rt.executing) return RC_ORIGINAL(brk)(address);
  uses_files(RC_CALLER);
  return move_break(static_cast<char*>(address), RC_CALLER) ? 0 : -1;
}
