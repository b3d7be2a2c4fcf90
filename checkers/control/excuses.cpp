#include <racecourse/checkers/control/excuses.h>
#include <racecourse/checkers/control/predictions.h>
#include <racecourse/checkers/control/replayer.h>
#include <racecourse/checkers/control/search_loop.h>
#include <racecourse/checkers/control/workspace.h>
#include <racecourse/checkers/detect/excuse.h>
#include <racecourse/checkers/report/race_sides.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

namespace racecourse::control {
namespace {

using report::RawFinding;
using report::Trace;

Kind kind_of(const RawFinding& finding) { return static_cast<Kind>(finding.kind); }

// What the program itself said, as in an assertion.
std::string file_of(const RawFinding& finding) { return {finding.file, strnlen(finding.file, sizeof finding.file)}; }

std::vector<std::uint64_t> stack_at(const Trace& trace, std::uint64_t pc, std::uint32_t frame) {
  std::vector<std::uint64_t> stack{pc};
  for (; frame != 0 && frame < trace.frames.size(); frame = trace.frames[frame].parent)
    stack.push_back(trace.frames[frame].pc);
  return stack;
}

bool is_about_waiting(Kind kind) {
  switch (kind) {
    case Kind::deadlock:
    case Kind::partial_deadlock:
    case Kind::lost_wakeup:
    case Kind::livelock:
    case Kind::non_termination:
    case Kind::step_limit:
    case Kind::hang:
      return true;
    default:
      return false;
  }
}

std::vector<RawFinding> findings_of(const runtime::SharedBlock& block) {
  return {block.findings, block.findings + finding_count(block)};
}

void put_findings(runtime::SharedBlock& block, const std::vector<RawFinding>& findings) {
  std::copy(findings.begin(), findings.end(), block.findings);
  block.finding_count = static_cast<std::uint32_t>(findings.size());
}

}  // namespace

Excuses::Excuses(const std::string& file) : suppressions_(file) { detect::forget_excused_places(); }

void Excuses::know_place(std::uint64_t pc, std::size_t suppression) {
  places_.try_emplace(pc, suppression);
  detect::excuse_place({pc, suppression});
}

std::vector<Excuses::Stack> Excuses::stacks_of(const Trace& trace, std::size_t number) {
  const RawFinding& finding = trace.findings[number];
  std::vector<Stack> stacks;
  if (finding.pc != 0 || finding.stack != 0) stacks.push_back(stack_at(trace, finding.pc, finding.stack));
  if (kind_of(finding) == Kind::data_race) {
    if (const auto far = report::race_sides(trace, number).far)
      stacks.push_back(stack_at(trace, trace.events[*far].pc, trace.events[*far].stack));
  } else if (is_about_waiting(kind_of(finding))) {
    for (const report::ThreadEnd& thread : trace.threads) {
      if (thread.state == report::ThreadState::blocked || thread.state == report::ThreadState::runnable)
        stacks.push_back(stack_at(trace, thread.wait_pc, thread.wait_stack));
    }
  }
  return stacks;
}

std::uint64_t Excuses::signature(const Trace& trace, std::size_t number) {
  const RawFinding& finding = trace.findings[number];
  std::uint64_t hash = finding.kind;
  const auto mix = [&hash](std::uint64_t word) {
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 29;
  };
  for (const Stack& stack : stacks_of(trace, number)) {
    for (const std::uint64_t pc : stack) mix(pc);
    mix(0);
  }
  for (const char letter : file_of(finding)) mix(static_cast<unsigned char>(letter));
  mix(static_cast<std::uint64_t>(finding.line));
  return hash;
}

std::optional<std::size_t> Excuses::match(Kind kind, const std::vector<Stack>& stacks, const std::string& file) {
  if (!suppressions_.concern(kind)) return std::nullopt;
  if (!symbols_) symbols_ = report::process_symbols();
  std::vector<SuppressionFrame> frames;
  if (!file.empty()) frames.push_back({"", file});
  for (const Stack& stack : stacks) {
    for (const std::uint64_t pc : stack) {
      if (pc == 0) continue;
      for (const report::Place& place : symbols_->code(pc - 1)) frames.push_back({place.function, place.file});
    }
  }
  return suppressions_.match(kind, frames);
}

std::vector<std::optional<std::size_t>> Excuses::judge(const Trace& trace) {
  std::vector<std::optional<std::size_t>> judged;
  for (std::size_t i = 0; i < trace.findings.size(); ++i) {
    const Kind kind = kind_of(trace.findings[i]);
    const std::vector<Stack> stacks = stacks_of(trace, i);
    judged.push_back(match(kind, stacks, file_of(trace.findings[i])));
    if (!judged.back()) continue;
    signatures_.try_emplace(signature(trace, i), *judged.back());
    if (kind != Kind::data_race) continue;
    for (const Stack& stack : stacks) {
      // Whoever meets that access later needs no more than its own line.
      if (const auto alone = match(kind, {{stack.front()}}, "")) know_place(stack.front(), *alone);
    }
  }
  return judged;
}

bool Excuses::excuse(const std::function<void()>& body, const Options& options, const Goal& goal, Found& found,
                     UsedSuppressions& used) {
  const auto ends = [&](const RawFinding& finding) { return !goal.passes_over(kind_of(finding)); };
  const auto matters = [&](const RawFinding& finding) { return suppressions_.concern(kind_of(finding)); };
  if (!found.schedule_complete || std::none_of(found.findings.begin(), found.findings.end(), matters)) return false;
  do {
    if (replay_once(body, options, found.schedule, true).end == WorkerEnd::failed) return false;
  } while (makes_room(workspace().block, options));
  if (found.kind() == Kind::lock_order) add_prediction(workspace().block);  // no replay shows it by itself
  const Trace trace = report::trace_of(workspace().block);
  const auto judged = judge(trace);

  // Races have other identities in a trace: there it is known who raced with whom.
  const auto is_suppressed = [&](const RawFinding& one) {
    if (kind_of(one) == Kind::data_race && places_.contains(one.pc)) {
      used.insert(places_.at(one.pc));  // the replay did not show it any more
      return true;
    }
    bool seen = false;
    for (std::size_t i = 0; i < judged.size(); ++i) {
      const RawFinding& traced = trace.findings[i];
      if (traced.kind != one.kind) continue;
      bool same = traced.place == one.place;
      if (kind_of(one) == Kind::data_race) {
        const auto far = report::race_sides(trace, i).far;
        same = traced.pc == one.pc || (far && trace.events[*far].pc == one.pc);
      }
      if (!same) continue;
      if (!judged[i]) return false;
      seen = true;
    }
    return seen;
  };
  const auto kept = std::stable_partition(found.findings.begin(), found.findings.end(),
                                          [&](const RawFinding& one) { return !is_suppressed(one); });
  found.excused.assign(kept, found.findings.end());
  bool left = std::any_of(found.findings.begin(), kept, ends);
  for (std::size_t i = 0; i < judged.size(); ++i) left |= !judged[i] && ends(trace.findings[i]);
  if (left && kept == found.findings.begin()) {
    found.excused.clear();  // what is left was seen in the trace alone
    return false;
  }
  for (const auto& index : judged) {
    if (index) used.insert(*index);
  }
  found.findings.erase(kept, found.findings.end());
  if (left) {
    found.lead = goal.lead(found.findings.data(), static_cast<std::uint32_t>(found.findings.size()));
    return false;
  }
  return true;
}

void Excuses::look_again(runtime::SharedBlock& block, const Goal& goal, const std::function<void()>& trace_again,
                         bool* used) const {
  if (signatures_.empty() || !goal.ends_with(block)) return;
  const std::vector<RawFinding> before = findings_of(block);
  trace_again();
  const Trace trace = report::trace_of(block);
  UsedSuppressions now;
  bool any = false, all = true;
  for (std::size_t i = 0; i < trace.findings.size() && all; ++i) {
    if (goal.passes_over(kind_of(trace.findings[i]))) continue;
    const auto known = signatures_.find(signature(trace, i));
    all = known != signatures_.end();
    if (all) any = now.insert(known->second).second || any;
  }
  put_findings(block, before);
  if (!any || !all) return;
  std::vector<RawFinding> rest;
  std::copy_if(before.begin(), before.end(), std::back_inserter(rest),
               [&](const RawFinding& finding) { return goal.passes_over(kind_of(finding)); });
  put_findings(block, rest);
  for (const std::size_t index : now) used[index] = true;
}

bool Excuses::makes_room(const runtime::SharedBlock& block, const Options& options) {
  const std::uint32_t many = options.stop_at_race ? 1 : runtime::kMostRaces;
  if (finding_count(block) < many || !suppressions_.concern(Kind::data_race)) return false;
  const std::size_t known = places_.size();
  judge(report::trace_of(block));
  return places_.size() > known;
}

UsedSuppressions Excuses::drop_suppressed(runtime::SharedBlock& block) {
  UsedSuppressions used;
  const auto judged = judge(report::trace_of(block));
  std::vector<std::uint64_t> number(judged.size(), runtime::kMaxFindings);  // what becomes of each
  std::vector<RawFinding> kept;
  for (std::size_t i = 0; i < judged.size(); ++i) {
    if (judged[i]) {
      used.insert(*judged[i]);
    } else {
      number[i] = kept.size();
      kept.push_back(block.findings[i]);
    }
  }
  if (used.empty()) return used;
  for (std::uint32_t i = 0; i < std::min(block.event_count, runtime::kMaxEvents); ++i) {
    report::Event& event = block.events[i];
    if (event.op == report::Op::finding && event.value < number.size()) event.value = number[event.value];
  }
  put_findings(block, kept);
  return used;
}

}  // namespace racecourse::control
