// Cooperative tasks, right and broken. Most of these programs have one thread and one schedule: what goes wrong is the
// order of tasks, which the code itself chose. Threads, and with them schedules, come in where calls are made outside.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/cooperative/atomic_assumption_broken_by_await.h>
#include <racecourse/primitives/cooperative/blocking_call_blocks_all.h>
#include <racecourse/primitives/cooperative/channel.h>
#include <racecourse/primitives/cooperative/first_of.h>
#include <racecourse/primitives/cooperative/generator.h>
#include <racecourse/primitives/cooperative/locked_across_await.h>
#include <racecourse/primitives/cooperative/loop.h>
#include <racecourse/primitives/cooperative/never_yields.h>
#include <racecourse/primitives/cooperative/no_await_between.h>
#include <racecourse/primitives/cooperative/polling.h>
#include <racecourse/primitives/cooperative/resumed_twice.h>
#include <racecourse/primitives/cooperative/unblocked.h>
#include <racecourse/scenarios/primitives/declare.h>

#include <cassert>
#include <chrono>
#include <functional>
#include <latch>
#include <string>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using cooperative::Loop;
using cooperative::Task;

// Two workers take turns, as the two generators of the course notes do; their letters go through a channel to a third.
cooperative::Generator<char> letters(const char* word) {
  for (; *word != '\0'; word++) co_yield *word;
}
Task say(Loop& loop, cooperative::Channel<char>& out, const char* word) {
  for (const char letter : letters(word)) {
    co_await out.put(letter);
    co_await loop.yield();
  }
}
Task listen(cooperative::Channel<char>& in, std::string& heard, int count) {
  for (int i = 0; i < count; i++) heard += co_await in.get();
}

void workers_take_turns() {
  std::string heard;
  Loop loop;
  cooperative::Channel<char> channel(loop);
  loop.spawn(say(loop, channel, "ace"));
  loop.spawn(say(loop, channel, "bdf"));
  loop.spawn(listen(channel, heard, 6));
  loop.run();
  assert(heard == "abcdef");
}

// C2: between two looks of the one that waits, the one that works has its turn.
using WaitUntil = Task(Loop&, std::function<bool()>);

Task work(Loop& loop, int& steps) {
  for (int i = 0; i < 3; i++) {
    steps++;
    co_await loop.yield();
  }
}

template <WaitUntil wait_until>
void one_waits_while_one_works() {
  int steps = 0, looks = 0;
  Loop loop;
  loop.spawn(wait_until(loop, [&] {
    assert(looks <= steps);
    looks++;
    return steps == 3;
  }));
  loop.spawn(work(loop, steps));
  loop.run();
  assert(steps == 3);
}

// A call that blocks until another task has done its part, as reading a socket does.
template <template <class> class Blocking>
Task read(Loop& loop, std::latch& arrived, bool& done) {
  done = co_await Blocking(loop, [&] {
    arrived.wait();
    return true;
  });
}
Task send(Loop& loop, std::latch& arrived) {
  co_await loop.yield();
  arrived.count_down();
}

template <template <class> class Blocking>
void one_blocks_until_one_sends() {
  std::latch arrived(1);
  bool done = false;
  Loop loop;
  loop.spawn(read<Blocking>(loop, arrived, done));
  loop.spawn(send(loop, arrived));
  loop.run();
  assert(done);
}

// C4: two servers are asked, one answer is enough; after it, the task sleeps, and must not be woken by the other
// answer.
template <template <class, class> class First>
Task ask_two(Loop& loop, int& answer) {
  auto ask = [](int server) { return [server] { return server; }; };
  answer = co_await First(loop, ask(1), ask(2));
  const auto until = loop.now() + 1ms;
  co_await loop.sleep_for(1ms);
  assert(loop.now() >= until);
}

template <template <class, class> class First>
void two_servers_are_asked() {
  int answer = 0;
  Loop loop;
  loop.spawn(ask_two<First>(loop, answer));
  loop.run();
  assert(answer == 1 || answer == 2);
}

// C5
template <class Balance>
void two_deposits() {
  Loop loop;
  Balance balance(loop, 1000);
  loop.spawn(balance.deposit(300));
  loop.spawn(balance.deposit(500));
  loop.run();
  assert(balance.balance() == 1800);
}

const Primitive primitive("cooperative");

Expectation no_relacy() { return not_run("Relacy cannot follow coroutines, and most of this runs in one thread"); }

const Registration registration{{
    primitive.right("run_queue", "Ready tasks run in the order in which they became ready: two workers take turns.",
                    workers_take_turns, no_relacy()),
    primitive.right("polling", "Between two looks at a condition it lets everybody else run.",
                    one_waits_while_one_works<cooperative::wait_until>, no_relacy()),
    primitive.right("unblocked", "The blocking call blocks a thread of its own, and the other tasks run on.",
                    one_blocks_until_one_sends<cooperative::Unblocked>, no_relacy()),
    primitive.right("first_of", "Of two calls one wins, by one atomic exchange, and resumes the task.",
                    two_servers_are_asked<cooperative::FirstOf>, no_relacy()),
    primitive.right("locked_across_await", "A mutex is held from the read to the write, across the wait between them.",
                    two_deposits<cooperative::LockedAcrossAwait>, no_relacy()),
    primitive.right("no_await_between", "Reads and writes in one turn, after the wait: nobody can come in between.",
                    two_deposits<cooperative::NoAwaitBetween>, no_relacy()),

    primitive.broken("never_yields", "Looks again and again without letting anybody run who could change what it sees.",
                     one_waits_while_one_works<cooperative::spin_until>,
                     {
                         {Checker::explore, finds(Kind::assertion)},
                         {Checker::tsan, finds(Kind::assertion)},
                         {Checker::relacy, no_relacy()},
                     }),
    hangs(primitive.broken("blocking_call_blocks_all",
                           "A call blocks the thread of all tasks, also of the one that it waits for.",
                           one_blocks_until_one_sends<cooperative::BlockingCallBlocksAll>,
                           {
                               {Checker::explore, finds(Kind::deadlock, {Kind::self_deadlock, Kind::lost_wakeup})},
                               {Checker::tsan, finds(Kind::hang)},
                               {Checker::relacy, no_relacy()},
                           })),
    primitive.broken(
        "resumed_twice", "Both calls find that nobody has won yet, and both resume the task.",
        two_servers_are_asked<cooperative::ResumedTwice>,
        {
            // The second time it is woken from its sleep, or runs while it ends; then anything goes.
            {Checker::explore, finds(Kind::assertion, {Kind::data_race, Kind::use_after_free, Kind::signal})},
            {Checker::tsan, may_find(Kind::assertion, "both threads must look within a few nanoseconds",
                                     {Kind::data_race, Kind::use_after_free, Kind::signal})},
            {Checker::relacy, no_relacy()},
        }),
    primitive.broken("atomic_assumption_broken_by_await",
                     "Reads, waits, and writes what it read: the deposit that was made meanwhile is lost.",
                     two_deposits<cooperative::AtomicAssumptionBrokenByAwait>,
                     {
                         {Checker::explore, finds(Kind::assertion)},
                         {Checker::tsan, finds(Kind::assertion)},
                         {Checker::relacy, no_relacy()},
                     }),
}};

}  // namespace
}  // namespace racecourse::catalogue
