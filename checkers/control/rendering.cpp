#include <racecourse/checkers/control/predictions.h>
#include <racecourse/checkers/control/rendering.h>
#include <racecourse/checkers/control/replayer.h>
#include <racecourse/checkers/control/search_loop.h>
#include <racecourse/checkers/high_descriptors.h>
#include <racecourse/checkers/report/fingerprint.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace racecourse::control {
namespace {

constexpr std::size_t kMostOutput = 16 * 1024;

std::string read_all(int file) {
  std::string text(kMostOutput + 1, '\0');
  const ssize_t length = pread(file, text.data(), text.size(), 0);
  text.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  if (text.size() > kMostOutput) {
    text.resize(kMostOutput);
    text += "\n(more output was left out)\n";
  }
  return text;
}

// A caller who asked for one kind is answered in that kind's terms, even if a graver one was seen with it.
void put_first(Finding& finding, Kind lead, const runtime::SharedBlock& block) {
  const auto place = std::find(finding.also.begin(), finding.also.end(), lead);
  if (finding.kind == lead || place == finding.also.end()) return;
  *place = std::exchange(finding.kind, lead);
  for (std::uint32_t i = 0; i < finding_count(block); i++) {
    if (static_cast<Kind>(block.findings[i].kind) != lead) continue;
    finding.message = block.findings[i].message;
    break;
  }
}

}  // namespace

Rendered replay_and_render(const std::function<void()>& body, const Options& options,
                           const schedule::Schedule& schedule, const report::Context& context, std::optional<Kind> lead,
                           Excuses& excuses) {
  Rendered result;
  const int output = out_of_the_way(memfd_create("racecourse-output", MFD_CLOEXEC));
  // What this process has buffered must not be written by the child as well.
  if (output >= 0) std::fflush(nullptr);
  const WorkerResult worker = replay_once(body, options, schedule, true, output);
  std::string text;
  if (output >= 0) {
    text = read_all(output);
    close(output);
  }
  if (worker.end == WorkerEnd::failed) {
    result.failure = worker.message;
    return result;
  }
  runtime::SharedBlock& block = workspace().block;
  while (excuses.makes_room(block, options)) {
    if (replay_once(body, options, schedule, true).end == WorkerEnd::failed) break;
  }
  const bool judges = options.judge.empty() || KindSet(options.judge).has(Kind::lock_order);
  if (judges && (lead ? *lead == Kind::lock_order : finding_count(block) == 0)) add_prediction(block);
  result.deviated = block.deviated != 0;
  result.recorded = take_schedule(block);
  const report::Trace trace = report::trace_of(block);
  if (const auto event = report::first_difference(trace, schedule::fingerprint_of(context.token))) {
    result.differs = report::name_of_event(trace, *event);
  }
  result.suppressed = excuses.drop_suppressed(block);
  if (finding_count(block) == 0) return result;
  report::Context leading = context;
  leading.lead = lead;
  result.finding = report::render(block, leading);
  if (lead) put_first(*result.finding, *lead, block);
  if (!text.empty()) result.finding->report += "\noutput of this execution:\n" + text;
  return result;
}

}  // namespace racecourse::control
