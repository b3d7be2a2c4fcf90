#include <racecourse/checkers/schedule/wakeup_tree.h>

#include <algorithm>

namespace racecourse::schedule {

namespace {

std::size_t size_of(std::size_t effects, std::size_t answers) {
  return sizeof(Branch) + effects * sizeof(Effect) + answers * sizeof(Answer);
}

bool depends(const Planned& later, const Planned& earlier) {
  return later.enabled_by == earlier.step || dependent(earlier.footprint, later.footprint);
}

}  // namespace

bool may_come_first(std::uint16_t thread, const Footprint& footprint, std::span<const Planned> sequence, int& at) {
  at = -1;
  for (std::size_t i = 0; i < sequence.size(); i++) {
    if (sequence[i].taken || sequence[i].thread != thread) continue;
    at = static_cast<int>(i);
    break;
  }
  if (at >= 0) {
    const Planned& own = sequence[static_cast<std::size_t>(at)];
    const auto before = sequence.first(static_cast<std::size_t>(at));
    return std::ranges::none_of(before, [&](const Planned& other) { return !other.taken && depends(own, other); });
  }
  return std::ranges::none_of(
      sequence, [&](const Planned& other) { return !other.taken && dependent(footprint, other.footprint); });
}

Branch* make_branch(Arena& arena, std::uint16_t thread, const Footprint& footprint, std::span<const Answer> answers,
                    bool exact) {
  void* memory = arena.allocate(size_of(footprint.effects.size(), answers.size()));
  auto* branch = new (memory) Branch{nullptr,
                                     nullptr,
                                     thread,
                                     footprint.wild,
                                     exact,
                                     false,
                                     0,
                                     0,
                                     kNoNode,
                                     static_cast<std::uint16_t>(footprint.effects.size()),
                                     static_cast<std::uint16_t>(answers.size()),
                                     footprint.reads,
                                     footprint.writes};
  std::ranges::copy(footprint.effects, branch->effects());
  std::ranges::copy(answers, branch->answers());
  return branch;
}

void free_branch(Arena& arena, Branch* branch) {
  while (Branch* child = branch->child) {
    branch->child = child->next;
    free_branch(arena, child);
  }
  arena.release(branch, size_of(branch->effect_count, branch->answer_count));
}

Branch* copy_branch(Arena& arena, Branch& branch) {
  Branch* copy = make_branch(arena, branch.thread, branch.footprint(), branch.answer_list(), branch.exact);
  copy->origin = branch.origin;
  copy->dealt_to = branch.dealt_to;
  copy->loose = branch.loose;
  Branch** end = &copy->child;
  for (Branch* child = branch.child; child != nullptr; child = child->next) {
    *end = copy_branch(arena, *child);
    end = &(*end)->next;
  }
  return copy;
}

void unlink(Branch*& first, Branch* branch) {
  Branch** at = &first;
  while (*at != branch) at = &(*at)->next;
  *at = branch->next;
  branch->next = nullptr;
}

namespace {

// Where what is left of the sequence, which is all that is not taken, belongs; null: the tree leads to all of it.
Branch** follow(Branch*& first, std::span<Planned> sequence) {
  Branch** level = &first;
  auto left = std::ranges::count(sequence, false, &Planned::taken);
  for (Branch** at = level; *at != nullptr;) {
    Branch& branch = **at;
    int place;
    const bool leads =
        may_come_first(branch.thread, branch.footprint(), sequence, place) &&
        (place < 0 || std::ranges::equal(branch.answer_list(), sequence[static_cast<std::size_t>(place)].answers));
    if (!leads) {
      at = &branch.next;
      continue;
    }
    if (place >= 0) {
      sequence[static_cast<std::size_t>(place)].taken = true;
      left--;
    }
    // Whatever follows a leaf will be explored; and a sequence that is at its end is led to already.
    if (branch.child == nullptr || left == 0) return nullptr;
    at = level = &branch.child;
  }
  return level;
}

}  // namespace

bool leads_to(Branch* first, std::span<Planned> sequence) { return follow(first, sequence) == nullptr; }

void insert(Arena& arena, Branch*& first, std::span<Planned> sequence) {
  Branch** level = follow(first, sequence);
  if (level == nullptr) return;
  while (*level != nullptr) level = &(*level)->next;
  for (const Planned& planned : sequence) {
    if (planned.taken) continue;
    *level = make_branch(arena, planned.thread, planned.footprint, planned.answers, planned.exact);
    level = &(*level)->child;
  }
}

bool has_initial(Branch* first, std::span<const Planned> sequence) {
  for (int place; first != nullptr; first = first->next)
    if (may_come_first(first->thread, first->footprint(), sequence, place) && place >= 0) return true;
  return false;
}

void insert_initial(Arena& arena, Branch*& first, std::span<const Planned> sequence) {
  if (has_initial(first, sequence)) return;
  Branch** end = &first;
  while (*end != nullptr) end = &(*end)->next;
  const Planned& initial = sequence.front();
  *end = make_branch(arena, initial.thread, initial.footprint, {}, initial.exact && initial.answers.empty());
}

}  // namespace racecourse::schedule
