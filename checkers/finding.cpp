#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/finding.h>

#include <array>

namespace racecourse {
namespace {

struct Name {
  Kind kind;
  const char* text;
};

// In the order of the enumeration, so that a kind is an index.
constexpr std::array<Name, kKindCount> kNames = {{
    {Kind::data_race, "data-race"},
    {Kind::deadlock, "deadlock"},
    {Kind::partial_deadlock, "partial-deadlock"},
    {Kind::self_deadlock, "self-deadlock"},
    {Kind::lock_order, "lock-order"},
    {Kind::lost_wakeup, "lost-wakeup"},
    {Kind::livelock, "livelock"},
    {Kind::non_termination, "non-termination"},
    {Kind::assertion, "assertion"},
    {Kind::exception, "exception"},
    {Kind::abort, "abort"},
    {Kind::signal, "signal"},
    {Kind::exit, "exit"},
    {Kind::mutex_misuse, "mutex-misuse"},
    {Kind::thread_misuse, "thread-misuse"},
    {Kind::sync_misuse, "sync-misuse"},
    {Kind::use_after_free, "use-after-free"},
    {Kind::double_free, "double-free"},
    {Kind::heap_overflow, "heap-overflow"},
    {Kind::leak, "leak"},
    {Kind::thread_leak, "thread-leak"},
    {Kind::forbidden_outcome, "forbidden-outcome"},
    {Kind::not_linearizable, "not-linearizable"},
    {Kind::step_limit, "step-limit"},
    {Kind::uncontrolled_blocking, "uncontrolled-blocking"},
    {Kind::nondeterminism, "nondeterminism"},
    {Kind::hang, "hang"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kNames.size(); i++) {
    if (kNames[i].kind != static_cast<Kind>(i) || kNames[i].text == nullptr) return false;
  }
  return true;
}
static_assert(in_order());

}  // namespace

const char* to_string(Kind kind) {
  const auto index = static_cast<std::size_t>(kind);
  return index < kNames.size() ? kNames[index].text : "unknown-kind";
}

const char* to_string(State state) {
  switch (state) {
    case State::failed:
      return "failed";
    case State::proved:
      return "proved";
    case State::not_found:
      return "not-found";
    case State::unreliable:
      return "unreliable";
  }
  return "unknown-state";
}

std::optional<Kind> kind_from_string(std::string_view name) {
  for (const Name& entry : kNames) {
    if (name == entry.text) return entry.kind;
  }
  return std::nullopt;
}

}  // namespace racecourse
