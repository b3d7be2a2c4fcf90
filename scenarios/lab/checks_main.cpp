// The program of an exercise: searches the body of one check, and answers with what came of it.
#include <fcntl.h>
#include <fmt/core.h>
#include <racecourse/checkers/control/grouped.h>
#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/steer.h>
#include <racecourse/scenarios/lab/checks.h>
#include <racecourse/scenarios/steered.h>
#include <racecourse/scenarios/turns.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace racecourse::lab {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kBadArguments = 2;

std::vector<Body>& bodies() {
  static std::vector<Body> instance;
  return instance;
}

int refuse(const std::string& sentence) {
  fmt::print(stderr, "racecourse: {}\n", sentence);
  return kBadArguments;
}

struct Request {
  std::string check, token, command = "racecourse";
  std::optional<std::string> turns;
  bool steer = false;
  bool narrow = false;  // the picture is for a terminal
  int result_fd = STDOUT_FILENO;
  int nonce_fd = -1;
};

// The grader's word for this one run. Read before any of the student's code has run. The descriptor keeps its number,
// and nothing comes out of it any more: the fresh process that confirms a finding reads there, too, and answers
// somebody else. Were the number free, what that process is asked with could have it.
std::string read_nonce(int fd) {
  char text[256];
  const ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text);
  if (fd >= 0) {
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(nothing, fd);
    close(nothing);
  }
  return std::string(text, static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
}

Options options_for(const Request& request) {
  Options options;
  options.name = request.check;
  options.token = request.token;
  options.seed = 1;
  options.replay_command = request.command + " --check " + request.check + " --token {token}";
  return options;
}

std::string searched(const Verdict& every, const Verdict& further) {
  if (every.state == State::proved && every.executions == 1) return "its one execution";
  if (every.state == State::proved) return "all " + control::grouped(every.executions) + " executions";
  return control::grouped(every.executions) + " executions in order and " + control::grouped(further.executions) +
         " of a random search";
}

// Nobody can go on, whatever is said of how it came to that. Who sleeps on a condition may have been notified before.
bool is_asleep(Kind kind) {
  return kind == Kind::deadlock || kind == Kind::self_deadlock || kind == Kind::lost_wakeup ||
         kind == Kind::partial_deadlock;
}

void tell(Json& answer, const Finding& finding) {
  answer["kind"] = to_string(finding.kind);
  answer["also"] = Json::array();
  for (const Kind kind : finding.also) answer["also"].push_back(to_string(kind));
  answer["message"] = finding.message;
  answer["file"] = finding.file;
  answer["line"] = finding.line;
  answer["execution"] = finding.execution;
  answer["token"] = finding.token;
  answer["picture"] = finding.picture;
  answer["report"] = finding.report;
}

// "1 2:1": T1, then T2, which wakes the second of those who wait.
std::vector<Turn> turns_from(const std::string& text) {
  std::vector<Turn> turns;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const auto written = catalogue::turn_from(word);
    if (!written || written->times != 1) throw std::invalid_argument("\"" + word + "\" is no turn");
    turns.push_back(written->turn);
  }
  return turns;
}

// The picture once more, as wide as a terminal; nothing if the schedule does not lead there again.
std::optional<std::string> narrow_picture(const Body& body, const Request& request, const Finding& finding) {
  Steering steering(body.run, options_for(request));
  const std::optional<Finding> again = steering.replay(finding.token);
  if (!again || again->kind != finding.kind || again->picture.empty()) return std::nullopt;
  return again->picture;
}

// One execution, as far as the turns go, and what it shows.
Json answer_of_turns(const Body& body, const Request& request) {
  Steering steering(body.run, options_for(request));
  const std::vector<Turn> turns = turns_from(*request.turns);
  const Position position = steering.after(turns);
  Json answer;
  answer["check"] = request.check;
  answer["passed"] = !position.finding;
  answer["searched"] = "one execution";
  answer["executions"] = 1;
  answer["unfit"] = position.problem;
  if (position.finding) tell(answer, *position.finding);
  return answer;
}

