// Whatever a few threads do with handles of their own: what was started runs once (T1), is over after its join (T2),
// and the roster knows just those that are alive. A program of workers and daemons loses no line (T4, T5).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/thread/daemon_registry.h>
#include <racecourse/primitives/thread/joining.h>
#include <racecourse/scenarios/properties/any_schedule.h>
#include <racecourse/scenarios/properties/check_programs.h>
#include <racecourse/scenarios/properties/check_sequential.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <deque>
#include <functional>
#include <latch>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using property::Workload;
using Handle = thread::Joining<thread::Calling<std::function<void()>>>;

// Alone: a handle on a thread that ends when it is let.
struct Phase {
  bool started = false, let_end = false, joined = false;
};

struct Gated {
  std::latch gate{1};
  Handle handle{{}, [this] { gate.wait(); }};
  std::size_t others = thread::active_count();
  bool open = false;
  void let_end() {
    if (!std::exchange(open, true)) gate.count_down();
  }
  ~Gated() { let_end(); }  // before the handle waits
};

struct Command : rc::state::Command<Phase, Gated> {
  void expect(const Phase& phase, const Gated& gated) const {
    const bool surely_alive = phase.started && !phase.let_end;
    if (surely_alive) RC_ASSERT(gated.handle.is_alive());
    if (!phase.started || phase.joined) RC_ASSERT(!gated.handle.is_alive());
    RC_ASSERT(gated.handle.joinable() == (phase.started && !phase.joined));
    if (surely_alive || phase.joined) RC_ASSERT(thread::active_count() == gated.others + (phase.joined ? 0 : 1));
  }
};

struct Start : Command {
  void apply(Phase& phase) const override { phase.started = true; }
  void run(const Phase& phase, Gated& gated) const override {
    expect(phase, gated);
    if (phase.started) {
      RC_ASSERT_THROWS_AS(gated.handle.start(), std::logic_error);
    } else {
      gated.handle.start();
    }
  }
  void show(std::ostream& out) const override { out << "thread.start()"; }
};

struct LetEnd : Command {
  void apply(Phase& phase) const override { phase.let_end = true; }
  void run(const Phase& phase, Gated& gated) const override {
    expect(phase, gated);
    gated.let_end();
  }
  void show(std::ostream& out) const override { out << "gate.count_down()"; }
};

struct Join : Command {
  void checkPreconditions(const Phase& phase) const override { RC_PRE(phase.let_end || !phase.started); }
  void apply(Phase& phase) const override { phase.joined = phase.started; }
  void run(const Phase& phase, Gated& gated) const override {
    expect(phase, gated);
    if (phase.started && !phase.joined) {
      gated.handle.join();
    } else {
      RC_ASSERT_THROWS_AS(gated.handle.join(), std::system_error);
    }
  }
  void show(std::ostream& out) const override { out << "thread.join()"; }
};

struct JoinInVain : Command {
  void checkPreconditions(const Phase& phase) const override { RC_PRE(phase.started && !phase.let_end); }
  void run(const Phase& phase, Gated& gated) const override {
    expect(phase, gated);
    RC_ASSERT(!gated.handle.join_for(0ms));
  }
  void show(std::ostream& out) const override { out << "thread.join_for(0ms)"; }
};

struct Operation {
  enum class Kind { start, start_nameless, join, join_for, look };
  Kind kind;
};
void showValue(const Operation& operation, std::ostream& out) {
  switch (operation.kind) {
    case Operation::Kind::start:
      out << "start_one_named(\"mine\")";
      break;
    case Operation::Kind::start_nameless:
      out << "start_one()";
      break;
    case Operation::Kind::join:
      out << "join_oldest()";
      break;
    case Operation::Kind::join_for:
      out << "join_oldest_for(1ms)";
      break;
    case Operation::Kind::look:
      out << "racecourse::thread::enumerate()";
  }
}
rc::Gen<Operation> operations() {
  using Kind = Operation::Kind;
  return rc::gen::map(
      rc::gen::element(Kind::start, Kind::start, Kind::start_nameless, Kind::join, Kind::join_for, Kind::look),
      [](Kind kind) { return Operation{kind}; });
}

struct Child {
  explicit Child(const std::string& name)
      : handle({.name = name}, [this] {
          assert(thread::current_thread().name == handle.name());
          runs++;
        }) {}
  int runs = 0;  // not atomic: T2 promises that the join orders it
  Handle handle;
};

