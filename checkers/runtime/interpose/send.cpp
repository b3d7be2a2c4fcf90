#include <racecourse/checkers/runtime/descriptors.h>
#include <racecourse/checkers/runtime/interpose/send.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

RC_DECLARE_ORIGINAL(write)
RC_DECLARE_ORIGINAL(writev)
RC_DECLARE_ORIGINAL(pwrite)
RC_DECLARE_ORIGINAL(send)
RC_DECLARE_ORIGINAL(sendto)
RC_DECLARE_ORIGINAL(sendmsg)
RC_DECLARE_ORIGINAL(eventfd_write)
RC_DECLARE_ORIGINAL(connect)
RC_DECLARE_ORIGINAL(shutdown)
RC_DECLARE_ORIGINAL(close)

namespace racecourse::runtime {

namespace {

using runtime::reads;

void reads(const iovec* parts, std::size_t count, std::uint64_t pc) {
  for (std::size_t i = 0; i < count; ++i) reads(parts[i].iov_base, parts[i].iov_len, pc);
}

}  // namespace

int close_descriptor(int descriptor, std::uint64_t pc) {
  before_telling(pc);
  if (!may_be_closed(descriptor)) return -1;
  const int result = RC_ORIGINAL(close)(descriptor);
  if (rt.executing && result == 0) note_closed(descriptor);
  return result;
}

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE ssize_t write(int descriptor, const void* data, size_t size) {
  reads(data, size, RC_CALLER);
  return on_descriptor(descriptor, RC_CALLER, [&] { return RC_ORIGINAL(write)(descriptor, data, size); });
}

RC_INTERPOSE_UNRESERVED ssize_t writev(int descriptor, const iovec* parts, int count) {
  if (count > 0) reads(parts, static_cast<std::size_t>(count), RC_CALLER);
  return on_descriptor(descriptor, RC_CALLER, [&] { return RC_ORIGINAL(writev)(descriptor, parts, count); });
}

RC_INTERPOSE ssize_t pwrite(int descriptor, const void* data, size_t size, off_t offset) {
  reads(data, size, RC_CALLER);
  return on_descriptor(descriptor, RC_CALLER, [&] { return RC_ORIGINAL(pwrite)(descriptor, data, size, offset); });
}

RC_INTERPOSE ssize_t pwrite64(int descriptor, const void* data, size_t size, off64_t offset) {
  reads(data, size, RC_CALLER);
  return on_descriptor(descriptor, RC_CALLER, [&] { return RC_ORIGINAL(pwrite)(descriptor, data, size, offset); });
}

RC_INTERPOSE_UNRESERVED ssize_t send(int descriptor, const void* data, size_t size, int flags) {
  reads(data, size, RC_CALLER);
  return on_descriptor(descriptor, RC_CALLER, [&] { return RC_ORIGINAL(send)(descriptor, data, size, flags); });
}

RC_INTERPOSE ssize_t sendto(int descriptor, const void* data, size_t size, int flags, const sockaddr* address,
                            socklen_t length) {
  reads(data, size, RC_CALLER);
  return on_descriptor(descriptor, RC_CALLER,
                       [&] { return RC_ORIGINAL(sendto)(descriptor, data, size, flags, address, length); });
}

RC_INTERPOSE ssize_t sendmsg(int descriptor, const msghdr* message, int flags) {
  reads(message->msg_iov, message->msg_iovlen, RC_CALLER);
  return on_descriptor(descriptor, RC_CALLER, [&] { return RC_ORIGINAL(sendmsg)(descriptor, message, flags); });
}

RC_INTERPOSE int eventfd_write(int descriptor, eventfd_t value) {
  return on_descriptor(descriptor, RC_CALLER, [&] { return RC_ORIGINAL(eventfd_write)(descriptor, value); });
}

RC_INTERPOSE_UNRESERVED int connect(int descriptor, const sockaddr* address, socklen_t length) {
  before_telling(RC_CALLER);
  return RC_ORIGINAL(connect)(descriptor, address, length);
}

// Who reads what is there reads then that no more will come.
RC_INTERPOSE_UNRESERVED int shutdown(int descriptor, int how) noexcept {
  before_telling(RC_CALLER);
  return RC_ORIGINAL(shutdown)(descriptor, how);
}

RC_INTERPOSE int close(int descriptor) { return close_descriptor(descriptor, RC_CALLER); }