Json answer_of(const Body& body, const Request& request) {
  Options options = options_for(request);
  Verdict every, further;
  if (body.ends == Ends::normally && request.token.empty()) {
    options.strategy = "exhaustive";
    options.executions = kExhaustive;
    every = search(body.run, options);
    options.strategy = "default";
  }
  // In the process that confirms a finding every call but one returns at once, so both calls are made there too.
  if (every.state != State::failed && every.state != State::proved && every.state != State::unreliable) {
    options.executions = body.ends == Ends::asleep ? 100 : kRandom;
    further = search(body.run, options);
  }
  const Verdict& verdict = every.state == State::not_found ? further : every;
  Json answer;
  answer["check"] = request.check;
  answer["state"] = to_string(verdict.state);
  const bool asleep = verdict.finding && is_asleep(verdict.finding->kind);
  answer["passed"] = body.ends == Ends::asleep ? asleep && verdict.state == State::failed
                                               : verdict.state == State::proved || verdict.state == State::not_found;
  answer["executions"] = every.executions + further.executions;
  answer["searched"] =
      body.ends == Ends::asleep ? "one execution, in which everybody sleeps" : searched(every, further);
  if (verdict.finding) {
    tell(answer, *verdict.finding);
    if (request.narrow) {
      if (const auto picture = narrow_picture(body, request, *verdict.finding)) answer["picture"] = *picture;
    }
  } else {
    answer["text"] = verdict.text;
  }
  return answer;
}

bool write_line(int fd, const std::string& line) {
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = write(fd, rest.data(), rest.size());
    if (written <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool parse(int argc, char** argv, Request& request) {
  const auto number = [](const char* text, int& value) {
    const std::string_view all(text);
    return std::from_chars(all.data(), all.data() + all.size(), value).ptr == all.data() + all.size();
  };
  for (int i = 1; i < argc; i++) {
    const std::string_view option(argv[i]);
    if (option == "--trace") {
      const char* options = std::getenv("RACECOURSE_OPTIONS");
      setenv("RACECOURSE_OPTIONS", (std::string(options == nullptr ? "" : options) + " trace=1").c_str(), 1);
      continue;
    }
    if (option == "--narrow") {
      request.narrow = true;
      continue;
    }
    if (option == "--steer") {
      request.steer = true;
      continue;
    }
    if (++i == argc) return false;
    if (option == "--check") {
      request.check = argv[i];
    } else if (option == "--token") {
      request.token = argv[i];
    } else if (option == "--turns") {
      request.turns = argv[i];
    } else if (option == "--command") {
      request.command = argv[i];
    } else if (option == "--result-fd") {
      if (!number(argv[i], request.result_fd)) return false;
    } else if (option == "--nonce-fd") {
      if (!number(argv[i], request.nonce_fd)) return false;
    } else {
      return false;
    }
  }
  return true;
}

int checks_main(int argc, char** argv) {
  Request request;
  if (!parse(argc, argv, request))
    return refuse("usage: --check NAME [--token T | --turns \"1 2\"] [--steer] [--narrow] [--trace]");
  const std::string nonce = read_nonce(request.nonce_fd);
  const auto body = std::ranges::find(bodies(), request.check, &Body::name);
  if (body == bodies().end()) {
    std::string known;
    for (const Body& one : bodies()) known += (known.empty() ? "" : ", ") + one.name;
    return refuse("no check is called \"" + request.check + "\"; there are " + known);
  }
  try {
    if (request.steer) return catalogue::serve_steering(body->run, options_for(request), request.result_fd);
    Json answer = request.turns ? answer_of_turns(*body, request) : answer_of(*body, request);
    answer["nonce"] = nonce;
    // Bytes that are not UTF-8 are replaced: a program may print anything.
    const std::string line = answer.dump(-1, ' ', false, Json::error_handler_t::replace);
    return write_line(request.result_fd, line + "\n") ? 0 : 1;
  } catch (const std::exception& error) {
    return refuse(error.what());
  }
}

}  // namespace

Bodies::Bodies(std::vector<Body> added) {
  for (Body& body : added) bodies().push_back(std::move(body));
}

}  // namespace racecourse::lab

int main(int argc, char** argv) { return racecourse::lab::checks_main(argc, argv); }
