// Calls that read from a descriptor and may block. (Writing blocks only when a reader outside is slow, which ends by
// itself, or when nobody reads, which the watchdog ends.)
#include <poll.h>
#include <racecourse/checkers/runtime/descriptors.h>
#include <racecourse/checkers/runtime/interpose/files.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/ready.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

extern "C" {
ssize_t __read_chk(int descriptor, void* buffer, size_t size, size_t room);
ssize_t __recv_chk(int descriptor, void* buffer, size_t size, size_t room, int flags);
ssize_t __recvfrom_chk(int descriptor, void* buffer, size_t size, size_t room, int flags, sockaddr* address,
                       socklen_t* length);
ssize_t __pread_chk(int descriptor, void* buffer, size_t size, off_t offset, size_t room);
ssize_t __pread64_chk(int descriptor, void* buffer, size_t size, off64_t offset, size_t room);
}

RC_DECLARE_ORIGINAL(read)
RC_DECLARE_ORIGINAL(readv)
RC_DECLARE_ORIGINAL(pread)
RC_DECLARE_ORIGINAL(recv)
RC_DECLARE_ORIGINAL(recvfrom)
RC_DECLARE_ORIGINAL(recvmsg)
RC_DECLARE_ORIGINAL(accept)
RC_DECLARE_ORIGINAL(accept4)
RC_DECLARE_ORIGINAL(eventfd_read)
RC_DECLARE_ORIGINAL(__read_chk)
RC_DECLARE_ORIGINAL(__recv_chk)
RC_DECLARE_ORIGINAL(__recvfrom_chk)
RC_DECLARE_ORIGINAL(__pread_chk)
RC_DECLARE_ORIGINAL(preadv)
RC_DECLARE_ORIGINAL(preadv2)
RC_DECLARE_ORIGINAL(recvmmsg)

