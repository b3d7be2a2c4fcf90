#include <fmt/core.h>
#include <racecourse/scenarios/json.h>
#include <racecourse/scenarios/lab/grade.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace racecourse::lab {
namespace {

using catalogue::Json;

std::string in_xml(const std::string& text) {
  // A submission may hold bytes that are not UTF-8, and a compiler quotes it.
  const std::string valid = Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
  std::string escaped;
  for (const char c : valid) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        // XML has no place for the others.
        escaped += static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t' ? c : '?';
    }
  }
  return escaped;
}

std::string in_csv(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c == '\n' ? ' ' : c);
  return quoted + "\"";
}

bool has_rung(const Graded& graded, Rung rung) {
  return graded.judged &&
         std::ranges::any_of(graded.exercise->checks, [&](const Check& check) { return check.rung == rung; });
}

// Whether the rung counts: it passed, and so did those below it.
bool counts(const Graded& graded, Rung rung) {
  for (const Rung below : kRungs) {
    if (has_rung(graded, below) && !graded.judged->passed(below)) return false;
    if (below == rung) return true;
  }
  return true;
}

// What the rung's checks came to, for a person.
std::string told(const Graded& graded, Rung rung) {
  const Judged& judged = *graded.judged;
  if (judged.status != Status::checked) return std::string(to_string(judged.status)) + ": " + judged.reason;
  std::string text;
  for (const Result& result : judged.results) {
    if (result.check->rung != rung) continue;
    text += (text.empty() ? "" : "\n") + sentence(result);
    if (!result.outcome.picture.empty() && !result.outcome.passed) {
      text += "\n\n" + result.outcome.picture.substr(0, result.outcome.picture.find("\nreplay: ")) + "\n";
    }
  }
  return text;
}

std::string hints_of(const Graded& graded) {
  std::string text;
  const auto add = [&](const std::string& hint) { text += (text.empty() ? "" : "\n") + hint; };
  if (graded.judged) {
    for (const Pattern& pattern : graded.judged->patterns) add(pattern.hint);
  }
  for (const PartResult& part : graded.parts) {
    for (const std::string& hint : part.hints) add(hint);
  }
  return text;
}

Json tests_of(const Graded& graded) {
  Json tests = Json::array();
  for (const Rung rung : kRungs) {
    if (!has_rung(graded, rung)) continue;
    const bool passed = counts(graded, rung);
    Json test;
    test["name"] = graded.exercise->name + ": " + to_string(rung);
    test["score"] = passed ? points(rung) : 0;
    test["max_score"] = points(rung);
    test["status"] = passed ? "passed" : "failed";
    test["output"] = told(graded, rung);
    test["visibility"] = rung == Rung::contract || rung == Rung::two_threads ? "visible" : "after_due_date";
    tests.push_back(test);
  }
  for (const PartResult& part : graded.parts) {
    Json test;
    test["name"] = graded.exercise->name + ": " + to_string(part.part) + " it" + (part.extra ? " (extra)" : "");
    test["score"] = part.points;
    test["max_score"] = part.of;
    test["status"] = part.points == part.of ? "passed" : "failed";
    test["output"] = part.text;
    test["visibility"] = part.shows ? "visible" : "after_due_date";
    tests.push_back(test);
  }
  return tests;
}

Json in_gradescope(const Submission& submission) {
  Json json;
  json["score"] = points(submission);
  Json tests = Json::array();
  std::string output;
  for (const Graded& graded : submission.exercises) {
    for (const Json& test : tests_of(graded)) tests.push_back(test);
    output += fmt::format("{}: {} of {}", graded.exercise->name, graded.points(), graded.most_points());
    if (graded.judged) {
      output += fmt::format(", {}; searched: {}\n", to_string(graded.judged->status), searched(graded));
      output += fmt::format("the checks are those that catch {} hidden mutants of the reference\n",
                            graded.exercise->mutants.size() + graded.exercise->edits.size());
    } else {
      output += "\n";
    }
    if (const std::string hints = hints_of(graded); !hints.empty()) output += hints + "\n";
  }
  json["output"] = output;
  json["visibility"] = "visible";
  json["tests"] = tests;
  return json;
}

}  // namespace

const char* to_string(Part part) {
  switch (part) {
    case Part::mend_it:
      return "mend";
    case Part::break_it:
      return "break";
    case Part::judge_it:
      return "judge";
    case Part::test_it:
      return "test";
  }
  return "?";
}

int Graded::points() const {
  int sum = judged ? judged->points(*exercise) : 0;
  for (const PartResult& part : parts) sum += part.points;
  return sum;
}

int Graded::most_points() const {
  int sum = judged ? lab::most_points(*exercise) : 0;
  for (const PartResult& part : parts) sum += part.extra ? 0 : part.of;
  return sum;
}

int points(const Submission& submission) {
  int sum = 0;
  for (const Graded& graded : submission.exercises) sum += graded.points();
  return sum;
}

int most_points(const Submission& submission) {
  int sum = 0;
  for (const Graded& graded : submission.exercises) sum += graded.most_points();
  return sum;
}

