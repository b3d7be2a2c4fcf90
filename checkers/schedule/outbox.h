// Sequences that the explorer of a subtree wants to have explored from states above it, kept until the trunk may be
// changed. They outlive the trace that they are from.
#pragma once

#include <racecourse/checkers/schedule/wakeup_tree.h>

#include <cstdint>
#include <span>

namespace racecourse::schedule {

class Outbox {
 public:
  explicit Outbox(Arena* arena)
      : letters_(InArena<Letter>(arena)),
        planned_(InArena<Kept>(arena)),
        sequence_(InArena<Planned>(arena)),
        effects_(InArena<Effect>(arena)),
        answers_(InArena<Answer>(arena)) {}

  void add(std::uint32_t depth, std::span<const Planned> sequence) {
    letters_.push_back(
        {depth, static_cast<std::uint32_t>(planned_.size()), static_cast<std::uint32_t>(sequence.size())});
    for (const Planned& planned : sequence) {
      const auto effects = planned.footprint.effects;
      planned_.push_back({planned, static_cast<std::uint32_t>(effects_.size()),
                          static_cast<std::uint32_t>(effects.size()), static_cast<std::uint32_t>(answers_.size()),
                          static_cast<std::uint32_t>(planned.answers.size())});
      effects_.insert(effects_.end(), effects.begin(), effects.end());
      answers_.insert(answers_.end(), planned.answers.begin(), planned.answers.end());
    }
  }

  // Calls `take(depth, sequence)` for each, in the order in which they came, and is empty then.
  template <class Take>
  void deliver(const Take& take) {
    for (const Letter& letter : letters_) {
      sequence_.clear();
      for (const Kept& kept : std::span(planned_).subspan(letter.first, letter.count)) {
        sequence_.push_back(kept.planned);
        sequence_.back().footprint.effects = {effects_.data() + kept.first_effect, kept.effect_count};
        sequence_.back().answers = {answers_.data() + kept.first_answer, kept.answer_count};
      }
      take(letter.depth, std::span<Planned>(sequence_));
    }
    clear();
  }

  bool empty() const { return letters_.empty(); }
  void clear() {
    letters_.clear();
    planned_.clear();
    effects_.clear();
    answers_.clear();
  }

 private:
  struct Letter {
    std::uint32_t depth, first, count;
  };
  struct Kept {
    Planned planned;  // but for what it points to
    std::uint32_t first_effect, effect_count, first_answer, answer_count;
  };

  ArenaVector<Letter> letters_;
  ArenaVector<Kept> planned_;
  ArenaVector<Planned> sequence_;
  ArenaVector<Effect> effects_;
  ArenaVector<Answer> answers_;
};

}  // namespace racecourse::schedule
