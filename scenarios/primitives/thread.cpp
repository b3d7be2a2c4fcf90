// Threads and daemons, right and broken: handles that are left, joined twice, or destroyed by their own thread; and
// programs that end while a daemon writes.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/thread/daemon_cut_off_mid_write.h>
#include <racecourse/primitives/thread/daemon_registry.h>
#include <racecourse/primitives/thread/double_join.h>
#include <racecourse/primitives/thread/forgotten_join.h>
#include <racecourse/primitives/thread/join_daemon_forever.h>
#include <racecourse/primitives/thread/join_self.h>
#include <racecourse/primitives/thread/joining.h>
#include <racecourse/primitives/thread/uses_stack_of_dead_frame.h>
#include <racecourse/scenarios/primitives/declare.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <latch>
#include <memory>
#include <stop_token>
#include <thread>
#include <utility>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using thread::Calling;

template <template <class> class Handle, class F>
Handle<Calling<F>> handle_for(F function) {
  return Handle<Calling<F>>({.name = "Th01"}, std::move(function));
}

// T3: a function starts a thread on a variable of its own, and returns. Then others use that part of the stack.
template <template <class> class Handle>
[[gnu::noinline]] void count_in_background() {
  volatile int count = 0;
  auto thread = handle_for<Handle>([&count] {
    for (int i = 0; i < 3; i++) count = count + 1;
  });
  thread.start();
}
[[gnu::noinline]] int sum_of_ones() {
  volatile int ones[64];
  for (volatile int& one : ones) one = 1;
  int sum = 0;
  for (const volatile int& one : ones) sum += one;
  return sum;
}
template <template <class> class Handle>
void leaves_the_frame() {
  count_in_background<Handle>();
  assert(sum_of_ones() == 64);
}

// T1, T2: joined by hand, and then destroyed.
template <template <class> class Handle>
void joins_before_the_end() {
  int result = 0;
  auto thread = handle_for<Handle>([&] { result = 42; });
  thread.start();
  thread.join();
  assert(result == 42);
  assert(!thread.is_alive());
}

// T3: a connection whose own thread closes it, and so destroys its handle.
template <template <class> class Handle>
void closes_itself() {
  auto closed = std::make_shared<std::latch>(1);
  std::unique_ptr<thread::Thread> connection;
  auto serve = [&connection, closed] {
    auto& owner = connection;
    const auto done = closed;  // from the next line on, this function object is no more
    owner.reset();
    done->count_down();
  };
  connection = std::make_unique<Handle<Calling<decltype(serve)>>>(thread::Options{.name = "connection"}, serve);
  connection->start();
  closed->wait();
}

void all_endings() {
  leaves_the_frame<thread::Joining>();
  joins_before_the_end<thread::Joining>();
  closes_itself<thread::Joining>();
}

// What is in a file when the program has ended stays there. The parts are atomic: this is about lines, not about
// memory.
struct File {
  std::atomic<int> begun{0}, finished{0};
  void write_line() {
    ++begun;
    std::this_thread::sleep_for(1ms);
    ++finished;
  }
};

// T4 and T5: the program ends after its worker, and the logger's last line is whole.
template <class Program>
void logs_until_the_end() {
  auto file = std::make_shared<File>();
  bool worked = false;
  {
    Program program;
    program.start({.name = "logger", .daemon = true}, [file](std::stop_token stop) {
      while (!stop.stop_requested()) file->write_line();
    });
    program.start({.name = "worker"}, [&](std::stop_token) {
      std::this_thread::sleep_for(2ms);
      worked = true;
    });
  }
  assert(worked);
  assert(file->begun == file->finished);
}

Entry with_daemons(Entry entry) {
  // Each line of the logger is a sleep; a few hundred of them are a fair trial of whether it ever ends.
  entry.options.max_steps = 2'000;
  return entry;
}

const Primitive primitive("thread");

const Registration registration{{
    primitive.right("joining", "The handle waits for its thread, unless it is the thread itself that destroys it.",
                    all_endings, no_std_types()),
    with_daemons(primitive.right("daemon_registry", "Waits for the others, tells the daemons to stop, waits for them.",
                                 logs_until_the_end<thread::DaemonRegistry>, no_std_types())),

    primitive.broken("forgotten_join", "The handle is destroyed without a join, and std::thread ends the program.",
                     leaves_the_frame<thread::ForgottenJoin>,
                     {
                         // The thread may look at the handle while it is being destroyed.
                         {Checker::explore, finds(Kind::thread_misuse, {Kind::data_race})},
                         {Checker::tsan, finds(Kind::thread_misuse, {Kind::data_race})},
                         {Checker::relacy, no_std_types()},
                     }),
    primitive.broken("join_self", "A thread destroys its own handle, whose destructor waits for its end.",
                     closes_itself<thread::JoinSelf>,
                     {
                         {Checker::explore, finds(Kind::exception)},
                         {Checker::tsan, finds(Kind::exception)},
                         {Checker::relacy, no_std_types()},
                     }),
    primitive.broken("double_join", "The destructor waits for a thread that was joined before.",
                     joins_before_the_end<thread::DoubleJoin>,
                     {
                         {Checker::explore, finds(Kind::exception)},
                         {Checker::tsan, finds(Kind::exception)},
                         {Checker::relacy, no_std_types()},
                     }),
    primitive.broken("uses_stack_of_dead_frame", "The destructor lets the thread go, which goes on using a dead frame.",
                     leaves_the_frame<thread::UsesStackOfDeadFrame>,
                     {
                         // A thread that comes late finds a handle without a run(), which ends the program, or no
                         // handle at all: a frame that has returned.
                         {Checker::explore,
                          finds(Kind::data_race, {Kind::use_after_free, Kind::abort, Kind::assertion, Kind::signal})},
                         {Checker::tsan, finds(Kind::data_race, {Kind::thread_misuse, Kind::assertion, Kind::signal})},
                         {Checker::relacy, no_std_types()},
                     }),
    hangs(with_daemons(primitive.broken("join_daemon_forever", "Waits for the daemons, which nobody has told to stop.",
                                        logs_until_the_end<thread::JoinDaemonForever>,
                                        {
                                            {Checker::explore, finds(Kind::non_termination)},
                                            {Checker::tsan, finds(Kind::hang)},
                                            {Checker::relacy, no_std_types()},
                                        }))),
    with_daemons(primitive.broken("daemon_cut_off_mid_write", "Tells the daemons to stop, and ends before they have.",
                                  logs_until_the_end<thread::DaemonCutOffMidWrite>,
                                  {
                                      {Checker::explore, finds(Kind::assertion)},
                                      {Checker::tsan, finds(Kind::assertion)},
                                      {Checker::relacy, no_std_types()},
                                  })),
}};

}  // namespace
}  // namespace racecourse::catalogue
