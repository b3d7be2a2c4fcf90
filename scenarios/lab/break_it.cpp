#include <fmt/core.h>
#include <racecourse/checkers/schedule/schedule.h>
#include <racecourse/scenarios/lab/break_it.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/play_game.h>
#include <racecourse/scenarios/turns.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace racecourse::lab {
namespace {

using command::BadRequest;

// More than any of the exercises has; each turn costs a step of the one execution.
constexpr std::size_t kMostTurns = 10'000;

bool shows(const Outcome& outcome, Kind kind) {
  const std::string name = racecourse::to_string(kind);
  return outcome.kind == name || std::ranges::find(outcome.also, name) != outcome.also.end();
}

}  // namespace

Goal goal_of(const Exercise& exercise) {
  const std::size_t space = exercise.fails.find(' ');
  const auto kind = kind_from_string(std::string_view(exercise.fails).substr(space + 1));
  if (!kind) throw std::logic_error(exercise.name + " does not say what its starter fails with");
  return {exercise.fails.substr(0, space), *kind};
}

bool can_be_broken(const Exercise& exercise) { return goal_of(exercise).kind != Kind::data_race; }

Schedule schedule_from(const std::string& text) {
  Schedule schedule;
  for (const std::string& word : command::words_of(text)) {
    if (word.starts_with("r1:")) {
      try {
        schedule::from_token(word);
      } catch (const schedule::BadToken& error) {
        throw BadRequest(error.what());
      }
      if (!schedule.is_empty()) throw BadRequest("it holds more than one schedule");
      schedule.token = word;
      continue;
    }
    if (!schedule.token.empty()) throw BadRequest("it holds more than one schedule");
    const auto written = catalogue::turn_from(word);
    if (!written || written->turn.thread < 0 || written->times == 0 || written->times > kMostTurns) {
      throw BadRequest("\"" + word.substr(0, 40) + "\" is no turn: a turn is a thread's number, as in 1, 1x4 or 1:1");
    }
    if (schedule.turns.size() + written->times > kMostTurns) {
      throw BadRequest(fmt::format("it has more than {} turns", kMostTurns));
    }
    schedule.turns.insert(schedule.turns.end(), written->times, written->turn);
  }
  return schedule;
}

Broken break_it(const std::string& program, const Exercise& exercise, const std::string& text, const Job& job) {
  const Goal goal = goal_of(exercise);
  Broken broken;
  Schedule schedule;
  try {
    schedule = schedule_from(text);
  } catch (const BadRequest& error) {
    broken.text = std::string("it is no schedule: ") + error.what();
    return broken;
  }
  if (schedule.is_empty()) {
    broken.text = "there is no schedule in it";
    return broken;
  }
  const std::vector<std::string> how = schedule.token.empty()
                                           ? std::vector<std::string>{"--turns", command::to_text(schedule.turns)}
                                           : std::vector<std::string>{"--token", schedule.token};
  broken.outcome = run_check(program, goal.check, job, how);
  const Outcome& outcome = broken.outcome;
  broken.shown = outcome.problem.empty() && shows(outcome, goal.kind);
  const char* wanted = racecourse::to_string(goal.kind);
  if (!outcome.problem.empty()) {
    broken.text = "there is no verdict: " + outcome.problem;
  } else if (!outcome.unfit.empty()) {
    broken.text = fmt::format("not all of it can be played ({}){}", outcome.unfit,
                              broken.shown ? fmt::format("; it shows the {} all the same", wanted) : "");
  } else if (broken.shown) {
    broken.text = fmt::format("it shows the {}: {}", outcome.kind, outcome.message);
  } else if (!outcome.kind.empty()) {
    broken.text =
        fmt::format("it leads to another end ({}: {}); to reach is: {}", outcome.kind, outcome.message, wanted);
  } else {
    broken.text = fmt::format("nothing goes wrong as far as it goes; to reach is: {}", wanted);
  }
  return broken;
}

}  // namespace racecourse::lab
