// Programs of a few threads and operations, and all that they can do: what systematic searches are measured against.
// Nothing here knows about reduction: every interleaving is walked through, one by one.
#pragma once

#include <racecourse/checkers/schedule/systematic.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace racecourse::schedule::small {

enum class Op : std::uint8_t {
  load,   // into the thread's next register
  store,  // a value
  add,    // fetch_add
  cas,    // value -> value + 1; the register says whether it did
  lock,
  unlock,
  try_lock,  // skips the next operation if it fails; the register says so
  lock_shared,
  unlock_shared,
  choose,  // the register gets one of `value` numbers, and they are no property of the state
};

struct Instruction {
  Op op;
  int object;
  int value = 1;
};

using Program = std::vector<std::vector<Instruction>>;

// A state of the program, and what led to it.
struct Machine {
  explicit Machine(const Program& program)
      : program(program), at(program.size()), registers(program.size()), memory(8, 0), holder(8, -1), readers(8, 0) {}

  const Program& program;
  std::vector<std::size_t> at;
  std::vector<std::vector<int>> registers;
  std::vector<int> memory;
  std::vector<int> holder;
  std::vector<int> readers;  // who share the lock

  bool ended(std::size_t thread) const { return at[thread] == program[thread].size(); }
  const Instruction& next(std::size_t thread) const { return program[thread][at[thread]]; }
  bool able(std::size_t thread) const {
    if (ended(thread)) return false;
    const Instruction& instruction = next(thread);
    if (instruction.op == Op::lock) return is_free(instruction.object);
    return instruction.op != Op::lock_shared || holder[instruction.object] < 0;
  }
  bool is_free(int object) const { return holder[object] < 0 && readers[object] == 0; }
  // What a thread that is not able waits for.
  Effect wanted(std::size_t thread) const {
    const auto mutex = static_cast<std::uint64_t>(next(thread).object + 100);
    if (next(thread).op == Op::lock_shared) return {mutex, 1, Touch::add, kToReaders, 0};
    return {mutex, 1, Touch::write, kToAll, 0};
  }
  int choices(std::size_t thread) const { return next(thread).op == Op::choose ? next(thread).value : 1; }

  // Makes the thread's next operation.
  Effect step(std::size_t thread, int chosen = 0) {
    const Instruction& instruction = next(thread);
    int& cell = memory[instruction.object];
    int& held = holder[instruction.object];
    const auto object = static_cast<std::uint64_t>(instruction.object);
    const auto mutex = object + 100;
    const bool free = is_free(instruction.object);
    const std::uint8_t open = free ? kToAll : 0;
    ++at[thread];
    switch (instruction.op) {
      case Op::load:
        registers[thread].push_back(cell);
        return {object, 1, Touch::read};
      case Op::store:
        cell = instruction.value;
        return {object, 1, Touch::write};
      case Op::add:
        registers[thread].push_back(cell);
        cell += instruction.value;
        return {object, 1, Touch::write};
      case Op::cas:
        registers[thread].push_back(cell == instruction.value);
        if (cell != instruction.value) return {object, 1, Touch::check};
        cell++;
        return {object, 1, Touch::write};
      case Op::lock:
        held = static_cast<int>(thread);
        return {mutex, 1, Touch::write, kToAll, open};
      case Op::unlock:
        held = -1;
        return {mutex, 1, Touch::write, 0, open};
      case Op::try_lock:
        registers[thread].push_back(free);
        if (free) {
          held = static_cast<int>(thread);
          return {mutex, 1, Touch::write, 0, open};
        }
        at[thread] = std::min(at[thread] + 1, program[thread].size());
        return {mutex, 1, Touch::check, 0, kToReaders};
      case Op::lock_shared:
        ++readers[instruction.object];
        return {mutex, 1, Touch::add, kToReaders, kToAll};
      case Op::unlock_shared:
        --readers[instruction.object];
        return {mutex, 1, Touch::add, 0, kToReaders};
      case Op::choose:
        registers[thread].push_back(chosen);
        return {static_cast<std::uint64_t>(200 + thread), 1, Touch::write};
    }
    return {};
  }

  std::string state() const {
    std::string text;
    for (std::size_t t = 0; t < program.size(); t++) {
      text += std::to_string(at[t]) + ":";
      for (const int value : registers[t]) text += std::to_string(value) + ",";
      text += "|";
    }
    for (const int value : memory) text += std::to_string(value) + ",";
    for (const int value : holder) text += std::to_string(value) + ",";
    for (const int value : readers) text += std::to_string(value) + ",";
    return text;
  }
};

// A trace, written so that executions that differ by the order of independent operations only are the same text: for
// every operation its thread, and for each thread the last of its operations that this one depends on.
class TraceText {
 public:
  void add(std::size_t thread, const Effect& effect, int chosen) {
    std::set<std::string> before;
    for (const Event& event : events_) {
      if (event.thread != thread && conflict(event.effect, effect))
        before.insert(" " + std::to_string(event.thread) + "." + std::to_string(event.position));
    }
    std::string text = std::to_string(chosen);
    for (const std::string& event : before) text += event;
    events_.push_back({thread, counts_[thread]++, effect, text});
  }
  std::string text() const {
    std::map<std::pair<std::size_t, int>, std::string> sorted;
    for (const Event& event : events_) sorted[{event.thread, event.position}] = event.text;
    std::string result;
    for (const auto& [place, text] : sorted) result += std::to_string(place.first) + "(" + text + ")";
    return result;
  }

 private:
  struct Event {
    std::size_t thread;
    int position;
    Effect effect;
    std::string text;
  };
  std::vector<Event> events_;
  std::map<std::size_t, int> counts_;
};

