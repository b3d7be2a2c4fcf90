#include <fcntl.h>
#include <racecourse/checkers/high_descriptors.h>
#include <racecourse/checkers/runtime/descriptors.h>
#include <racecourse/checkers/runtime/interpose/file_streams.h>
#include <racecourse/checkers/runtime/interpose/timer_descriptor.h>
#include <racecourse/checkers/runtime/process_state.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace racecourse::runtime {
namespace {

constexpr int kDescriptors = 1024;
constexpr int kReplaced = 64;

struct Replaced {
  int descriptor;
  int copy;
  int flags;
};

struct Descriptors {
  int lowest;        // of ours
  bool many_opened;  // with numbers beyond those of `opened`
  std::uint64_t opened[kDescriptors / 64];
  int replaced_count;
  Replaced replaced[kReplaced];
};
[[gnu::section("racecourse_state")]] Descriptors kept = {};

bool is_opened(int descriptor) {
  return descriptor < kDescriptors ? (kept.opened[descriptor / 64] >> (descriptor % 64) & 1) != 0 : kept.many_opened;
}

int lowest_reserved() {
  if (kept.lowest == 0) kept.lowest = lowest_of_ours();
  return kept.lowest;
}

void close_opened() {
  for (int word = 0; word < kDescriptors / 64; ++word)
    for (; kept.opened[word] != 0; kept.opened[word] &= kept.opened[word] - 1)
      raw_syscall(SYS_close, word * 64 + __builtin_ctzll(kept.opened[word]));
  if (kept.many_opened) raw_syscall(SYS_close_range, kDescriptors, ~0u, 0);
  kept.many_opened = false;
}

void put_back_replaced() {
  for (int i = 0; i < kept.replaced_count; ++i) {
    const Replaced& one = kept.replaced[i];
    raw_syscall(SYS_dup3, one.copy, one.descriptor, (one.flags & FD_CLOEXEC) != 0 ? O_CLOEXEC : 0);
    raw_syscall(SYS_close, one.copy);
    forget_stream_of(one.descriptor);
  }
  kept.replaced_count = 0;
}

}  // namespace

int note_opened(int descriptor) {
  if (!rt.executing || descriptor < 0) return descriptor;
  if (descriptor < kDescriptors) {
    kept.opened[descriptor / 64] |= std::uint64_t{1} << (descriptor % 64);
  } else {
    kept.many_opened = true;
  }
  forget_timer(descriptor);
  descriptors_changed();
  return descriptor;
}

void note_closed(int descriptor) {
  forget_timer(descriptor);
  if (descriptor >= 0 && descriptor < kDescriptors)
    kept.opened[descriptor / 64] &= ~(std::uint64_t{1} << (descriptor % 64));
}

bool may_go(int descriptor) {
  if (descriptor < 0 || is_opened(descriptor)) return true;
  const auto flags = static_cast<int>(raw_syscall(SYS_fcntl, descriptor, F_GETFD));
  if (flags < 0) return true;  // nothing is there
  if (descriptor >= lowest_reserved()) return false;
  Replaced* const end = kept.replaced + kept.replaced_count;
  const bool known = std::any_of(kept.replaced, end, [=](const Replaced& one) { return one.descriptor == descriptor; });
  if (known || kept.replaced_count == kReplaced) return true;
  const auto copy = static_cast<int>(raw_syscall(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, lowest_reserved()));
  if (copy < 0) return true;
  kept.replaced[kept.replaced_count++] = {descriptor, copy, flags};
  descriptors_changed();
  return true;
}

bool may_be_closed(int descriptor) {
  if (!rt.executing || rt.ignore != 0 || may_go(descriptor)) return true;
  errno = EBADF;
  return false;
}

void restore_descriptors() {
  close_opened();
  put_back_replaced();
}

}  // namespace racecourse::runtime
