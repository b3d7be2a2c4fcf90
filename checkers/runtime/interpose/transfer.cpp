// Calls by which the kernel moves bytes from one descriptor to another.
#include <fcntl.h>
#include <poll.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/ready.h>
#include <racecourse/checkers/runtime/interpose/send.h>
#include <sys/sendfile.h>

RC_DECLARE_ORIGINAL(sendfile)
RC_DECLARE_ORIGINAL(sendfile64)
RC_DECLARE_ORIGINAL(copy_file_range)
RC_DECLARE_ORIGINAL(splice)
RC_DECLARE_ORIGINAL(tee)
RC_DECLARE_ORIGINAL(vmsplice)

namespace racecourse::runtime {

namespace {

// `offset`: where the kernel tells how far it came, or null.
template <class Offset, class Transfer>
auto transfer(int to, Offset* offset, std::uint64_t pc, Transfer move) {
  open_for_kernel(offset, sizeof *offset);
  return on_descriptor(to, pc, move);
}

void before_splicing(const char* call, int from, unsigned flags, std::uint64_t pc) {
  if (rt.executing && (flags & SPLICE_F_NONBLOCK) == 0) wait_for_descriptor(call, from, POLLIN, pc);
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE_UNRESERVED ssize_t sendfile(int to, int from, off_t* offset, size_t size) noexcept {
  return transfer(to, offset, RC_CALLER, [&] { return RC_ORIGINAL(sendfile)(to, from, offset, size); });
}
RC_INTERPOSE_UNRESERVED ssize_t sendfile64(int to, int from, off64_t* offset, size_t size) noexcept {
  return transfer(to, offset, RC_CALLER, [&] { return RC_ORIGINAL(sendfile64)(to, from, offset, size); });
}
RC_INTERPOSE_UNRESERVED ssize_t copy_file_range(int from, off64_t* offset, int to, off64_t* to_offset, size_t size,
                                                unsigned flags) {
  open_for_kernel(to_offset, sizeof *to_offset);
  return transfer(to, offset, RC_CALLER,
                  [&] { return RC_ORIGINAL(copy_file_range)(from, offset, to, to_offset, size, flags); });
}
RC_INTERPOSE_UNRESERVED ssize_t splice(int from, off64_t* offset, int to, off64_t* to_offset, size_t size,
                                       unsigned flags) {
  before_splicing("splice", from, flags, RC_CALLER);
  open_for_kernel(to_offset, sizeof *to_offset);
  return transfer(to, offset, RC_CALLER, [&] { return RC_ORIGINAL(splice)(from, offset, to, to_offset, size, flags); });
}
RC_INTERPOSE_UNRESERVED ssize_t tee(int from, int to, size_t size, unsigned flags) {
  before_splicing("tee", from, flags, RC_CALLER);
  return on_descriptor(to, RC_CALLER, [&] { return RC_ORIGINAL(tee)(from, to, size, flags); });
}
RC_INTERPOSE_UNRESERVED ssize_t vmsplice(int to, const iovec* parts, size_t count, unsigned flags) {
  return on_descriptor(to, RC_CALLER, [&] { return RC_ORIGINAL(vmsplice)(to, parts, count, flags); });
}
