#include <fmt/core.h>
#include <racecourse/scenarios/json.h>
#include <racecourse/scenarios/lab/grade.h>

#include <algorithm>
#include <map>
#include <set>

namespace racecourse::lab {
namespace {

using catalogue::Json;

std::string in_xml(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
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
  return std::ranges::any_of(graded.exercise->checks, [&](const Check& check) { return check.rung == rung; });
}

// Whether the rung counts: it passed, and so did those below it.
bool counts(const Graded& graded, Rung rung) {
  for (const Rung below : kRungs) {
    if (has_rung(graded, below) && !graded.judged.passed(below)) return false;
    if (below == rung) return true;
  }
  return true;
}

// What the rung's checks came to, for a person.
std::string told(const Graded& graded, Rung rung) {
  const Judged& judged = graded.judged;
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
  for (const Pattern& pattern : graded.judged.patterns) text += (text.empty() ? "" : "\n") + pattern.hint;
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
  return tests;
}

Json in_gradescope(const Submission& submission) {
  Json json;
  json["score"] = points(submission);
  Json tests = Json::array();
  std::string output;
  for (const Graded& graded : submission.exercises) {
    for (const Json& test : tests_of(graded)) tests.push_back(test);
    output +=
        fmt::format("{}: {} of {}, {}; searched: {}\n", graded.exercise->name, graded.judged.points(*graded.exercise),
                    most_points(*graded.exercise), to_string(graded.judged.status), searched(graded));
    output += "hidden mutants: n/a, the exercise asks for code and not for a test\n";
    if (const std::string hints = hints_of(graded); !hints.empty()) output += hints + "\n";
  }
  json["output"] = output;
  json["visibility"] = "visible";
  json["tests"] = tests;
  return json;
}

}  // namespace

int points(const Submission& submission) {
  int sum = 0;
  for (const Graded& graded : submission.exercises) sum += graded.judged.points(*graded.exercise);
  return sum;
}

int most_points(const Submission& submission) {
  int sum = 0;
  for (const Graded& graded : submission.exercises) sum += most_points(*graded.exercise);
  return sum;
}

std::vector<std::string> misconceptions(const Graded& graded) {
  std::set<std::string> held;
  for (const Result& result : graded.judged.results) {
    if (result.ran && !result.outcome.passed && !result.check->misconception.empty()) {
      held.insert(result.check->misconception);
    }
  }
  for (const Pattern& pattern : graded.judged.patterns) held.insert(pattern.misconception);
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
  for (const Result& result : graded.judged.results) {
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

std::string junit(const std::vector<Submission>& submissions) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const Submission& submission : submissions) {
    for (const Graded& graded : submission.exercises) {
      const std::size_t failures = static_cast<std::size_t>(std::ranges::count_if(
          graded.judged.results, [](const Result& result) { return !result.ran || !result.outcome.passed; }));
      xml += fmt::format("  <testsuite name=\"{}.{}\" tests=\"{}\" failures=\"{}\">\n", in_xml(submission.name),
                         graded.exercise->name, graded.judged.results.size(), failures);
      for (const Result& result : graded.judged.results) {
        xml += fmt::format("    <testcase classname=\"{}.{}\" name=\"{}\"", in_xml(submission.name),
                           graded.exercise->name, result.check->name);
        if (result.ran && result.outcome.passed) {
          xml += "/>\n";
          continue;
        }
        const std::string why = graded.judged.status == Status::checked
                                    ? sentence(result)
                                    : std::string(to_string(graded.judged.status)) + ": " + graded.judged.reason;
        xml += fmt::format(">\n      <failure message=\"{}\"/>\n    </testcase>\n", in_xml(why));
      }
      xml += "  </testsuite>\n";
    }
  }
  return xml + "</testsuites>\n";
}

std::string csv(const std::vector<Submission>& submissions) {
  std::string text =
      "submission,exercise,status,points,of,contract,two-threads,three-threads,progress,misconceptions\n";
  std::map<std::string, int> held;
  for (const Submission& submission : submissions) {
    for (const Graded& graded : submission.exercises) {
      text +=
          fmt::format("{},{},{},{},{}", in_csv(submission.name), graded.exercise->name, to_string(graded.judged.status),
                      graded.judged.points(*graded.exercise), most_points(*graded.exercise));
      for (const Rung rung : kRungs) {
        text += !has_rung(graded, rung) ? ",n/a" : counts(graded, rung) ? ",yes" : ",no";
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
