// The contract of primitives/thread/thread.h: alone, under all schedules that are tried, and at the end of a process.
#include <gtest/gtest.h>
#include <racecourse/primitives/process/child.h>
#include <racecourse/primitives/process/shared_memory.h>
#include <racecourse/primitives/thread/daemon_registry.h>
#include <racecourse/primitives/thread/joining.h>
#include <racecourse/tests/primitives/under_schedules.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <system_error>
#include <thread>

namespace racecourse::thread {
namespace {

using namespace std::chrono_literals;

template <class F>
void expect_system_error(std::errc code, F f) {
  try {
    f();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), code);
  }
}

TEST(Thread, RunsAnyCallableOnceAndIsJoined) {
  auto only_moved = std::make_unique<int>(42);
  int seen = 0;
  Joining t({.name = "Th01"}, [&seen, value = std::move(only_moved)] { seen += *value; });
  EXPECT_FALSE(t.is_alive());
  EXPECT_FALSE(t.joinable());
  t.start();
  EXPECT_TRUE(t.joinable());
  t.join();
  EXPECT_EQ(seen, 42);
  EXPECT_FALSE(t.is_alive());
  EXPECT_FALSE(t.joinable());
}

TEST(Thread, MayBeAClassWithRun) {
  class Greeter : public Thread {
   public:
    explicit Greeter(std::string whom) : Thread({.name = "greeter"}), whom_(std::move(whom)) {}
    std::string greeting;

   private:
    void run() override { greeting = current_thread().name + ": hello " + whom_; }
    std::string whom_;
  };
  Joining<Greeter> t("world");
  t.start();
  t.join();
  EXPECT_EQ(t.greeting, "greeter: hello world");
}

TEST(Thread, HasANameAndADaemonFlag) {
  Joining named({.name = "Th01", .daemon = true}, [] { EXPECT_EQ(current_thread(), (Info{"Th01", true})); });
  EXPECT_EQ(named.name(), "Th01");
  EXPECT_TRUE(named.daemon());
  named.start();
  Joining first({}, [] {});
  Joining second({}, [] {});
  EXPECT_TRUE(first.name().starts_with("Thread-"));
  EXPECT_NE(first.name(), second.name());
  EXPECT_FALSE(first.daemon());
}

TEST(Thread, KnowsWhoIsAlive) {
  EXPECT_EQ(current_thread(), main_thread());
  EXPECT_EQ(active_count(), 1u);
  std::latch gate(1);
  {
    Joining t({.name = "waits"}, [&] { gate.wait(); });
    EXPECT_EQ(active_count(), 1u);
    t.start();
    EXPECT_TRUE(t.is_alive());
    EXPECT_EQ(enumerate(), (std::vector<Info>{{"MainThread"}, {"waits"}}));
    gate.count_down();
  }
  EXPECT_EQ(active_count(), 1u);
  std::thread stranger([] { EXPECT_EQ(current_thread().name, "Dummy"); });
  stranger.join();
}

TEST(Thread, RefusesMisuse) {
  std::latch gate(1);
  Joining t({}, [&] { gate.wait(); });
  expect_system_error(std::errc::invalid_argument, [&] { t.join(); });
  expect_system_error(std::errc::invalid_argument, [&] { t.join_for(1ms); });
  t.start();
  EXPECT_THROW(t.start(), std::logic_error);
  gate.count_down();
  t.join();
  expect_system_error(std::errc::invalid_argument, [&] { t.join(); });
  EXPECT_THROW(t.start(), std::logic_error);

  std::unique_ptr<Thread> itself;
  auto join_itself = [&] {
    expect_system_error(std::errc::resource_deadlock_would_occur, [&] { itself->join(); });
    expect_system_error(std::errc::resource_deadlock_would_occur, [&] { itself->join_for(1ms); });
  };
  itself = std::make_unique<Joining<Calling<decltype(join_itself)>>>(Options{}, join_itself);
  itself->start();
  itself->join();
}

TEST(Thread, WaitsForALimitedTime) {
  std::latch gate(1);
  Joining t({}, [&] { gate.wait(); });
  t.start();
  EXPECT_FALSE(t.join_for(1ms));
  EXPECT_FALSE(t.join_for(-1s));
  EXPECT_TRUE(t.is_alive());
  gate.count_down();
  EXPECT_TRUE(t.join_for(std::chrono::hours::max()));
  EXPECT_FALSE(t.joinable());
}

TEST(Thread, JoinsUnderAllSchedules) {
  under_schedules([] {
    int result = 0;
    bool joined = false;
    Joining t({}, [&] { result = 1; });
    t.start();
    joined = t.join_for(1ms);
    if (!joined) t.join();
    EXPECT_EQ(result, 1);
    EXPECT_EQ(active_count(), 1u);
  });
}

TEST(Thread, OfASubclassEndsBeforeItsMembers) {
  under_schedules([] {
    class Counter : public Thread {
     private:
      void run() override { count_++; }
      int count_ = 0;
    };
    Joining<Counter> t;
    t.start();
  });
}

TEST(DaemonRegistry, WaitsForTheOthersAndThenStopsTheDaemons) {
  under_schedules([] {
    int worked = 0, written = 0;
    bool stopped_before_the_work = false;
    DaemonRegistry program;
    program.start({.daemon = true}, [&](std::stop_token stop) {
      while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
      stopped_before_the_work = worked != 1;
      written = 1;
    });
    program.start({}, [&](std::stop_token stop) {
      EXPECT_FALSE(stop.stop_possible());
      std::this_thread::sleep_for(2ms);
      worked = 1;
    });
    program.shut_down();
    EXPECT_EQ(worked, 1);
    EXPECT_EQ(written, 1);
    EXPECT_FALSE(stopped_before_the_work);
    EXPECT_THROW(program.start({}, [](std::stop_token) {}), std::logic_error);
    program.shut_down();
  });
}

// T5 where it matters: at the end of a process. Its parent sees what was written.
TEST(DaemonRegistry, LosesNothingAtTheEndOfAProcess) {
  struct File {
    std::atomic<int> begun{0}, finished{0};
  };
  for (int round = 0; round < 10; round++) {
    process::SharedMemory<File> file(0);
    process::Child child([file] {
      DaemonRegistry program;
      program.start({.name = "logger", .daemon = true}, [file](std::stop_token stop) {
        while (!stop.stop_requested()) {
          file->begun++;
          std::this_thread::sleep_for(100us);
          file->finished++;
        }
      });
      program.start({.name = "worker"}, [](std::stop_token) { std::this_thread::sleep_for(1ms); });
    });
    EXPECT_EQ(child.join(), process::Ending::well);
    EXPECT_EQ(file->begun, file->finished);
  }
}

}  // namespace
}  // namespace racecourse::thread
