#include <racecourse/checkers/report/contention.h>
#include <racecourse/checkers/report/describe.h>
#include <racecourse/checkers/report/details.h>
#include <racecourse/checkers/report/gravity.h>
#include <racecourse/checkers/report/lifetimes.h>
#include <racecourse/checkers/report/message.h>
#include <racecourse/checkers/report/names.h>
#include <racecourse/checkers/report/paths.h>
#include <racecourse/checkers/report/picture.h>
#include <racecourse/checkers/report/race_text.h>
#include <racecourse/checkers/report/render.h>
#include <racecourse/checkers/report/report.h>
#include <racecourse/checkers/report/rows.h>
#include <racecourse/checkers/report/stacks.h>
#include <racecourse/checkers/report/text.h>
#include <racecourse/checkers/report/trace_select.h>
#include <racecourse/checkers/report/waits.h>
#include <racecourse/checkers/report/whole_trace.h>

#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace racecourse::report {
namespace {

constexpr std::size_t kMostRows = 30;

std::string wrapped_lines(const std::string& text, std::size_t indent) {
  std::string result;
  for (const std::string& line : wrapped(text, kPageWidth - indent)) {
    result += (result.empty() ? "" : "\n" + std::string(indent, ' ')) + line;
  }
  return result + "\n";
}

std::string replay_line(const Context& context) {
  if (!context.replay_command.empty()) return "replay: " + context.replay_command + "\n";
  return context.token.empty() ? "" : "replay: token " + context.token + "\n";
}

std::string circumstances(const Trace& trace, const Context& context, const Finding& finding) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (!context.name.empty()) add("in " + context.name);
  if (context.execution != 0) add("execution " + std::to_string(context.execution));
  if (trace.truncated) add("only the first " + std::to_string(trace.events.size()) + " steps were recorded");
  for (const Kind kind : finding.also) add(std::string("also seen: ") + to_string(kind));
  return text;
}

}  // namespace

Finding render(const Trace& trace, const Context& context, Symbols& symbols) {
  if (trace.findings.empty()) throw std::logic_error("report: the execution has no finding to show");
  const Lifetimes lifetimes(trace);
  const Contention contention(trace, lifetimes);
  const std::vector<std::uint32_t> selected = select_events(trace, contention);
  std::vector<std::uint32_t> named = selected;
  for (std::size_t i = 0; i < trace.findings.size(); ++i) {
    if (static_cast<Kind>(trace.findings[i].kind) != Kind::data_race) continue;
    const std::vector<std::uint32_t> locks = locks_around(trace, i);
    named.insert(named.end(), locks.begin(), locks.end());
  }
  if (context.whole_trace) {
    named.resize(trace.events.size());
    std::iota(named.begin(), named.end(), 0u);
  }
  Stacks stacks(trace, symbols);
  Names names(trace, lifetimes, stacks, symbols, named);
  Describer describer(trace, names, stacks, symbols);
  Waits waits(trace, names, stacks, describer);
  RaceText races(trace, names, stacks, symbols);
  Messages messages(trace, names, stacks, waits, races);
  Details details(trace, names, stacks, waits, messages, races);

  const std::size_t primary = primary_finding(trace, context.lead);
  Finding finding;
  finding.kind = static_cast<Kind>(trace.findings[primary].kind);
  finding.also = other_kinds(trace, primary);
  finding.message = messages.sentence(primary);
  const Place place = messages.place(primary);
  if (!place.file.empty()) {
    finding.file = readable_path(place.file, place.directory);
    finding.line = place.line;
  }
  finding.execution = context.execution;
  finding.token = context.token;
  finding.replay_command = context.replay_command;

  const Shortened shortened = shorten_steps(trace, fold(trace, selected), kMostRows);
  const std::vector<Row> rows = make_rows(trace, shortened, describer, messages);
  finding.picture = draw(rows, columns_of(trace, rows), context.width) + replay_line(context);

  std::string& report = finding.report;
  report = wrapped_lines(std::string(to_string(finding.kind)) + ": " + finding.message, 4);
  if (const std::string text = circumstances(trace, context, finding); !text.empty())
    report += "  " + wrapped_lines(text, 2);
  report += "\n" + details.of(primary);
  for (std::size_t i = 0; i < trace.findings.size(); ++i) {
    if (i != primary) report += "\n" + wrapped_lines("also " + messages.line(i), 4) + details.of(i);
  }
  if (context.whole_trace) report += "\n" + whole_trace(trace, describer);
  report += "\n";
  if (!context.token.empty()) report += "token:  " + context.token + "\n\n";
  report += finding.picture;
  return finding;
}

Finding render(const runtime::SharedBlock& shared, const Context& context) {
  const std::unique_ptr<Symbols> symbols = process_symbols();
  return render(trace_of(shared), context, *symbols);
}

}  // namespace racecourse::report