std::vector<std::string> misconceptions(const Graded& graded) {
  std::set<std::string> held;
  if (graded.judged) {
    for (const Result& result : graded.judged->results) {
      if (result.ran && !result.outcome.passed && !result.check->misconception.empty()) {
        held.insert(result.check->misconception);
      }
    }
    for (const Pattern& pattern : graded.judged->patterns) held.insert(pattern.misconception);
  }
  for (const PartResult& part : graded.parts) held.insert(part.misconceptions.begin(), part.misconceptions.end());
  return {held.begin(), held.end()};
}

std::string sentence(const Result& result) {
  const Outcome& outcome = result.outcome;
  const std::string asked = result.check->name + " (" + result.check->asks + "): ";
  if (!result.ran) return asked + "not run, because what is asked before it fails";
  if (outcome.passed) return asked + "holds in " + outcome.searched;
  if (!outcome.problem.empty()) return asked + "no verdict: " + outcome.problem;
  return asked + fmt::format("{} in execution {}: {}", outcome.kind, outcome.execution, outcome.message);
}

std::string searched(const Graded& graded) {
  std::string text;
  std::set<std::string> said;
  if (!graded.judged) return "nothing";
  for (const Result& result : graded.judged->results) {
    if (!result.ran || !result.outcome.passed || !said.insert(result.outcome.searched).second) continue;
    text += (text.empty() ? "" : "; ") + result.outcome.searched;
  }
  return text.empty() ? "nothing" : text;
}

std::string gradescope(const std::vector<Submission>& submissions) {
  if (submissions.size() == 1) {
    return in_gradescope(submissions.front()).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  Json all;
  all["submissions"] = Json::array();
  for (const Submission& submission : submissions) {
    Json one;
    one["name"] = submission.name;
    one.update(in_gradescope(submission));
    all["submissions"].push_back(one);
  }
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

namespace {

// As XML, and how many of them failed.
std::pair<std::vector<std::string>, std::size_t> cases_of(const Submission& submission, const Graded& graded) {
  std::vector<std::string> cases;
  std::size_t failures = 0;
  const auto add = [&](const std::string& name, bool passed, const std::string& why) {
    failures += !passed;
    std::string xml = fmt::format("    <testcase classname=\"{}.{}\" name=\"{}\"", in_xml(submission.name),
                                  graded.exercise->name, name);
    xml += passed ? "/>\n" : fmt::format(">\n      <failure message=\"{}\"/>\n    </testcase>\n", in_xml(why));
    cases.push_back(std::move(xml));
  };
  for (const Result& result : graded.judged ? graded.judged->results : std::vector<Result>()) {
    const Judged& judged = *graded.judged;
    add(result.check->name, result.ran && result.outcome.passed,
        judged.status == Status::checked ? sentence(result)
                                         : std::string(to_string(judged.status)) + ": " + judged.reason);
  }
  for (const PartResult& part : graded.parts) {
    add(std::string(to_string(part.part)) + "_it", part.points == part.of, part.text);
  }
  return {std::move(cases), failures};
}

}  // namespace

std::string junit(const std::vector<Submission>& submissions) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const Submission& submission : submissions) {
    for (const Graded& graded : submission.exercises) {
      const auto [cases, failures] = cases_of(submission, graded);
      xml += fmt::format("  <testsuite name=\"{}.{}\" tests=\"{}\" failures=\"{}\">\n", in_xml(submission.name),
                         graded.exercise->name, cases.size(), failures);
      for (const std::string& one : cases) xml += one;
      xml += "  </testsuite>\n";
    }
  }
  return xml + "</testsuites>\n";
}

std::string csv(const std::vector<Submission>& submissions) {
  std::string text =
      "submission,exercise,status,points,of,contract,two-threads,three-threads,progress,break,judge,test,"
      "misconceptions\n";
  std::map<std::string, int> held;
  for (const Submission& submission : submissions) {
    for (const Graded& graded : submission.exercises) {
      text +=
          fmt::format("{},{},{},{},{}", in_csv(submission.name), graded.exercise->name,
                      graded.judged ? to_string(graded.judged->status) : "n/a", graded.points(), graded.most_points());
      for (const Rung rung : kRungs) {
        text += !has_rung(graded, rung) ? ",n/a" : counts(graded, rung) ? ",yes" : ",no";
      }
      for (const Part part : {Part::break_it, Part::judge_it, Part::test_it}) {
        const auto found = std::ranges::find(graded.parts, part, &PartResult::part);
        text += found == graded.parts.end() ? ",n/a" : "," + std::to_string(found->points);
      }
      std::string all;
      for (const std::string& one : misconceptions(graded)) {
        ++held[one];
        all += (all.empty() ? "" : "; ") + one;
      }
      text += "," + in_csv(all) + "\n";
    }
  }
  text += "\nmisconception,held by\n";
  for (const auto& [one, count] : held) text += fmt::format("{},{}\n", in_csv(one), count);
  return text;
}

}  // namespace racecourse::lab
