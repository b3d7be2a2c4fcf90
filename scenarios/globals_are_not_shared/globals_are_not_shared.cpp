// Globals are not shared: a task leaves its result in a global variable, as it did when it was a function call. Now it
// is a process, and has changed a copy.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/process/child.h>
#include <racecourse/primitives/process/shared_memory.h>
#include <racecourse/scenarios/scenario.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <utility>
#include <vector>

namespace racecourse::catalogue {
namespace {

using process::Child;
using process::Ending;

int add_up(int step) {
  int sum = 0;
  for (int i = 0; i < 100; i++) sum += step;
  return sum;
}

int global = 0;
std::atomic<int> atomic_global{0};

void left_in_a_global() {
  global = 0;
  Child ones([] { global += add_up(1); });  // BUG: its own copy
  Child twos([] { global += add_up(2); });
  assert(ones.join() == Ending::well && twos.join() == Ending::well);
  assert(global == 300);
}

void in_shared_memory() {
  const process::SharedMemory<std::atomic<int>> sum(0);
  Child ones([&] { *sum += add_up(1); });
  Child twos([&] { *sum += add_up(2); });
  assert(ones.join() == Ending::well && twos.join() == Ending::well);
  assert(*sum == 300);
}

void left_in_an_atomic_global() {
  atomic_global = 0;
  Child ones([] { atomic_global += add_up(1); });
  Child twos([] { atomic_global += add_up(2); });
  assert(ones.join() == Ending::well && twos.join() == Ending::well);
  assert(atomic_global == 300);
}

// A pipe: numbers go in at one end, in one process, and come out at the other, in another.
class Pipe {
 public:
  Pipe() { assert(pipe(ends_) == 0); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close(ends_[0]);
    close(ends_[1]);
  }

  // Waits while the pipe is full: it holds 64 KiB.
  void send(long number) const { assert(write(ends_[1], &number, sizeof number) == sizeof number); }
  long receive() const {
    long number = 0;
    assert(read(ends_[0], &number, sizeof number) == sizeof number);
    return number;
  }

 private:
  int ends_[2];
};

constexpr long kMany = 10'000;  // more than fit into a pipe

void send_many(const Pipe& out) {
  for (long i = 0; i < kMany; i++) out.send(i);
}

std::vector<long> receive_many(const Pipe& in) {
  std::vector<long> numbers;
  while (numbers.size() < kMany) numbers.push_back(in.receive());
  return numbers;
}

void through_a_pipe() {
  const Pipe pipe;
  Child task([&] { send_many(pipe); });
  const std::vector<long> numbers = receive_many(pipe);
  assert(task.join() == Ending::well);
  assert(numbers.back() == kMany - 1);
}

void joined_before_it_is_read() {
  const Pipe pipe;
  Child task([&] { send_many(pipe); });
  assert(task.join() == Ending::well);  // "it must be done before its result is there"
  const std::vector<long> numbers = receive_many(pipe);
  assert(numbers.back() == kMany - 1);
}

Entry real(Entry entry) { return only_real("explore controls the threads of one process", std::move(entry)); }

Options short_hang() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

const ScenarioRegistration registration{{
    .name = "globals_are_not_shared",
    .title = "Globals are not shared",
    .family = "notes",
    .difficulty = 1,
    .from = "note 001, variables of processes; note 000, section 9, where the result is lost and a queue brings it",
    .story = "Two long computations each add their sum to a global variable. To use both processors they are made "
             "processes. The program gets faster, and its result is 0.",
    .python = "Python behaves the same where it forks. Where it starts a fresh interpreter instead (the default of "
              "macOS and Windows) a global does not even begin with the parent's value.",
    .hints = {"Print the address of the global, and its value, in all three processes.",
              "The addresses are the same. Is it the same memory?",
              "A fork copies the memory, page by page, as soon as somebody writes. Whose copy does main look at?"},
    .explanation =
        "After the fork there are three processes, each with its own memory. All globals have the same names and "
        "addresses as before, but they are copies: what a child adds, it adds to its own, which dies with it. Main "
        "looks at a variable that nobody has changed.",
    .rule = "Processes share nothing but what was made to be shared: shared memory, a pipe, a queue, a file.",
    .fix = "Either the sum lies in memory that was mapped as shared before the fork, and is atomic, since two "
           "processes change it. Or each child sends what it has found through a pipe, and main receives it. "
           "Main must receive before it joins, because a pipe that is full makes its writer wait.",
    .reading = {"Linux manual, fork(2), mmap(2) MAP_SHARED, pipe(7)",
                "Python documentation, multiprocessing: programming guidelines, joining processes that use queues"},
    .variants =
        {
            real(broken("left_in_a_global", "Each process adds to its own copy of a global, and main reads a third.",
                        left_in_a_global, {{Checker::tsan, finds(Kind::assertion)}})),
            real(right("in_shared_memory", "The sum is atomic, in memory that was shared before the fork.",
                       in_shared_memory)),
            real(right("through_a_pipe", "The child sends its results, and main receives them before it joins.",
                       through_a_pipe)),
            real(wrong_fix("left_in_an_atomic_global", "The global is made atomic.",
                           "Now each process changes its own copy atomically.", left_in_an_atomic_global,
                           {{Checker::tsan, finds(Kind::assertion)}})),
            with(short_hang(),
                 real(wrong_fix("joined_before_it_is_read", "Main joins the child, and then reads its pipe.",
                                "The pipe is full before the child is done: it waits for a reader, and the reader "
                                "waits for its end.",
                                joined_before_it_is_read, {{Checker::tsan, finds(Kind::hang)}}))),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
