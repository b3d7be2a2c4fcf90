// The last failure once more: step by step, or every event of it.
#include <fmt/core.h>
#include <racecourse/scenarios/json.h>
#include <racecourse/scenarios/lab/paragraph.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/lab.h>
#include <racecourse/scenarios/racecourse/lab_build.h>
#include <racecourse/scenarios/racecourse/lab_last.h>
#include <racecourse/scenarios/racecourse/play_screen.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string_view>
#include <utility>

namespace racecourse::command {

namespace fs = std::filesystem;
using catalogue::Json;
using lab::Exercise;
using lab::Workspace;

namespace {

constexpr const char* kLast = ".racecourse-last.json";

}  // namespace

void keep_last(const Workspace& workspace, const Exercise& exercise, const lab::Check& check,
               const lab::Outcome& outcome) {
  Json json;
  json["exercise"] = exercise.name;
  json["check"] = check.name;
  json["asks"] = check.asks;
  json["kind"] = outcome.kind;
  json["message"] = outcome.message;
  json["picture"] = outcome.picture;
  json["token"] = outcome.token;
  lab::write_file(workspace.folder() / kLast, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void forget_last(const Workspace& workspace) { fs::remove(workspace.folder() / kLast); }

LastFailure last_failure(const Workspace& workspace, const std::string& name) {
  const Json json = Json::parse(lab::read_file(workspace.folder() / kLast), nullptr, false);
  if (!json.is_object()) throw BadRequest("no check has failed; `racecourse lab check` runs them");
  const auto text = [&](const char* key) { return json.value(key, std::string()); };
  LastFailure last{text("exercise"), text("check"),   text("asks"), text("kind"),
                   text("message"),  text("picture"), text("token")};
  if (!name.empty() && last.exercise != name) throw BadRequest("the last failure is one of " + last.exercise);
  return last;
}

int lab_replay(const ReplayOfCheck& request) {
  const Workspace workspace = Workspace::find(fs::current_path());
  const Exercise& exercise = meant(workspace, request.name);
  const fs::path program =
      request.handed_out ? build_handed_out(workspace, exercise) : program_of_mine(workspace, exercise);
  if (!fs::exists(program)) throw BadRequest(exercise.name + " is not built; `racecourse lab check` does it");
  lab::Job job = check_job(workspace);
  job.arguments = {program.string(), "--check", request.check, "--token", request.token, "--trace"};
  job.nonce = "replay";
  const lab::Ended ended = lab::run_job(job);
  const Json answer = Json::parse(ended.answer, nullptr, false);
  if (ended.exit_code == 2) {
    constexpr std::string_view kPrefix = "racecourse: ";
    const std::string said = ended.output.substr(0, ended.output.find('\n'));
    throw BadRequest(said.starts_with(kPrefix) ? said.substr(kPrefix.size()) : said);
  }
  if (!answer.is_object()) throw BadRequest("the checks gave no answer");
  fmt::print("{}\n", answer.contains("report") ? answer["report"].get<std::string>() : answer.value("text", ""));
  return 0;
}

int lab_step(const std::string& name) {
  const LastFailure last = last_failure(Workspace::find(fs::current_path()), name);
  fmt::print("{}", lab::wrapped(fmt::format("{}, {}: {}", last.exercise, last.check, last.asks)));
  const bool waits = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
  if (waits) fmt::print("Enter: the next step; q and Enter: no more\n\n");
  bool heading = true;
  for (const std::string& part : parts_of(last.picture.substr(0, last.picture.find("\nreplay: ")))) {
    if (!waits || std::exchange(heading, false)) {
      fmt::print("{}", part);
    } else {
      fmt::print("{} ", part.substr(0, part.find_last_not_of('\n') + 1));
      std::fflush(stdout);
      std::string answer;
      if (!std::getline(std::cin, answer) || answer == "q") return 0;
    }
  }
  fmt::print("{}", lab::wrapped(last.kind + ": " + last.message));
  return 0;
}

}  // namespace racecourse::command