struct Behaviour {
  std::set<std::string> states;        // final ones
  std::map<std::string, int> traces;   // with the fewest preemptions that show each
  std::map<std::string, int> visited;  // the same for beginnings of executions, and who ran last
};

inline void enumerate(const Machine& machine, const TraceText& trace, int current, int preemptions, Behaviour& out) {
  const auto [seen, first_time] = out.visited.try_emplace(trace.text() + std::to_string(current), preemptions);
  if (!first_time && seen->second <= preemptions) return;
  seen->second = preemptions;
  bool any = false;
  for (std::size_t thread = 0; thread < machine.program.size(); thread++) {
    if (!machine.able(thread)) continue;
    any = true;
    const bool preempts =
        current >= 0 && static_cast<std::size_t>(current) != thread && machine.able(static_cast<std::size_t>(current));
    for (int chosen = 0; chosen < machine.choices(thread); chosen++) {
      Machine next = machine;
      TraceText longer = trace;
      longer.add(thread, next.step(thread, chosen), chosen);
      enumerate(next, longer, static_cast<int>(thread), preemptions + preempts, out);
    }
  }
  if (any) return;
  out.states.insert(machine.state());
  const auto [known, is_new] = out.traces.try_emplace(trace.text(), preemptions);
  if (!is_new) known->second = std::min(known->second, preemptions);
}

inline Behaviour enumerate(const Program& program) {
  Behaviour behaviour;
  enumerate(Machine(program), {}, -1, 0, behaviour);
  return behaviour;
}

struct Searched {
  std::set<std::string> states;
  std::map<std::string, int> traces;  // how often each was seen
  std::uint64_t given_up = 0;
  std::size_t last_traces = 0;  // as the search counts them
  bool diverged = false;
};

// One execution. Returns its trace, or "" if it was given up.
inline std::string run_one(Systematic& search, const Program& program, Searched& result) {
  search.begin();
  Machine machine(program);
  TraceText trace;
  std::set<std::size_t> waiting;
  int current = -1;
  bool complete = false;
  while (true) {
    std::vector<std::uint16_t> able;
    for (std::size_t t = 0; t < program.size(); t++)
      if (!machine.ended(t) && !waiting.contains(t)) able.push_back(static_cast<std::uint16_t>(t));
    if (able.empty()) {
      complete = true;
      break;
    }
    const int chosen = search.choose(able, current);
    if (chosen < 0) break;
    const auto thread = static_cast<std::size_t>(chosen);
    if (!machine.able(thread)) {
      search.want(machine.wanted(thread));
      search.refuse();
      waiting.insert(thread);
      continue;
    }
    const int n = machine.choices(thread);
    const int answer = n > 1 ? static_cast<int>(search.answer(static_cast<std::uint32_t>(n))) : 0;
    const Effect effect = machine.step(thread, answer);
    search.touch(effect);
    trace.add(thread, effect, answer);
    if (effect.object >= 100 && effect.touch != Touch::check) waiting.clear();  // some lock changed
    current = chosen;
  }
  search.end();
  result.diverged |= search.diverged();
  if (!complete) {
    ++result.given_up;
    return "";
  }
  result.states.insert(machine.state());
  ++result.traces[trace.text()];
  return trace.text();
}

inline Searched run(Systematic& search, const Program& program) {
  Searched result;
  while (!search.exhausted()) run_one(search, program, result);
  result.last_traces = search.traces();
  return result;
}

enum class Kinds { always_the_same, may_fail, with_readers };

// Programs as chance makes them: of operations that do the same wherever they stand, or with some that may fail, and
// now and then a lock that is not released, so that some deadlock; or with locks that readers share, too.
inline Program random_program(std::mt19937& random, int threads, int operations, Kinds kinds) {
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  Program program(static_cast<std::size_t>(threads));
  for (auto& thread : program) {
    for (int i = 0; i < operations; i++) {
      const int object = below(2);
      if (kinds == Kinds::with_readers && below(3) == 0) {
        thread.push_back({Op::lock_shared, object});
        if (below(2) == 0) thread.push_back({Op::load, 1 - object});
        if (below(4) == 0) thread.push_back({Op::store, 1 - object, 7});
        if (below(6) != 0) thread.push_back({Op::unlock_shared, object});
        continue;
      }
      switch (below(kinds == Kinds::always_the_same ? 7 : 9)) {
        case 0:
        case 1:
          thread.push_back({Op::load, object});
          break;
        case 2:
          thread.push_back({Op::store, object, below(3)});
          break;
        case 3:
          thread.push_back({Op::add, object});
          break;
        case 4:
          thread.push_back(kinds == Kinds::may_fail && below(3) == 0 ? Instruction{Op::choose, 0, 2}
                                                                     : Instruction{Op::load, object});
          break;
        case 5:
        case 6:
          thread.push_back({Op::lock, object});
          if (below(2) == 0)
            thread.push_back(below(2) == 0 ? Instruction{Op::load, 1 - object} : Instruction{Op::store, 1 - object, 5});
          if (kinds == Kinds::always_the_same || below(8) != 0) thread.push_back({Op::unlock, object});
          break;
        case 7:
          thread.push_back({Op::try_lock, object});
          thread.push_back({Op::unlock, object});
          break;
        case 8:
          thread.push_back({Op::cas, object, below(2)});
          break;
      }
    }
  }
  return program;
}

inline std::string show(const Program& program) {
  std::string text;
  for (const auto& thread : program) {
    for (const Instruction& i : thread)
      text +=
          std::to_string(static_cast<int>(i.op)) + "/" + std::to_string(i.object) + "/" + std::to_string(i.value) + " ";
    text += "|| ";
  }
  return text;
}

}  // namespace racecourse::schedule::small
