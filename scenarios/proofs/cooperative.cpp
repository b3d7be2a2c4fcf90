// Tasks, proved. Where all of them run in one thread, and nothing outside has a say, there is one execution.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/cooperative/first_of.h>
#include <racecourse/scenarios/catalogue.h>

#include <cassert>

namespace racecourse::catalogue {
namespace {

using cooperative::Loop;
using cooperative::Task;

// C4 without the sleep: a sleeping loop may be woken at any time.
Task ask_two(Loop& loop, int& answer) {
  auto ask = [](int server) { return [server] { return server; }; };
  answer = co_await cooperative::FirstOf(loop, ask(1), ask(2));
  co_await loop.yield();
}

void two_servers_are_asked() {
  int answer = 0;
  {
    Loop loop;
    loop.spawn(ask_two(loop, answer));
    loop.run();
  }
  assert(answer == 1 || answer == 2);
}

const char* const kOneThread = "tasks of one thread change places where they say so";

const ProofRegistration proofs[] = {
    {"cooperative", "run_queue", proves(kOneThread)},
    {"cooperative", "polling", proves(kOneThread)},
    {"cooperative", "unblocked", proves("one task blocks in a thread of its own, another runs on and ends its wait")},
    {"cooperative", "first_of", proves("a task asks in two threads, and goes on with the first answer"),
     two_servers_are_asked},
    {"cooperative", "locked_across_await", proves(kOneThread)},
    {"cooperative", "no_await_between", proves(kOneThread)},
};

}  // namespace
}  // namespace racecourse::catalogue
