#include <racecourse/checkers/control/position.h>
#include <racecourse/checkers/detect/race.h>
#include <racecourse/checkers/report/describe.h>
#include <racecourse/checkers/report/lifetimes.h>
#include <racecourse/checkers/report/paths.h>
#include <racecourse/checkers/report/render.h>
#include <racecourse/checkers/report/stacks.h>
#include <racecourse/checkers/report/text.h>
#include <racecourse/checkers/report/waits.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace racecourse::control {
namespace {

using report::Event;
using report::Op;
using report::ThreadState;
using report::Trace;
using report::Wait;

// Of the execution that names are learnt from. More would only cost time at every position.
constexpr std::size_t kMostLearnt = 5'000;

// What the player sees happen: everything that a decision may be due before.
bool is_shown(const Event& event) {
  switch (event.op) {
    case Op::none:
    case Op::clock:
    case Op::allocate:
    case Op::release:
    case Op::finding:
    case Op::thread_begin:
      return false;
    case Op::read:
    case Op::write:
      return detect::raced_before(event.address);
    default:
      return true;
  }
}

// Several executions one after the other, for those who only look at what is called how.
class Joined {
 public:
  void append(const Trace& trace, std::size_t from, std::size_t most = SIZE_MAX) {
    const auto offset = static_cast<std::uint32_t>(frames_.size());
    const auto moved = [&](std::uint32_t frame) { return frame == 0 ? 0 : frame + offset; };
    for (report::Frame frame : trace.frames) {
      frame.parent = moved(frame.parent);
      frames_.push_back(frame);
    }
    for (std::size_t i = from; i < trace.events.size() && i - from < most; ++i) {
      Event event = trace.events[i];
      event.stack = moved(event.stack);
      if (is_shown(event)) shown_.push_back(static_cast<std::uint32_t>(events_.size()));
      events_.push_back(event);
    }
  }
  Trace trace() const { return {events_, frames_, {}, {}, false}; }
  const std::vector<std::uint32_t>& shown() const { return shown_; }

 private:
  std::vector<report::Frame> frames_{{0, 0, 0}};  // 0 is "no frame"
  std::vector<Event> events_;
  std::vector<std::uint32_t> shown_;
};

// One trace in words.
class Teller {
 public:
  Teller(const Trace& trace, report::Names& names, report::Symbols& symbols)
      : trace_(trace),
        names_(names),
        symbols_(symbols),
        stacks_(trace_, symbols),
        describer_(trace_, names, stacks_, symbols),
        waits_(trace_, names, stacks_, describer_) {}

  Step step(const Event& event) {
    const report::Cell cell = describer_.cell(event);
    return {event.thread, cell.verb + cell.object + cell.value, describer_.place(event)};
  }
  void place(const report::UserPlace& user, Stand& stand) {
    if (user.place == nullptr) return;
    stand.where = report::short_where(*user.place);
    if (const std::string* line = symbols_.source_line(user.place->file, user.place->line))
      stand.code = report::one_line(*line);
  }
  void place(const Event& event, Stand& stand) { place(stacks_.user(event), stand); }
  void place_of_wait(std::uint16_t thread, Stand& stand) {
    const report::Waits::Origin origin = waits_.origin(thread);
    place(stacks_.user(origin.pc, origin.stack), stand);
  }

  // "waits for mutex_, held by T2".
  std::string waiting(std::uint16_t thread) {
    const report::ThreadEnd& end = trace_.threads[thread];
    const std::string object = end.wait_object != 0 && end.wait != Wait::join ? names_.of(end.wait_object) : "";
    switch (end.wait) {
      case Wait::join:
        return "waits for " +
               (end.wait_thread < trace_.threads.size() ? report::thread_label(end.wait_thread)
                                                        : std::string("a thread")) +
               " to end";
      case Wait::condition:
        return "sleeps on " + object + " until notified";
      case Wait::futex:
        return "sleeps on " + object + " until woken";
      case Wait::barrier:
        return "waits at " + object + " for the others";
      case Wait::sleep:
        return "sleeps";
      case Wait::never:
        return "waits for " + object + ", which it holds itself";
      default:
        break;
    }
    for (std::size_t other = 0; other < trace_.threads.size(); ++other) {
      if (!waits_.acquisition(end.wait_object, static_cast<std::uint16_t>(other))) continue;
      return "waits for " + object + ", held by " + report::thread_label(static_cast<std::uint16_t>(other));
    }
    return "waits for " + object;
  }

 private:
  const Trace trace_;
  report::Names& names_;
  report::Symbols& symbols_;
  report::Stacks stacks_;
  report::Describer describer_;
  report::Waits waits_;
};

std::set<std::uint64_t> shared_addresses(const Trace& trace) {
  const report::Lifetimes lifetimes(trace);
  const report::Contention contention(trace, lifetimes);
  std::set<std::uint64_t> addresses;
  for (std::uint32_t i = 0; i < trace.events.size(); ++i) {
    if (contention.shared(i)) addresses.insert(trace.events[i].address);
  }
  return addresses;
}

// Locks and shared memory, in the order of their addresses: members and elements keep their order.
class Variables {
 public:
  explicit Variables(report::Names& names) : names_(names) {}

