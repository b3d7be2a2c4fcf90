#include <fmt/core.h>
#include <racecourse/scenarios/json.h>
#include <racecourse/scenarios/lab/running.h>
#include <sys/random.h>

#include <csignal>
#include <cstring>
#include <stdexcept>

namespace racecourse::lab {
namespace {

using catalogue::Json;

// Of this run alone: an answer that was prepared, or kept from another run, does not have it.
std::string fresh_nonce() {
  unsigned char bytes[16];
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) throw std::runtime_error("cannot make a nonce");
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::string how_it_ended(const Ended& ended, const Job& job) {
  if (!ended.problem.empty()) return ended.problem;
  if (ended.out_of_memory) {
    return fmt::format("it was stopped because it used more than {} MiB of memory", job.resident_bytes >> 20);
  }
  if (ended.out_of_time) return "it did not end, and was stopped";
  if (ended.signal == SIGXCPU || ended.signal == SIGKILL) {
    return fmt::format("it was stopped at the limit of {} seconds of processor time", job.cpu_seconds);
  }
  if (ended.signal == SIGXFSZ) return "it was stopped because it wrote too much";
  if (ended.signal != 0) return std::string("it was ended by a signal: ") + strsignal(ended.signal);
  return fmt::format("it ended by itself, with exit code {}, before the checks were done", *ended.exit_code);
}

std::string text_in(const Json& answer, const char* name) {
  const auto found = answer.find(name);
  return found == answer.end() || !found->is_string() ? "" : found->get<std::string>();
}

}  // namespace

Outcome run_check(const std::string& program, const std::string& check, Job job, const std::vector<std::string>& how) {
  Outcome outcome;
  job.nonce = fresh_nonce();
  job.arguments = {program, "--check", check};
  job.arguments.insert(job.arguments.end(), how.begin(), how.end());
  const Ended ended = run_job(job);
  if (ended.exit_code != 0) {
    outcome.problem = how_it_ended(ended, job);
    return outcome;
  }
  const Json answer = Json::parse(ended.answer, nullptr, false);
  if (!answer.is_object() || text_in(answer, "nonce") != *job.nonce || text_in(answer, "check") != check ||
      !answer.contains("passed") || !answer["passed"].is_boolean() || text_in(answer, "searched").empty()) {
    outcome.problem = ended.answer.empty() ? how_it_ended(ended, job) : "its answer is not one of the checks";
    return outcome;
  }
  outcome.passed = answer["passed"];
  outcome.kind = text_in(answer, "kind");
  outcome.message = text_in(answer, "message");
  outcome.unfit = text_in(answer, "unfit");
  if (const auto also = answer.find("also"); also != answer.end() && also->is_array()) {
    for (const Json& kind : *also) {
      if (kind.is_string()) outcome.also.push_back(kind);
    }
  }
  outcome.token = text_in(answer, "token");
  outcome.picture = text_in(answer, "picture");
  outcome.report = text_in(answer, "report");
  outcome.file = text_in(answer, "file");
  outcome.file = outcome.file.substr(outcome.file.rfind('/') + 1);
  outcome.line = answer.value("line", 0);
  outcome.execution = answer.value("execution", std::uint64_t{0});
  outcome.executions = answer.value("executions", std::uint64_t{0});
  outcome.searched = text_in(answer, "searched");
  outcome.unreliable = text_in(answer, "state") == "unreliable";
  if (outcome.unreliable) outcome.message = "the code does not do the same each time; " + outcome.message;
  return outcome;
}

}  // namespace racecourse::lab
