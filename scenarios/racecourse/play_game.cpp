#include <fmt/core.h>
#include <racecourse/scenarios/racecourse/play_game.h>
#include <racecourse/scenarios/racecourse/play_screen.h>
#include <racecourse/scenarios/turns.h>

#include <algorithm>

namespace racecourse::command {
namespace {

constexpr std::size_t kMostTimes = 1'000;

std::string sentence_lines(const std::string& text) {
  std::string lines;
  for (const std::string& line : wrapped(text, kTerminalWidth)) lines += line + "\n";
  return lines;
}

bool shows(const Finding& finding, Kind kind) {
  return finding.kind == kind || std::ranges::find(finding.also, kind) != finding.also.end();
}

std::string count_of(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

std::string to_text(const std::vector<Turn>& turns) {
  std::string text;
  for (const Turn& turn : turns) {
    text += (text.empty() ? "" : " ") + std::to_string(turn.thread);
    if (turn.answer != 0) text += ":" + std::to_string(turn.answer);
  }
  return text;
}

std::vector<std::string> words_of(const std::string& script) {
  std::vector<std::string> words;
  bool remark = false, inside = false;
  for (const char c : script) {
    remark = c == '\n' ? false : remark || c == '#';
    const bool between = remark || c == ' ' || c == ',' || c == '\n' || c == '\t' || c == '\r';
    if (!between && !inside) words.emplace_back();
    inside = !between;
    if (inside) words.back() += c;
  }
  return words;
}

Game::Game(World& world, const Aim& aim) : world_(world), aim_(aim) { position_ = world_.after(turns_); }

std::string Game::help() {
  return "  1, T1 or a thread's name  that thread does its next step; 1x4: four times;\n"
         "                            1:1: and the step wakes the second of those who wait\n"
         "  u  take the last turn back        a  begin again\n"
         "  h  a hint: who goes next          s  do what the hint says\n"
         "  r  run on to the end, without you l  list all steps so far\n"
         "  g  give up                        ?  this help\n"
         "  q  quit\n";
}

std::string Game::opening() const {
  std::string text = aim_.name + ": you are the scheduler.\n";
  text += sentence_lines(aim_.summary);
  if (aim_.bug) {
    text += sentence_lines(fmt::format("It is broken: pick who runs until it shows. The bug is of the kind {}.",
                                       racecourse::to_string(*aim_.bug)));
  } else {
    text += sentence_lines("It is said to be right. Find a bug; or give up (g), and you win if nobody can.");
  }
  return text + "A thread's number: its next step. u undo, h hint, g give up, ? help, q quit.\n";
}

std::string Game::closing() const {
  if (turns_.empty() && !ran_on_) return "";
  const std::string text = turns_.empty() ? "" : fmt::format("played: {}\n", to_text(turns_));
  const std::string replay =
      aim_.replay_command.empty() ? fmt::format("{} replay {} --token", aim_.command, aim_.name) : aim_.replay_command;
  return text + fmt::format("replay: {} {}\n", replay, position_.token);
}

std::string Game::play_command() const {
  return aim_.play_command.empty() ? fmt::format("{} play {}", aim_.command, aim_.name) : aim_.play_command;
}

std::string Game::play(const std::string& word) {
  shown_ = position_.steps.size();
  all_steps_ = false;
  if (word == "?") return help();
  if (word == "u") return undo();
  if (word == "a") return begin_again();
  if (word == "h") return hint();
  if (word == "s") return follow_hint();
  if (word == "r") return run_on();
  if (word == "g") return give_up();
  if (word == "l") {
    all_steps_ = true;
    return "";
  }
  if (word == "q") {
    over_ = true;
    return "";
  }
  std::size_t times = 1;
  const auto turn = turn_from(word, times);
  if (!turn) {
    throw BadMove(
        fmt::format("nothing is called \"{}\": say a thread's number, or u, a, h, s, r, g, l or q; ? explains", word));
  }
  return take(*turn, times);
}

std::optional<Turn> Game::turn_from(const std::string& word, std::size_t& times) const {
  for (const Stand& stand : position_.threads) {
    if (stand.title.ends_with(" (" + word + ")")) return Turn{stand.thread};
  }
  const auto written = catalogue::turn_from(word);
  if (!written) return std::nullopt;
  times = written->times;
  if (times < 1 || times > kMostTimes) throw BadMove(fmt::format("say a number of times from 1 to {}", kMostTimes));
  return written->turn;
}

std::string Game::who_can_go() const {
  std::string text;
  std::size_t count = 0;
  for (const Stand& stand : position_.threads) {
    if (!stand.can_go()) continue;
    text += fmt::format("{}T{}", count == 0 ? "" : ", ", stand.thread);
    ++count;
  }
  return text + " can go on";
}

void Game::check_can_go(int thread) const {
  const auto stand = std::ranges::find(position_.threads, thread, &Stand::thread);
  if (stand == position_.threads.end()) throw BadMove(fmt::format("there is no T{}; {}", thread, who_can_go()));
  if (stand->can_go()) return;
  throw BadMove(fmt::format("T{} {}; {}", thread, stand->next, who_can_go()));
}

void Game::move_to(std::vector<Turn> turns) {
  position_ = world_.after(turns);
  turns_ = std::move(turns);
  ran_on_ = false;
}

std::string Game::take(const Turn& turn, std::size_t times) {
  const std::optional<Finding> before = position_.finding;
  for (std::size_t i = 0; i < times; i++) {
    if (position_.over) {
      if (i > 0) break;
      throw BadMove("this execution is over: u takes the last turn back, a begins again");
    }
    const auto stand = std::ranges::find(position_.threads, turn.thread, &Stand::thread);
    if (i > 0 && (stand == position_.threads.end() || !stand->can_go())) break;
    check_can_go(turn.thread);
    if (turn.answer > 0 && turn.answer >= std::max(stand->alternatives, 1u)) {
      throw BadMove(
          stand->alternatives < 2
              ? fmt::format("the next step of T{} wakes nobody that could be chosen; say {}", turn.thread, turn.thread)
              : fmt::format("the next step of T{} wakes one of {}: say {}:0 to {}:{}", turn.thread, stand->alternatives,
                            turn.thread, turn.thread, stand->alternatives - 1));
    }
    std::vector<Turn> turns = turns_;
    turns.push_back(turn);
    move_to(std::move(turns));
  }
  return reaction(before);
}

std::string Game::undo() {
  if (ran_on_) {
    move_to(turns_);
    shown_ = 0;
    return "";
  }
  if (turns_.empty()) throw BadMove("there is no turn to take back");
  std::vector<Turn> turns = turns_;
  turns.pop_back();
  move_to(std::move(turns));
  shown_ = 0;
  return "";
}

std::string Game::begin_again() {
  move_to({});
  shown_ = 0;
  return "";
}

std::string Game::hint() {
  if (position_.over) throw BadMove("this execution is over: u takes the last turn back, a begins again");
  const auto hint = world_.hint(turns_);
  if (!hint) {
    return sentence_lines(aim_.bug ? "No hint: the steps of this game are too coarse for the way that the search found."
                                   : "No hint: the search has found no bug either. Give up (g) if you think that "
                                     "there is none.");
  }
  const std::string next = fmt::format("T{}{}", hint->next.thread,
                                       hint->next.answer == 0 ? "" : fmt::format(" ({})", to_text({hint->next})));
  if (hint->undo == 0)
    return sentence_lines(fmt::format("Hint: {} next. {} from here to the bug.", next, count_of(hint->left, "turn")));
  return sentence_lines(fmt::format("Hint: no way is known from here. Take back {} (u), then {}: {} to go.",
                                    count_of(hint->undo, "turn"), next, count_of(hint->left, "turn")));
}

std::string Game::follow_hint() {
  if (position_.over) throw BadMove("this execution is over: u takes the last turn back, a begins again");
  const auto hint = world_.hint(turns_);
  if (!hint) throw BadMove("no way is known from here; h says more");
  if (hint->undo == 0) return take(hint->next, 1);
  std::vector<Turn> turns(turns_.begin(), turns_.end() - static_cast<std::ptrdiff_t>(hint->undo));
  move_to(std::move(turns));
  shown_ = 0;
  return sentence_lines(fmt::format("{} taken back: no way was known from there.", count_of(hint->undo, "turn")));
}

std::string Game::run_on() {
  if (position_.over) throw BadMove("this execution is over: u takes the last turn back, a begins again");
  const std::optional<Finding> before = position_.finding;
  position_ = world_.run_on(turns_);
  ran_on_ = true;
  return reaction(before);
}

std::string Game::give_up() {
  over_ = true;
  if (aim_.bug) {
    const std::string text = "There is one, and a search finds it.";
    const auto hint = world_.hint({});
    if (!hint && !aim_.play_command.empty()) return sentence_lines("There is one, and the checks show it.");
    if (!hint) return sentence_lines(fmt::format("{} `{} explain {}` shows how.", text, aim_.command, aim_.name));
    std::vector<Turn> turns;
    for (auto next = hint; next; next = world_.hint(turns)) {
      if (next->undo > 0 || turns.size() >= hint->left) break;
      turns.push_back(next->next);
    }
    // On a line of its own, to be pasted.
    return sentence_lines(text) + fmt::format("play: {} --schedule \"{}\"\n", play_command(), to_text(turns));
  }
  const World::Judgement judgement = world_.judge();
  won_ = true;
  return sentence_lines((judgement.proved ? "You are right: nobody can. " : "You may be right. ") + judgement.text);
}

// What came of a move.
std::string Game::reaction(const std::optional<Finding>& before) {
  if (!position_.finding) {
    if (!position_.over) return "";
    return sentence_lines(
        "It has come to its end, and nothing went wrong. u takes the last turn back, a begins "
        "again.");
  }
  const Finding& finding = *position_.finding;
  const bool reached = !aim_.bug || shows(finding, *aim_.bug);
  const bool is_news = !before || before->kind != finding.kind || before->also.size() != finding.also.size();
  if (reached) {
    over_ = won_ = true;
    std::string text =
        sentence_lines(fmt::format("You have reached the bug in {}: {}: {}", count_of(turns_.size(), "turn"),
                                   racecourse::to_string(finding.kind), finding.message));
    return text + "\n" + finding.picture;
  }
  std::string text;
  if (is_news) {
    text = fmt::format("There is a {}: {}. ", racecourse::to_string(finding.kind), finding.message);
    text += position_.over ? "It ends here" : "It goes on";
    text += fmt::format("; to reach is: {}.", racecourse::to_string(*aim_.bug));
  }
  if (position_.over) text += (text.empty() ? "" : " ") + std::string("It is over; u takes the last turn back.");
  return text.empty() ? "" : sentence_lines(text);
}

}  // namespace racecourse::command
