#include <racecourse/checkers/control/command_line.h>
#include <racecourse/checkers/hooks.h>
#include <racecourse/checkers/report/gravity.h>
#include <racecourse/checkers/report/paths.h>
#include <racecourse/checkers/tsan/findings.h>

#include <algorithm>
#include <cstdio>
#include <tuple>
#include <vector>

namespace racecourse::tsan {
namespace {

const Seen& leading(const std::vector<Seen>& seen, const control::Goal& goal) {
  // Most telling first: a kind that nobody allowed, the one that was asked for, the graver one.
  const auto rank = [&](const Seen& one) {
    const bool asked_for = goal.required && one.kind == *goal.required;
    const bool unwelcome = goal.required && !asked_for && !goal.allowed.has(one.kind);
    return std::tuple(!unwelcome, !asked_for, report::gravity(one.kind));
  };
  return *std::min_element(seen.begin(), seen.end(), [&](const Seen& a, const Seen& b) { return rank(a) < rank(b); });
}

std::string indented(const std::string& text) {
  std::string result = "  ";
  for (std::size_t i = 0; i < text.size(); i++) {
    result += text[i];
    if (text[i] == '\n' && i + 1 < text.size()) result += "  ";
  }
  if (!result.ends_with('\n')) result += '\n';
  return result;
}

std::string placed(const Seen& seen) {
  if (seen.file.empty()) return "";
  return " (" + report::readable_path(seen.file, "") + ":" + std::to_string(seen.line) + ")";
}

std::string title_of(const Seen& seen) {
  // A report's message already names its places.
  return std::string(to_string(seen.kind)) + ": " + seen.message + (seen.text.empty() ? placed(seen) : "") + "\n";
}

std::string report_of(const RunResult& result, const Seen& lead, const Told& told, std::uint64_t run) {
  std::string text = title_of(lead);
  text += "in run " + std::to_string(run) + " of " + std::to_string(told.repetitions) + " of " + told.name +
          " on real threads, under ThreadSanitizer (seed " + std::to_string(told.seed) + ")\n";
  if (!lead.text.empty()) text += "\n" + indented(lead.text);
  for (const Seen& other : result.seen) {
    if (&other == &lead) continue;
    text += "\nin the same run, " + title_of(other);
    if (!other.text.empty()) text += indented(other.text);
  }
  if (!result.output.empty()) text += "\noutput of this run:\n" + indented(result.output);
  text += "\nagain (real threads: it may take several tries): " + told.command_again + "\n";
  return text;
}

}  // namespace

std::string command_again(const Options& options, const Options& base, const std::string& test) {
  // One that takes a token is for the explore link.
  if (!options.replay_command.empty() && options.replay_command.find("{token}") == std::string::npos) {
    return options.replay_command;
  }
  std::vector<std::string> words = control::original_arguments();
  if (!test.empty() && hooks().filter_argument != nullptr && !words.empty()) {
    words.resize(1);
    words.push_back(hooks().filter_argument(test));
  }
  std::string settings = "seed=" + std::to_string(options.seed);
  if (options.repetitions != base.repetitions) settings += " repetitions=" + std::to_string(options.repetitions);
  if (options.deadline_seconds != base.deadline_seconds) {
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%g", options.deadline_seconds);
    settings += std::string(" deadline_seconds=") + seconds;
  }
  std::string command = "RACECOURSE_OPTIONS=" + control::shell_quoted(settings);
  for (const std::string& word : words) command += " " + control::shell_quoted(word);
  return command;
}

Finding make_finding(const RunResult& result, const control::Goal& goal, const Told& told, std::uint64_t run) {
  const Seen& lead = leading(result.seen, goal);
  Finding finding;
  finding.kind = lead.kind;
  finding.message = lead.message;
  finding.file = lead.file;
  finding.line = lead.line;
  finding.execution = run;
  finding.replay_command = told.command_again;
  for (const Seen& other : result.seen) {
    const bool known = std::find(finding.also.begin(), finding.also.end(), other.kind) != finding.also.end();
    if (other.kind != finding.kind && !known) finding.also.push_back(other.kind);
  }
  finding.report = report_of(result, lead, told, run);
  return finding;
}

}  // namespace racecourse::tsan