void each_runs_once(const Workload<Operation>& workload) {
  std::vector<std::deque<std::unique_ptr<Child>>> children(workload.threads.size());
  property::run(workload, [&](std::size_t number, const Operation& operation) {
    auto& mine = children[number];
    const auto is_over = [&] {
      assert(!mine.front()->handle.is_alive());
      assert(mine.front()->runs == 1);
      mine.pop_front();
    };
    switch (operation.kind) {
      case Operation::Kind::start:
      case Operation::Kind::start_nameless:
        mine.push_back(std::make_unique<Child>(operation.kind == Operation::Kind::start ? "mine" : ""));
        mine.back()->handle.start();
        break;
      case Operation::Kind::join:
        if (mine.empty()) return;
        mine.front()->handle.join();
        is_over();
        break;
      case Operation::Kind::join_for:
        if (!mine.empty() && mine.front()->handle.join_for(1ms)) is_over();
        break;
      case Operation::Kind::look:
        assert(thread::enumerate().front() == thread::main_thread());
    }
  });
  for (auto& each : children)
    for (; !each.empty(); each.pop_front()) each.front()->handle.join(), assert(each.front()->runs == 1);
  assert(thread::active_count() == 1);
}

// Each thread of the workload is the main of a small program of its own.
struct Member {
  bool daemon;
  int lines;
};
void showValue(const Member& member, std::ostream& out) {
  out << "program.start({.daemon = " << (member.daemon ? "true" : "false") << "}, [&](std::stop_token stop) { write("
      << member.lines << ", stop); })";
}
rc::Gen<Member> members() {
  return rc::gen::map(rc::gen::pair(rc::gen::arbitrary<bool>(), rc::gen::inRange(1, 3)),
                      [](const std::pair<bool, int>& drawn) {
                        return Member{drawn.first, drawn.second};
                      });
}

void no_line_is_lost(const Workload<Member>& workload) {
  struct Program {
    std::atomic<int> begun{0}, finished{0}, promised{0};
    thread::DaemonRegistry registry;
  };
  std::vector<Program> programs(workload.threads.size());
  property::run(workload, [&](std::size_t number, const Member& member) {
    Program& program = programs[number];
    if (!member.daemon) program.promised += member.lines;
    program.registry.start({.name = "", .daemon = member.daemon}, [&program, member](std::stop_token stop) {
      assert(stop.stop_possible() == member.daemon);
      for (int i = 0; i < member.lines && !stop.stop_requested(); i++) {
        ++program.begun;
        ++program.finished;
      }
    });
  });
  for (Program& program : programs) {
    program.registry.shut_down();
    assert(program.begun == program.finished);
    assert(program.finished >= program.promised);
  }
  assert(thread::active_count() == 1);
}

void thread_joining(std::uint64_t seed) {
  check_sequential<Phase, Gated, Start, LetEnd, Join, JoinInVain>("thread/joining", seed);
  check_programs<Operation>(
      "thread/joining", seed, property::workloads(operations(), {.most_threads = 3}),
      {"Thread", "EachRunsOnce", "Children children;", "assert(racecourse::thread::active_count() == 1);"},
      each_runs_once);
}
void thread_daemon_registry(std::uint64_t seed) {
  check_programs<Member>(
      "thread/daemon_registry", seed, property::workloads(members(), {.most_threads = 2}),
      {"Thread", "NoLineIsLost", "racecourse::thread::DaemonRegistry program;", "program.shut_down();"},
      no_line_is_lost);
}

const PropertyRegistration registrations[] = {
    any_schedule("thread", "joining", finds_nothing(), {thread_joining}),
    any_schedule("thread", "daemon_registry", finds_nothing(), {thread_daemon_registry}),
    any_schedule("thread", "forgotten_join", finds(Kind::thread_misuse, {Kind::data_race})),
    any_schedule("thread", "join_self", finds(Kind::exception)),
    any_schedule("thread", "double_join", finds(Kind::exception)),
    any_schedule("thread", "uses_stack_of_dead_frame",
                 finds(Kind::data_race, {Kind::abort, Kind::assertion, Kind::signal})),
    any_schedule("thread", "join_daemon_forever", finds(Kind::non_termination)),
    any_schedule("thread", "daemon_cut_off_mid_write", finds(Kind::assertion)),
};

}  // namespace
}  // namespace racecourse::catalogue