  void see(const Event& event) {
    switch (event.op) {
      case Op::mutex_lock:
      case Op::rwlock_read_lock:
      case Op::rwlock_write_lock:
        return set(event, "held by " + report::thread_label(event.thread));
      case Op::mutex_unlock:
      case Op::rwlock_unlock:
        return set(event, event.op == Op::mutex_unlock && event.old_value != 0
                              ? "held by " + report::thread_label(event.thread)
                              : "free");
      default:
        break;
    }
    if (!report::is_memory(event.op) || !event.value_known || event.size > 8) return;
    set(event, names_.value(event, event.op == Op::cas_failure ? event.old_value : event.value));
  }
  std::vector<Variable> list() {
    std::vector<Variable> all;
    for (const auto& [address, value] : values_) all.push_back({names_.of(address), value});
    return all;
  }

 private:
  void set(const Event& event, std::string value) { values_[event.address] = std::move(value); }

  report::Names& names_;
  std::map<std::uint64_t, std::string> values_;
};

// From the first start of a thread on; what one thread does several times in a row is told once.
std::vector<Step> steps_of(const Trace& trace, Teller& teller) {
  std::vector<Step> steps;
  bool begun = false;
  for (const Event& event : trace.events) {
    begun |= event.op == Op::thread_create;
    if (!begun || !is_shown(event)) continue;
    Step step = teller.step(event);
    if (!steps.empty() && steps.back().thread == step.thread && steps.back().what == step.what &&
        steps.back().where == step.where) {
      ++steps.back().repeat;
    } else {
      steps.push_back(std::move(step));
    }
  }
  return steps;
}

// What `thread` does first when `next` goes on from where `run` stopped.
const Event* first_step(const SteeredRun& run, const SteeredRun& next, int thread) {
  for (std::size_t i = run.events.size(); i < next.events.size(); ++i) {
    const Event& event = next.events[i];
    if (event.thread == thread && is_shown(event)) return &event;
  }
  return nullptr;
}

}  // namespace

PositionWriter::PositionWriter(const SteeredRun& whole, report::Symbols& symbols)
    : whole_(whole), symbols_(symbols), shared_(shared_addresses(whole.trace())) {}

std::optional<Finding> PositionWriter::finding(const SteeredRun& run, const Options& options) const {
  constexpr std::size_t kTerminal = 80;
  if (run.findings.empty()) return std::nullopt;
  report::Context context;
  context.name = options.name;
  context.width = kTerminal;
  return report::render(run.trace(), context, symbols_);
}

Position PositionWriter::write(const SteeredRun& run, const Continuations& next, const Options& options) {
  const Trace trace = run.trace();
  Joined joined;
  joined.append(whole_.trace(), 0, kMostLearnt);
  joined.append(trace, 0);
  for (const auto& [thread, one] : next) joined.append(one->trace(), run.events.size());
  const Trace all = joined.trace();
  const report::Lifetimes lifetimes(all);
  report::Stacks stacks(all, symbols_);
  report::Names names(all, lifetimes, stacks, symbols_, joined.shown());
  Teller teller(trace, names, symbols_);

  Position position;
  position.over = run.over();
  position.steps = steps_of(trace, teller);

  std::set<std::uint64_t> shared = shared_addresses(trace);
  shared.insert(shared_.begin(), shared_.end());
  Variables variables(names);
  for (const Event& event : trace.events) {
    if (shared.contains(event.address)) variables.see(event);
  }
  position.variables = variables.list();

  for (std::size_t i = 0; i < trace.threads.size(); ++i) {
    const report::ThreadEnd& end = trace.threads[i];
    if (end.state == ThreadState::unused) continue;
    Stand stand;
    const auto thread = static_cast<std::uint16_t>(i);
    stand.thread = thread;
    stand.title = report::thread_title(trace, thread);
    const auto goes_on = next.find(thread);
    if (end.state == ThreadState::ended) {
      stand.is = Stand::Is::ended;
      stand.next = "has ended";
    } else if (goes_on == next.end()) {
      stand.is = end.state == ThreadState::blocked ? Stand::Is::waiting : Stand::Is::able;
      if (end.state == ThreadState::blocked) {
        stand.next = teller.waiting(thread);
        teller.place_of_wait(thread, stand);
      }
    } else {
      stand.alternatives = goes_on->second->outlook.alternatives;
      Teller later(goes_on->second->trace(), names, symbols_);
      const Event* first = first_step(run, *goes_on->second, thread);
      if (end.state == ThreadState::blocked) {
        stand.is = Stand::Is::timed;
        stand.next = teller.waiting(thread);
        teller.place_of_wait(thread, stand);
      } else if (first != nullptr) {
        stand.next = later.step(*first).what;
        later.place(*first, stand);
      } else {
        stand.next = "goes on";
      }
    }
    position.threads.push_back(std::move(stand));
  }
  position.finding = finding(run, options);
  return position;
}

}  // namespace racecourse::control