namespace racecourse::runtime {

namespace {

void before_reading(const char* call, int descriptor, std::uint64_t pc) {
  if (rt.executing) wait_for_descriptor(call, descriptor, POLLIN, pc);
}

void before_receiving(const char* call, int descriptor, int flags, std::uint64_t pc) {
  if ((flags & MSG_DONTWAIT) == 0) before_reading(call, descriptor, pc);
}

using runtime::open_for_kernel;

void open_for_kernel(const iovec* parts, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) open_for_kernel(parts[i].iov_base, parts[i].iov_len);
}

// Where the kernel puts the other side's address.
void open_for_kernel(sockaddr* address, socklen_t* length) {
  if (address == nullptr || length == nullptr) return;
  open_for_kernel(address, static_cast<std::size_t>(*length));
  open_for_kernel(length, sizeof *length);
}

// Descriptors that came with a message.
void note_passed(const msghdr& message) {
  auto* const whole = const_cast<msghdr*>(&message);
  for (cmsghdr* part = CMSG_FIRSTHDR(whole); part != nullptr; part = CMSG_NXTHDR(whole, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    for (std::size_t at = CMSG_LEN(0); at + sizeof(int) <= part->cmsg_len; at += sizeof(int)) {
      int passed = -1;
      std::memcpy(&passed, reinterpret_cast<const char*>(part) + at, sizeof passed);
      note_opened(passed);
    }
  }
}

// What the kernel wrote into the caller's buffer: another thread that touches it races. Of a message that was too long
// it may return the length.
ssize_t after_reading(const void* buffer, std::size_t room, ssize_t size, std::uint64_t pc) {
  if (size > 0 && controlled()) access(buffer, std::min(room, static_cast<std::size_t>(size)), true, pc);
  return size;
}

ssize_t after_reading(const iovec* parts, std::size_t count, ssize_t size, std::uint64_t pc) {
  ssize_t left = size;
  for (std::size_t i = 0; i < count && left > 0; ++i) {
    after_reading(parts[i].iov_base, parts[i].iov_len, left, pc);
    left -= static_cast<ssize_t>(parts[i].iov_len);
  }
  return size;
}

void open_for_kernel(msghdr* message) {
  open_for_kernel(message, sizeof *message);
  open_for_kernel(message->msg_iov, message->msg_iovlen);
  open_for_kernel(message->msg_control, message->msg_controllen);
  open_for_kernel(message->msg_name, message->msg_namelen);
}

template <class Input>
ssize_t read_at(void* buffer, size_t size, std::uint64_t pc, Input input) {
  uses_files(pc);
  open_for_kernel(buffer, size);
  return after_reading(buffer, size, input(), pc);
}

template <class Input>
ssize_t read_parts_at(const iovec* parts, int count, std::uint64_t pc, Input input) {
  const auto known = static_cast<std::size_t>(std::max(count, 0));
  uses_files(pc);
  open_for_kernel(parts, known);
  return after_reading(parts, known, input(), pc);
}

template <class Input>
ssize_t receive_from(int descriptor, void* buffer, size_t size, int flags, sockaddr* address, socklen_t* length,
                     std::uint64_t pc, Input input) {
  before_receiving("recvfrom", descriptor, flags, pc);
  open_for_kernel(buffer, size);
  open_for_kernel(address, length);
  return after_reading(buffer, size, input(), pc);
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE ssize_t read(int descriptor, void* buffer, size_t size) {
  before_reading("read", descriptor, RC_CALLER);
  open_for_kernel(buffer, size);
  return after_reading(buffer, size, RC_ORIGINAL(read)(descriptor, buffer, size), RC_CALLER);
}

RC_INTERPOSE ssize_t __read_chk(int descriptor, void* buffer, size_t size, size_t room) {
  before_reading("read", descriptor, RC_CALLER);
  open_for_kernel(buffer, size);
  return after_reading(buffer, size, RC_ORIGINAL(__read_chk)(descriptor, buffer, size, room), RC_CALLER);
}

RC_INTERPOSE_UNRESERVED ssize_t readv(int descriptor, const iovec* parts, int count) {
  const auto known = static_cast<std::size_t>(std::max(count, 0));
  before_reading("readv", descriptor, RC_CALLER);
  open_for_kernel(parts, known);
  return after_reading(parts, known, RC_ORIGINAL(readv)(descriptor, parts, count), RC_CALLER);
}

RC_INTERPOSE ssize_t pread(int descriptor, void* buffer, size_t size, off_t offset) {
  return read_at(buffer, size, RC_CALLER, [&] { return RC_ORIGINAL(pread)(descriptor, buffer, size, offset); });
}

RC_INTERPOSE ssize_t pread64(int descriptor, void* buffer, size_t size, off64_t offset) {
  return read_at(buffer, size, RC_CALLER, [&] { return RC_ORIGINAL(pread)(descriptor, buffer, size, offset); });
}

RC_INTERPOSE ssize_t __pread_chk(int descriptor, void* buffer, size_t size, off_t offset, size_t room) {
  return read_at(buffer, size, RC_CALLER,
                 [&] { return RC_ORIGINAL(__pread_chk)(descriptor, buffer, size, offset, room); });
}

RC_INTERPOSE ssize_t __pread64_chk(int descriptor, void* buffer, size_t size, off64_t offset, size_t room) {
  return read_at(buffer, size, RC_CALLER,
                 [&] { return RC_ORIGINAL(__pread_chk)(descriptor, buffer, size, offset, room); });
}

RC_INTERPOSE_UNRESERVED ssize_t preadv(int descriptor, const iovec* parts, int count, off_t offset) {
  return read_parts_at(parts, count, RC_CALLER, [&] { return RC_ORIGINAL(preadv)(descriptor, parts, count, offset); });
}

RC_INTERPOSE_UNRESERVED ssize_t preadv64(int descriptor, const iovec* parts, int count, off64_t offset) {
  return read_parts_at(parts, count, RC_CALLER, [&] { return RC_ORIGINAL(preadv)(descriptor, parts, count, offset); });
}

RC_INTERPOSE_UNRESERVED ssize_t preadv2(int descriptor, const iovec* parts, int count, off_t offset, int flags) {
  return read_parts_at(parts, count, RC_CALLER,
                       [&] { return RC_ORIGINAL(preadv2)(descriptor, parts, count, offset, flags); });
}

RC_INTERPOSE ssize_t recv(int descriptor, void* buffer, size_t size, int flags) {
  before_receiving("recv", descriptor, flags, RC_CALLER);
  open_for_kernel(buffer, size);
  return after_reading(buffer, size, RC_ORIGINAL(recv)(descriptor, buffer, size, flags), RC_CALLER);
}

RC_INTERPOSE ssize_t __recv_chk(int descriptor, void* buffer, size_t size, size_t room, int flags) {
  before_receiving("recv", descriptor, flags, RC_CALLER);
  open_for_kernel(buffer, size);
  return after_reading(buffer, size, RC_ORIGINAL(__recv_chk)(descriptor, buffer, size, room, flags), RC_CALLER);
}

RC_INTERPOSE ssize_t recvfrom(int descriptor, void* buffer, size_t size, int flags, sockaddr* address,
                              socklen_t* length) {
  return receive_from(descriptor, buffer, size, flags, address, length, RC_CALLER,
                      [&] { return RC_ORIGINAL(recvfrom)(descriptor, buffer, size, flags, address, length); });
}

RC_INTERPOSE ssize_t __recvfrom_chk(int descriptor, void* buffer, size_t size, size_t room, int flags,
                                    sockaddr* address, socklen_t* length) {
  return receive_from(descriptor, buffer, size, flags, address, length, RC_CALLER, [&] {
    return RC_ORIGINAL(__recvfrom_chk)(descriptor, buffer, size, room, flags, address, length);
  });
}

RC_INTERPOSE ssize_t recvmsg(int descriptor, msghdr* message, int flags) {
  before_receiving("recvmsg", descriptor, flags, RC_CALLER);
  open_for_kernel(message);
  const ssize_t size = RC_ORIGINAL(recvmsg)(descriptor, message, flags);
  if (size >= 0) note_passed(*message);
  return after_reading(message->msg_iov, message->msg_iovlen, size, RC_CALLER);
}

RC_INTERPOSE int recvmmsg(int descriptor, mmsghdr* messages, unsigned count, int flags, timespec* timeout) {
  before_receiving("recvmmsg", descriptor, flags, RC_CALLER);
  for (unsigned i = 0; i < count; ++i) {
    open_for_kernel(&messages[i].msg_hdr);
    open_for_kernel(&messages[i].msg_len, sizeof messages[i].msg_len);
  }
  // Those that are there: more may never come.
  const int received = RC_ORIGINAL(recvmmsg)(descriptor, messages, count, flags | MSG_WAITFORONE, timeout);
  for (int i = 0; i < received; ++i) {
    const msghdr& message = messages[i].msg_hdr;
    note_passed(message);
    after_reading(message.msg_iov, message.msg_iovlen, static_cast<ssize_t>(messages[i].msg_len), RC_CALLER);
  }
  return received;
}

RC_INTERPOSE_UNRESERVED int accept(int descriptor, sockaddr* address, socklen_t* length) {
  before_reading("accept", descriptor, RC_CALLER);
  open_for_kernel(address, length);
  return note_opened(RC_ORIGINAL(accept)(descriptor, address, length));
}

RC_INTERPOSE_UNRESERVED int accept4(int descriptor, sockaddr* address, socklen_t* length, int flags) {
  before_reading("accept4", descriptor, RC_CALLER);
  open_for_kernel(address, length);
  return note_opened(RC_ORIGINAL(accept4)(descriptor, address, length, flags));
}

RC_INTERPOSE int eventfd_read(int descriptor, eventfd_t* value) {
  before_reading("eventfd_read", descriptor, RC_CALLER);
  open_for_kernel(value, sizeof *value);
  return RC_ORIGINAL(eventfd_read)(descriptor, value);
}
