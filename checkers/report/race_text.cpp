#include <racecourse/checkers/report/paths.h>
#include <racecourse/checkers/report/race_text.h>

#include <algorithm>
#include <string_view>

namespace racecourse::report {
namespace {

constexpr std::string_view kVptrWrite = "__tsan_vptr_update";

// "__wrap___memcpy_chk" -> "memcpy", "__isoc99_sscanf" -> "sscanf"; empty for the compiler's own hooks, which stand for
// an access in the line itself.
std::string library_function(std::string_view called) {
  constexpr std::string_view kWrap = "__wrap_", kHook = "__tsan_", kMoves = "__tsan_mem", kFortified = "_chk",
                             kStandard = "__isoc99_";
  if (called.starts_with(kWrap)) called.remove_prefix(kWrap.size());
  if (called.starts_with(kMoves)) called.remove_prefix(kHook.size());
  if (called.starts_with(kHook) || called.starts_with("_Z")) return {};
  if (called.starts_with("__") && called.ends_with(kFortified)) {
    called.remove_prefix(2);
    called.remove_suffix(kFortified.size());
  }
  if (called.starts_with(kStandard)) called.remove_prefix(kStandard.size());
  return std::string(called);
}

std::string last_part(const std::string& name) {
  const std::size_t dot = name.find_last_of(".>:");
  return dot == std::string::npos ? name : name.substr(dot + 1);
}

bool takes_over(std::uint8_t order) { return order == 1 || order == 2 || order >= 4; }  // consume, acquire or stronger
bool hands_on(std::uint8_t order) { return order >= 3; }                                // release or stronger

bool stores(Op op) { return op == Op::atomic_store || op == Op::atomic_rmw || op == Op::cas_success; }
bool loads(Op op) {
  return op == Op::atomic_load || op == Op::atomic_rmw || op == Op::cas_success || op == Op::cas_failure;
}

}  // namespace

std::vector<std::uint32_t> locks_around(const Trace& trace, std::size_t number) {
  const RaceSides sides = race_sides(trace, number);
  std::vector<std::uint32_t> events;
  for (const std::optional<std::uint32_t>& access : {sides.near, sides.far}) {
    if (!access) continue;
    for (const HeldLock& one : held_locks(trace, trace.events[*access].thread, *access)) events.push_back(one.since);
  }
  return events;
}

RaceText::Side RaceText::side(std::size_t number, bool near) {
  const RawFinding& finding = trace_.findings[number];
  const RaceSides sides = race_sides(trace_, number);
  Side side;
  side.thread = near ? finding.thread : finding.other;
  side.write = (near ? finding.thread_is_write : finding.other_is_write) != 0;
  side.event = near ? sides.near : sides.far;
  side.word = access_word(trace_, side.event, side.write);
  const bool plain =
      side.event && !is_atomic(trace_.events[*side.event].op) && is_memory(trace_.events[*side.event].op);
  const std::string called = plain ? symbols_.called(trace_.events[*side.event].pc) : std::string{};
  side.on_vptr = called == kVptrWrite;
  side.function = library_function(called);
  return side;
}

std::string RaceText::words(const Side& side, const std::string& object, std::uint64_t bytes) const {
  std::string text = side.word + " of " + object;
  if (bytes == 0 && side.function.empty()) return text;
  text += " (";
  if (bytes != 0) text += std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
  if (!side.function.empty()) text += (bytes != 0 ? ", by " : "by ") + side.function;
  return text + ")";
}

std::string RaceText::bit_field(const Side& side) {
  if (!side.event) return {};
  const Event& event = trace_.events[*side.event];
  const std::string name = names_.in_source(event);
  const UserPlace& user = stacks_.user(event);
  return !name.empty() && symbols_.is_bit_field(user.address, last_part(name)) ? name : std::string{};
}

// "bit-fields a and b share the bytes", if each side means one of its own.
std::string RaceText::bit_fields(const Side& near, const Side& far) {
  const std::string mine = bit_field(near), theirs = bit_field(far);
  if (mine.empty() || theirs.empty() || last_part(mine) == last_part(theirs)) return {};
  return "bit-fields " + mine + " and " + theirs + " share the bytes";
}

std::string RaceText::object(std::size_t number, const Side& near, const Side& far) {
  const std::string name = names_.of(trace_.findings[number].address);
  return near.on_vptr || far.on_vptr ? "the vptr of " + name : name;
}

std::string RaceText::of_vptr(const Side& vptr, const Side& other, const std::string& object) {
  std::string text = object + " is being constructed or destroyed";
  const Event& event = trace_.events[*vptr.event];
  for (const Place& place : stacks_.frames(event.pc, event.stack)) {
    const std::size_t part = place.function.rfind("::");
    if (part == std::string::npos) continue;
    const bool destructor = place.function[part + 2] == '~';
    const std::string type = last_part(place.function.substr(0, part));
    if (!destructor && place.function.substr(part + 2) != type) continue;
    text = object + (destructor ? " is being destroyed by " : " is being constructed by ") + thread_label(vptr.thread);
    break;
  }
  if (other.on_vptr) return text + " while " + thread_label(other.thread) + " does so, too";
  return text + " while " + thread_label(other.thread) +
         (other.write ? " writes there" : " calls a virtual function of it");
}

std::string RaceText::sentence(std::size_t number) {
  const Side mine = side(number, true), theirs = side(number, false);
  const auto by = [](const Side& side) {
    return thread_label(side.thread) + (side.function.empty() ? "" : " (" + side.function + ")");
  };
  std::string text = mine.word + " of " + object(number, mine, theirs) + " by " + by(mine) + " races with " +
                     theirs.word + " by " + by(theirs);
  if (const std::string fields = bit_fields(mine, theirs); !fields.empty()) text += ": " + fields;
  return text;
}

std::string RaceText::near(std::size_t number) {
  const Side mine = side(number, true), theirs = side(number, false);
  std::uint64_t bytes = trace_.findings[number].access_size;
  if (mine.event && is_memory(trace_.events[*mine.event].op)) bytes = extent(trace_.events[*mine.event]);
  return words(mine, object(number, mine, theirs), bytes);
}

std::string RaceText::far(std::size_t number) {
  const Side mine = side(number, true), theirs = side(number, false);
  // That the two have the same size goes without saying.
  const bool ranges = theirs.event && !theirs.function.empty();
  return words(theirs, object(number, mine, theirs), ranges ? extent(trace_.events[*theirs.event]) : 0);
}

std::string RaceText::at(std::uint32_t event) {
  const UserPlace& user = stacks_.user(trace_.events[event]);
  return user.place != nullptr ? where(*user.place) : std::string{};
}

std::string RaceText::locks_of(const Side& side, const std::vector<HeldLock>& held) {
  std::string text;
  for (const HeldLock& one : held) {
    text += (text.empty() ? "" : " and ") + names_.of(one.lock) + (one.shared ? " for reading" : "");
    if (const std::string place = at(one.since); !place.empty()) text += " (since " + place + ")";
  }
  return thread_label(side.thread) + " holds " + (text.empty() ? "none" : text);
}

std::string RaceText::locks(const Side& near, const Side& far) {
  const auto held_by = [&](const Side& side) {
    return side.event ? held_locks(trace_, side.thread, *side.event) : std::vector<HeldLock>{};
  };
  const std::vector<HeldLock> mine = held_by(near), theirs = held_by(far);
  if (mine.empty() && theirs.empty())
    return "neither " + thread_label(near.thread) + " nor " + thread_label(far.thread) + " holds a lock";
  const bool common = std::any_of(mine.begin(), mine.end(), [&](const HeldLock& one) {
    return std::any_of(theirs.begin(), theirs.end(), [&](const HeldLock& other) { return other.lock == one.lock; });
  });
  // A lock that both hold keeps nobody out if both only read under it.
  return std::string(common ? "no lock keeps them apart: " : "no lock in common: ") + locks_of(near, mine) + ", " +
         locks_of(far, theirs);
}

// The far thread stored after its access what the near one loaded before its own, but with too weak an order.
std::string RaceText::weak_message(const Side& near, const Side& far) {
  if (!near.event || !far.event) return {};
  for (std::uint32_t i = *far.event + 1; i < *near.event; ++i) {
    const Event& store = trace_.events[i];
    if (store.thread != far.thread || !stores(store.op)) continue;
    for (std::uint32_t k = i + 1; k < *near.event; ++k) {
      const Event& load = trace_.events[k];
      if (load.address != store.address) continue;
      if (load.thread == near.thread && loads(load.op)) {
        const bool weak_store = !hands_on(store.order), weak_load = !takes_over(load.order);
        if (!weak_store && !weak_load) break;
        const std::string too_weak = weak_store && weak_load ? "store and load are too weak: release and acquire"
                                     : weak_store            ? "the store is too weak: release"
                                                             : "the load is too weak: acquire";
        return thread_label(far.thread) + " stores " + names_.of(store.address) + " after it (" + at(i) + "), " +
               thread_label(near.thread) + " loads that before (" + at(k) + "), and " + too_weak +
               " would order the two";
      }
      if (load.op == Op::atomic_store) break;  // what is loaded later was stored by another
    }
  }
  return {};
}

std::vector<std::string> RaceText::reasons(std::size_t number) {
  const Side mine = side(number, true), theirs = side(number, false);
  std::vector<std::string> lines;
  if (mine.on_vptr || theirs.on_vptr) {
    const std::string name = names_.of(trace_.findings[number].address);
    lines.push_back(mine.on_vptr ? of_vptr(mine, theirs, name) : of_vptr(theirs, mine, name));
  }
  if (const std::string fields = bit_fields(mine, theirs); !fields.empty())
    lines.push_back(fields + ": who writes one writes back the other, as it was read");
  lines.push_back(locks(mine, theirs));
  if (const std::string message = weak_message(mine, theirs); !message.empty()) lines.push_back(message);
  lines.push_back("no release and acquire, thread start or join orders the two");
  return lines;
}

}  // namespace racecourse::report
