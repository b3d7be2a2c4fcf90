// What one thread tells another through the kernel: the other's reading is ordered after it. And system calls that fill
// in variables of the program, wherever these lie.
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <functional>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

using Ends = std::array<int, 2>;
using Act = std::function<void(const Ends&)>;

Ends pipe_ends() {
  Ends ends;
  EXPECT_EQ(pipe(ends.data()), 0);
  return ends;
}
Ends socket_ends() {
  Ends ends;
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  return ends;
}

// The data is written before the one end tells, and read after the other has learned of it.
void told(Ends (*make)(), const Act& tell, const Act& learn) {
  works([=] {
    const Ends ends = make();
    int data = 0;
    std::thread teller([&] {
      data = 42;
      tell(ends);
    });
    learn(ends);
    EXPECT_EQ(data, 42);
    teller.join();
    close(ends[0]);
    close(ends[1]);
  });
}

void learns(int descriptor, ssize_t size) {
  char buffer[8];
  EXPECT_EQ(read(descriptor, buffer, sizeof buffer), size);
}

TEST(PipeWrite, Works) {
  told(
      pipe_ends, [](const Ends& ends) { EXPECT_EQ(write(ends[1], "x", 1), 1); },
      [](const Ends& ends) { learns(ends[0], 1); });
}
TEST(PipeWrite, BrokenIsCaught) {
  is_caught(
      [] {
        const Ends ends = pipe_ends();
        int data = 0;
        std::thread teller([&] {
          EXPECT_EQ(write(ends[1], "x", 1), 1);
          data = 42;  // BUG: after it has told
        });
        learns(ends[0], 1);
        EXPECT_GE(data, 0);
        teller.join();
      },
      Kind::data_race);
}
TEST(PipeClose, Works) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer orders nothing by the end of a pipe");
  told(
      pipe_ends, [](const Ends& ends) { close(ends[1]); }, [](const Ends& ends) { learns(ends[0], 0); });
}
TEST(PipeAsStream, Works) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer does not see what stdio writes to the pipe");
  told(
      pipe_ends,
      [](const Ends& ends) {
        FILE* stream = fdopen(ends[1], "w");
        std::fputs("x", stream);
        std::fclose(stream);
      },
      [](const Ends& ends) { learns(ends[0], 1); });
}
TEST(SocketSend, Works) {
  told(
      socket_ends, [](const Ends& ends) { EXPECT_EQ(send(ends[1], "x", 1, 0), 1); },
      [](const Ends& ends) { learns(ends[0], 1); });
}
TEST(SocketSendmsg, Works) {
  told(
      socket_ends,
      [](const Ends& ends) {
        char text[] = "x";
        iovec part = {text, 1};
        msghdr message = {};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        EXPECT_EQ(sendmsg(ends[1], &message, 0), 1);
      },
      [](const Ends& ends) { learns(ends[0], 1); });
}
TEST(SocketShutdown, Works) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer orders nothing by the end of a connection");
  told(
      socket_ends, [](const Ends& ends) { shutdown(ends[1], SHUT_WR); }, [](const Ends& ends) { learns(ends[0], 0); });
}
TEST(EventfdWrite, Works) {
  const auto make = [] {
    const int descriptor = eventfd(0, 0);
    return Ends{descriptor, dup(descriptor)};
  };
  told(
      make, [](const Ends& ends) { eventfd_write(ends[1], 1); },
      [](const Ends& ends) {
        eventfd_t value = 0;
        EXPECT_EQ(eventfd_read(ends[0], &value), 0);
      });
}
TEST(SocketConnect, Works) {
  const auto make = [] {
    // A name that the kernel chooses: it has more of them than ports, which stay taken for a minute.
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    const Ends ends = {socket(AF_UNIX, SOCK_STREAM, 0), socket(AF_UNIX, SOCK_STREAM, 0)};
    EXPECT_EQ(bind(ends[0], reinterpret_cast<sockaddr*>(&address), sizeof address.sun_family), 0);
    EXPECT_EQ(listen(ends[0], 1), 0);
    return ends;
  };
  told(
      make,
      [](const Ends& ends) {
        sockaddr_un address;
        socklen_t length = sizeof address;
        EXPECT_EQ(getsockname(ends[0], reinterpret_cast<sockaddr*>(&address), &length), 0);
        EXPECT_EQ(connect(ends[1], reinterpret_cast<sockaddr*>(&address), length), 0);
      },
      [](const Ends& ends) {
        const int accepted = accept(ends[0], nullptr, nullptr);
        EXPECT_GE(accepted, 0);
        close(accepted);
      });
}

