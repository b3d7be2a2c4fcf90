// The game behind `racecourse play`: what a player types, what it means, and who has won. Knows no terminal.
#pragma once

#include <racecourse/checkers/steer.h>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace racecourse::command {

// What is played.
struct Aim {
  std::string name;                    // "account/check_then_act"
  std::optional<Kind> bug;             // that is to be reached; none: it is said to be right
  std::string summary;                 // one sentence about the variant
  std::string command = "racecourse";  // as the user typed it
  // Of what is not in the catalogue: what plays it, and what replays a token of it, which is put behind.
  std::string play_command = {};
  std::string replay_command = {};
};

// The world that a game is played in.
class World {
 public:
  virtual ~World() = default;
  virtual Position after(const std::vector<Turn>& turns) = 0;
  virtual Position run_on(const std::vector<Turn>& turns) = 0;
  // The way to the bug from here, as a search found it. None if it found no bug, or if no turns lead there.
  virtual std::optional<Hint> hint(const std::vector<Turn>& turns) = 0;
  // Whether nobody can reach a bug, and one sentence on how that is known.
  struct Judgement {
    bool proved = false;
    std::string text;
  };
  virtual Judgement judge() = 0;
};

// A mistake of the player's: one sentence. Nothing has changed.
struct BadMove : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Game {
 public:
  // Both outlive this object.
  Game(World& world, const Aim& aim);

  // One word: "1", "T1", "writer", "1:1" (and its step wakes the second waiter), "1x4" (four times), or a letter of
  // help(). Returns what there is to say, perhaps nothing. Throws BadMove.
  std::string play(const std::string& word);

  static std::string help();
  std::string opening() const;
  // What was played, as a schedule for --schedule, its token, and the command that replays it.
  std::string closing() const;

  const std::string& name() const { return aim_.name; }
  const Position& position() const { return position_; }
  const std::vector<Turn>& turns() const { return turns_; }
  bool is_over() const { return over_; }
  bool is_won() const { return won_; }
  // Whether a thread's number is one digit, so that a key is enough.
  bool has_one_digit_threads() const { return position_.threads.size() <= 10; }
  // Of the steps that were shown before the last move.
  std::size_t shown_steps() const { return shown_; }
  bool wants_all_steps() const { return all_steps_; }

 private:
  std::string take(const Turn& turn, std::size_t times);
  std::string undo();
  std::string begin_again();
  std::string hint();
  std::string follow_hint();
  std::string run_on();
  std::string give_up();
  std::string reaction(const std::optional<Finding>& before);
  void move_to(std::vector<Turn> turns);
  void check_can_go(int thread) const;
  std::string play_command() const;
  std::string who_can_go() const;
  std::optional<Turn> turn_from(const std::string& word, std::size_t& times) const;

  World& world_;
  const Aim aim_;
  std::vector<Turn> turns_;
  Position position_;
  bool ran_on_ = false;  // the position is the end that the default rule leads to, not where the turns end
  bool over_ = false;
  bool won_ = false;
  bool all_steps_ = false;
  std::size_t shown_ = 0;
};

// "1 1 2 2:1".
std::string to_text(const std::vector<Turn>& turns);

// The words of a script: separated by spaces, commas and line breaks; from # to the end of its line is a remark.
std::vector<std::string> words_of(const std::string& script);

}  // namespace racecourse::command
