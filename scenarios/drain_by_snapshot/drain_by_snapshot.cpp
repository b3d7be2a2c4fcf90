// Before it ends, a program saves what is left in a queue: it asks for the size, and gets that many. But somebody still
// writes.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/queue/locked.h>
#include <racecourse/scenarios/scenario.h>
#include <racecourse/scenarios/shelf.h>

#include <cassert>
#include <chrono>
#include <cstddef>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using Lines = queue::Locked<int, Shelf<int>>;

constexpr int kLines = 3;
constexpr int kLast = -1;  // not a line, but the end of them

// Each returns how many lines were refused: the writer still has them, and could keep them elsewhere.
int write_if_there_is_room(Lines& lines) {
  int refused = 0;
  for (int line = 2; line <= kLines; ++line) {
    if (!lines.try_put_for(line, 1ms)) ++refused;
  }
  return refused;
}

int write_and_wait(Lines& lines) {
  for (int line = 2; line <= kLines; ++line) lines.put(line);
  return 0;
}

int write_with_an_end(Lines& lines) {
  write_and_wait(lines);
  lines.put(kLast);
  return 0;
}

// Each returns how many lines were saved. `writer` may be joined in it.
int drain_by_snapshot(Lines& lines, std::thread&) {
  int saved = 0;
  for (std::size_t left = lines.qsize(); left > 0; --left) {  // BUG: still growing
    lines.get();
    ++saved;
  }
  return saved;
}

int drain_until_empty(Lines& lines, std::thread&) {
  int saved = 0;
  while (lines.try_get()) ++saved;
  return saved;
}

int stop_then_drain(Lines& lines, std::thread& writer) {
  writer.join();
  return drain_until_empty(lines, writer);
}

int drain_to_the_end(Lines& lines, std::thread&) {
  int saved = 0;
  while (lines.get() != kLast) ++saved;
  return saved;
}

template <int write(Lines&), int drain(Lines&, std::thread&)>
void closing_time() {
  Lines lines(2);
  lines.put(1);  // written earlier
  int refused = 0;
  std::thread writer([&] { refused = write(lines); });
  const int saved = drain(lines, writer);
  if (writer.joinable()) writer.join();
  assert(saved + refused == kLines);
}

// Every run of a broken one on real threads that hangs costs the whole deadline.
Options short_trials() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

const std::map<Checker, Expectation> loses_lines{{Checker::explore, finds(Kind::assertion)},
                                                 {Checker::tsan, finds(Kind::assertion)}};

const ScenarioRegistration registration{{
    .name = "drain_by_snapshot",
    .title = "Emptied while it is being filled",
    .family = "notes",
    .difficulty = 2,
    .from = "note 001, the sections on queues between processes and on pools",
    .story = "A writer puts lines into a queue with room for two; if there is no room for a while it keeps the line. "
             "Before the program ends, main saves what is in the queue: as many lines as qsize() says. Lines that the "
             "writer was rid of are never saved.",
    .python = "The same in Python; there a put with a timeout raises Full, and the note catches it, prints a message "
              "and lets the item go. In the note a sleep of one second stands between the writers and the reader that "
              "counts by qsize(), and hides the fault. Between processes the size may even be missing or wrong.",
    .hints = {"Whoever says \"as many as there are\": as many as there are when?",
              "The writer goes on after main has asked. Where does its next line go, and who takes it?",
              "Emptying is over when nothing can be added any more. What must happen before?"},
    .explanation =
        "qsize() is a snapshot. Main gets as many lines as it names, and is satisfied. The writer has put another line "
        "in the meantime; put() succeeded, so the writer does not have it any more, and nobody comes to the queue "
        "again.",
    .rule = "Stop who fills, then empty.",
    .fix = "Either main joins the writer first, and empties then; the writer must not wait for room in that time, so "
           "its put() has a timeout and it keeps what it cannot put. Or the writer says which line is its last, and "
           "main takes lines until that one: it makes room while it waits, so the writer may wait too.",
    .reading = {"Goetz et al., Java Concurrency in Practice, chapter 7: Cancellation and shutdown",
                "Python documentation, multiprocessing: Queue.qsize(), Queue.empty()"},
    .variants =
        {
            broken("qsize_as_a_count", "Gets as many lines as qsize() said before.",
                   closing_time<write_if_there_is_room, drain_by_snapshot>, loses_lines),
            right("stop_then_drain", "Waits for the writer, which keeps what it cannot put; then empties the queue.",
                  closing_time<write_if_there_is_room, stop_then_drain>),
            right("drain_to_the_last_line", "Takes lines until the one that the writer says is its last.",
                  closing_time<write_with_an_end, drain_to_the_end>),
            wrong_fix("drain_until_empty", "Takes lines until there is none.",
                      "There is none at the moment; the next one comes after main has looked.",
                      closing_time<write_if_there_is_room, drain_until_empty>, loses_lines),
            with(short_trials(),
                 wrong_fix("stop_a_writer_that_waits", "Waits for the writer first, whose put() waits for room.",
                           "Nobody empties the queue while main waits: main waits for the writer, and the writer for "
                           "main.",
                           closing_time<write_and_wait, stop_then_drain>,
                           {{Checker::explore, finds(Kind::deadlock)}, {Checker::tsan, finds(Kind::hang)}})),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