// What a thread reads is written to its buffer.
char shared[8];
void reads_beside_a_writer(const std::function<ssize_t(int)>& input) {
  is_caught(
      [=] {
        const Ends ends = pipe_ends();
        EXPECT_EQ(write(ends[1], "a\n", 2), 2);
        std::thread reader([&] { EXPECT_EQ(input(ends[0]), 2); });
        shared[1] = 'b';  // BUG: no order
        reader.join();
      },
      Kind::data_race, {Kind::assertion});
}
TEST(Read, BrokenIsCaught) {
  reads_beside_a_writer([](int descriptor) { return read(descriptor, shared, 2); });
}
TEST(Readv, BrokenIsCaught) {
  reads_beside_a_writer([](int descriptor) {
    const iovec parts[] = {{shared, 1}, {shared + 1, 1}};
    return readv(descriptor, parts, 2);
  });
}
TEST(Fread, BrokenIsCaught) {
  reads_beside_a_writer([](int descriptor) {
    FILE* stream = fdopen(descriptor, "r");
    const std::size_t count = std::fread(shared, 1, 2, stream);
    std::fclose(stream);
    return static_cast<ssize_t>(count);
  });
}
TEST(Fgets, BrokenIsCaught) {
  reads_beside_a_writer([](int descriptor) {
    FILE* stream = fdopen(descriptor, "r");
    const char* line = std::fgets(shared, sizeof shared, stream);
    std::fclose(stream);
    return static_cast<ssize_t>(line != nullptr ? 2 : 0);
  });
}

// Each on pages of its own, which nobody has written to before the kernel does.
template <class T>
struct alignas(4096) Own {
  T value;
};
Own<struct stat> status;
Own<struct rusage> usage;
Own<struct rlimit> limit;
Own<struct utsname> name;
Own<struct sysinfo> information;
Own<char[4096]> folder;
Own<int> kind;
Own<socklen_t> length;
Own<int> available;
Own<char[1 << 16]> part;
Own<char[1 << 16]> other_part;

TEST(SystemCallsThatFillVariables, Works) {
  works([] {
    EXPECT_EQ(stat("/", &status.value), 0);
    EXPECT_TRUE(S_ISDIR(status.value.st_mode));
    EXPECT_EQ(getrusage(RUSAGE_SELF, &usage.value), 0);
    EXPECT_EQ(getrlimit(RLIMIT_STACK, &limit.value), 0);
    EXPECT_EQ(uname(&name.value), 0);
    EXPECT_EQ(sysinfo(&information.value), 0);
    EXPECT_NE(getcwd(folder.value, sizeof folder.value), nullptr);
    EXPECT_GT(readlink("/proc/self/exe", folder.value, sizeof folder.value), 0);
    const Ends ends = socket_ends();
    length.value = sizeof kind.value;
    EXPECT_EQ(getsockopt(ends[0], SOL_SOCKET, SO_TYPE, &kind.value, &length.value), 0);
    EXPECT_EQ(kind.value, SOCK_STREAM);
    EXPECT_EQ(write(ends[0], "four", 4), 4);
    EXPECT_EQ(ioctl(ends[1], FIONREAD, &available.value), 0);
    EXPECT_EQ(available.value, 4);
    const int file = open("/proc/self/exe", O_RDONLY);
    EXPECT_EQ(pread(file, part.value, sizeof part.value, 0), static_cast<ssize_t>(sizeof part.value));
    FILE* stream = fdopen(file, "r");
    EXPECT_EQ(std::fread(other_part.value, 1, sizeof other_part.value, stream), sizeof other_part.value);
    EXPECT_EQ(std::memcmp(part.value, other_part.value, sizeof part.value), 0);
    std::fclose(stream);
    close(ends[0]);
    close(ends[1]);
  });
}

}  // namespace
}  // namespace racecourse::conformance
