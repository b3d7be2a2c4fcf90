#include <racecourse/checkers/schedule/optimal.h>

#include <algorithm>

namespace racecourse::schedule {

Optimal::Optimal(Arena* arena)
    : Systematic(arena),
      nodes_(InArena<Node>(arena)),
      sleepers_(InArena<Sleeper>(arena)),
      sleeper_effects_(InArena<Effect>(arena)),
      pairs_(InArena<Reversible>(arena)),
      sequence_(InArena<Planned>(arena)),
      seen_(InArena<std::uint16_t>(arena)),
      last_effects_(InArena<Effect>(arena)),
      outbox_(arena),
      root_effects_(InArena<Effect>(arena)),
      name_(arena),
      names_(InArena<std::uint64_t>(arena)) {}

void Optimal::begin() {
  trace_.begin(nodes_.empty() ? 0 : root_ + static_cast<std::uint32_t>(nodes_.size()) - 1);
  is_new_ = false;
  given_up_ = false;
  in_execution_ = true;
}

void Optimal::restart() {
  for (Node& node : nodes_)
    while (node.first != nullptr) drop_first(node);
  nodes_.clear();
  sleepers_.clear();
  sleeper_effects_.clear();
  trace_.begin(0);
  trunk_ = nullptr;
  at_ = -1;
  root_ = own_from_ = 0;
  outbox_.clear();
  names_.clear();
  must_begin_anew_ = false;
  traces_ = redundant_ = 0;
  exhausted_ = diverged_ = false;
}

bool Optimal::sleeps(const Node& node, std::uint16_t thread) const {
  return std::ranges::any_of(sleepers(node), [&](const Sleeper& sleeper) { return sleeper.thread == thread; });
}

// The state after the last step: those sleep on whom that step has not woken, and what was planned to follow the step
// is to be explored here.
void Optimal::enter_node() {
  Node node{};
  node.first_sleeper = static_cast<std::uint32_t>(sleepers_.size());
  node.sleeper_effects = static_cast<std::uint32_t>(sleeper_effects_.size());
  if (!nodes_.empty()) {
    Node& last = nodes_.back();
    node.first = last.first->child;
    last.first->child = nullptr;
    // At the end of what was planned nobody sleeps: a sequence is planned only if it wakes all sleepers. Where it was
    // not known exactly what its last step would do, some may be left, and are woken here.
    const Footprint made = trace_.footprint(trace_.done() - 1);
    for (std::uint32_t i = 0; i < last.sleeper_count; i++) {
      const Sleeper sleeper = sleepers_[last.first_sleeper + i];
      if ((node.first != nullptr || sleeper.loose) && !dependent(footprint(sleeper), made))
        sleepers_.push_back(sleeper);
    }
    if (own_from_ == kNone && node.first == nullptr) own_from_ = root_ + static_cast<std::uint32_t>(nodes_.size());
  }
  node.sleeper_count = static_cast<std::uint32_t>(sleepers_.size()) - node.first_sleeper;
  nodes_.push_back(node);
  is_new_ = true;
}

void Optimal::drop_first(Node& node) {
  Branch* first = node.first;
  node.first = first->next;
  free_branch(arena_, first);
}

int Optimal::take(Node& node, std::span<const std::uint16_t> able, int current, int reluctant) {
  const auto is_able = [&](int thread) { return std::ranges::find(able, thread) != able.end(); };
  while (node.first != nullptr && !is_able(node.first->thread)) drop_first(node);
  if (node.first != nullptr) return node.first->thread;
  if (!is_new_) return -1;  // all that was planned here turned out to be impossible
  int chosen = -1;
  for (const std::uint16_t thread : able) {
    if (sleeps(node, thread)) continue;
    if (thread == reluctant) continue;
    if (thread == current) {
      chosen = thread;
      break;
    }
    if (chosen < 0 || thread < chosen) chosen = thread;
  }
  if (chosen < 0 && is_able(reluctant) && !sleeps(node, static_cast<std::uint16_t>(reluctant))) chosen = reluctant;
  if (chosen >= 0) node.first = make_branch(arena_, static_cast<std::uint16_t>(chosen), {}, {});
  return chosen;
}

int Optimal::choose(std::span<const std::uint16_t> able, int current, int reluctant) {
  if (trace_.is_open()) trace_.close();
  const std::uint32_t done = trace_.done();
  int chosen;
  if (done < trace_.kept()) {
    chosen = trace_.step(done).thread;
    if (std::ranges::find(able, chosen) == able.end()) {
      diverged_ = true;
      chosen = -1;
    }
  } else {
    if (done == root_ + nodes_.size()) enter_node();
    chosen = take(nodes_.back(), able, current, reluctant);
  }
  if (chosen < 0) {
    given_up_ = true;
    return -1;
  }
  trace_.open(static_cast<std::uint16_t>(chosen));
  return chosen;
}

void Optimal::refuse() {
  trace_.drop();
  if (trace_.done() < trace_.kept())
    diverged_ = true;
  else
    drop_first(nodes_.back());
}

std::uint32_t Optimal::answer(std::uint32_t n) {
  const std::uint32_t asked = trace_.open_answer_count();
  const std::uint32_t done = trace_.done();
  std::span<const Answer> planned;
  if (done < trace_.kept())
    planned = trace_.answers(done);
  else
    planned = nodes_.back().first->answer_list();
  const std::uint32_t value = asked < planned.size() && planned[asked].value < n ? planned[asked].value : 0;
  trace_.answer({value, n});
  return value;
}

// What is needed to see the pair the other way round: all that does not depend on its first step, then the thread of
// the second.
void Optimal::plan(const Reversible& pair) {
  sequence_.clear();
  for (std::uint32_t i = pair.first + 1; i < trace_.done(); i++) {
    if (trace_.happens_before(pair.first, i)) continue;
    const Step& step = trace_.step(i);
    sequence_.push_back(
        {step.thread, static_cast<std::int32_t>(i), step.enabled_by, trace_.footprint(i), trace_.answers(i), false});
  }
  add_reversed(pair.second);
  plan_sequence(pair.first);
}

// A step that was seen, to be made in another state.
void Optimal::add_reversed(std::uint32_t i) {
  const Step& step = trace_.step(i);
  Footprint last = trace_.footprint(i);
  last_effects_.assign(last.effects.begin(), last.effects.end());
  bool exact = true;
  for (Effect& effect : last_effects_) {
    exact &= effect.touch != Touch::check;
    if (effect.touch == Touch::check) effect.touch = Touch::write;
  }
  last = schedule::footprint(last_effects_);
  last.wild = step.or_timeout || step.unknown;
  exact &= !last.wild;
  sequence_.push_back({step.thread, static_cast<std::int32_t>(i), step.enabled_by, last, {}, false, exact});
}

// Of the state with `depth` steps before it.
void Optimal::plan_sequence(std::uint32_t depth) {
  if (depth < own_from_) return tell_trunk(depth);
  Node& node = nodes_[depth - root_];
  int place;
  for (const Sleeper& sleeper : sleepers(node)) {
    const bool leads = may_come_first(sleeper.thread, footprint(sleeper), sequence_, place);
    if (leads && (place >= 0 || !(sleeper.loose || eager_))) return;
  }
  if (eager_) return insert_initial(arena_, node.first->next, sequence_);
  // Not below the first: it is the step that the sequence does without.
  insert(arena_, node.first->next, sequence_);
}

void Optimal::add_sleeper(Node& node, std::uint32_t step) {
  const Footprint made = trace_.footprint(step);
  sleepers_.push_back({trace_.step(step).thread, static_cast<std::uint32_t>(sleeper_effects_.size()),
                       static_cast<std::uint32_t>(made.effects.size()), made.reads, made.writes, 0, false});
  sleeper_effects_.insert(sleeper_effects_.end(), made.effects.begin(), made.effects.end());
  ++node.sleeper_count;
}

// The step that is being explored, with other answers. False if it has had them all.
bool Optimal::next_answers(Node& node, std::uint32_t step) {
  const auto given = trace_.answers(step);
  std::size_t length = given.size();
  while (length > 0 && given[length - 1].value + 1 == given[length - 1].of) length--;
  if (length == 0) return false;
  ArenaVector<Answer> next(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(length),
                           InArena<Answer>(&arena_));
  next.back().value++;
  const std::uint16_t thread = node.first->thread;
  // Perhaps it is planned already.
  for (Branch** at = &node.first->next; *at != nullptr; at = &(*at)->next) {
    Branch* branch = *at;
    if (branch->thread != thread || branch->answer_count < length ||
        !std::equal(next.begin(), next.end(), branch->answers()))
      continue;
    *at = branch->next;
    branch->next = node.first->next;
    node.first->next = branch;
    return true;
  }
  Branch* branch = make_branch(arena_, thread, trace_.footprint(step), next);
  branch->next = node.first->next;
  node.first->next = branch;
  return true;
}

// To the deepest state from which something is left to explore.
void Optimal::go_back() {
  if (root_ + nodes_.size() > trace_.done()) {  // given up before its first step
    while (nodes_.back().first != nullptr) drop_first(nodes_.back());
    sleepers_.resize(nodes_.back().first_sleeper, Sleeper{});
    nodes_.pop_back();
  }
  for (; !nodes_.empty(); nodes_.pop_back()) {
    Node& node = nodes_.back();
    const auto step = root_ + static_cast<std::uint32_t>(nodes_.size()) - 1;
    sleepers_.resize(node.first_sleeper + node.sleeper_count, Sleeper{});
    if (!next_answers(node, step)) add_sleeper(node, step);
    drop_first(node);
    ++node.explored;
    if (node.first != nullptr || is_back_on_path()) return;
    sleepers_.resize(node.first_sleeper, Sleeper{});
    sleeper_effects_.resize(node.sleeper_effects, Effect{});
  }
  exhausted_ = true;
}

void Optimal::name_trace() {
  name_.begin();
  for (std::uint32_t i = 0; i < trace_.done(); i++) name_.add_step(trace_, i);
  names_.push_back(name_.name().low);
}

void Optimal::estimate() {
  Explored explored;
  for (const Node& node : nodes_) {
    std::uint32_t known = node.explored;
    for (const Branch* branch = node.first; branch != nullptr; branch = branch->next) ++known;
    if (known > 0) explored.add(node.explored, known);
  }
  part_explored_ = explored.part;
}

void Optimal::end() {
  in_execution_ = false;
  if (trace_.is_open()) trace_.close();
  diverged_ |= trace_.diverged();
  if (diverged_) {
    exhausted_ = true;
    return;
  }
  ++(given_up_ ? redundant_ : traces_);
  pairs_.clear();
  trace_.order(pairs_);
  for (const Reversible& pair : pairs_) plan(pair);
  if (eager_) plan_eagerly();
  if (!repeats && !trace_.is_exact()) {
    repeats = true;
    must_begin_anew_ = !keeps_all_names_;
  }
  if ((keeps_names_ || keeps_all_names_ || repeats) && !given_up_) name_trace();
  if (trunk_ != nullptr && !knows_root_step_ && trace_.done() > root_) {
    const Footprint made = trace_.footprint(root_);
    root_effects_.assign(made.effects.begin(), made.effects.end());
    knows_root_step_ = true;
  }
  go_back();
  if (is_to_estimate()) estimate();
}

}  // namespace racecourse::schedule
