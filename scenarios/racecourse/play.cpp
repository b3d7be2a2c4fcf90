// `racecourse play`: the reader picks who runs.
#include <racecourse/scenarios/racecourse/commands.h>
#include <racecourse/scenarios/racecourse/play_game.h>
#include <racecourse/scenarios/racecourse/play_lecture.h>
#include <racecourse/scenarios/racecourse/play_loop.h>
#include <racecourse/scenarios/racecourse/play_world.h>

#include <csignal>
#include <string>

namespace racecourse::command {
namespace {

// The variant that was named, or the first broken one that can be played.
const Entry& played(const std::vector<Entry>& entries, const std::string& name) {
  if (name.find('/') == std::string::npos) {
    for (const Entry& entry : entries) {
      const auto says = expectation(entry, Checker::explore).says;
      const bool found = says == Expectation::Says::finding || says == Expectation::Says::may_find;
      if (entry.scenario == name && entry.broken && found) return entry;
    }
  }
  return only(entries, name);
}

Aim aim_of(const Entry& entry, const Settings& settings) {
  const Expectation declared = expectation(entry, Checker::explore);
  using Says = Expectation::Says;
  if (declared.says == Says::not_run || declared.says == Says::cannot_see) {
    throw BadRequest(full_name(entry) + " cannot be played: " + declared.reason);
  }
  Aim aim{full_name(entry), {}, entry.summary, settings.command};
  if (entry.broken) aim.bug = declared.kind;
  return aim;
}

}  // namespace

int play(const PlayRequest& request) {
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);  // nothing is lost: end at once
  const std::vector<Entry> entries = load_catalogue();
  const Entry& entry = played(entries, request.name);
  const Aim aim = aim_of(entry, request.settings);
  SteeredWorld world(entry, request.settings);
  if (request.lecture) return lecture(world, aim, request.lines);
  Game game(world, aim);
  play_out(game, {request.schedule, request.lines});
  return game.is_won() ? 0 : 1;
}

}  // namespace racecourse::command
