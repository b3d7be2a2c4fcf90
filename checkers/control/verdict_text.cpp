#include <racecourse/checkers/control/grouped.h>
#include <racecourse/checkers/control/predictions.h>
#include <racecourse/checkers/control/verdict_text.h>
#include <racecourse/checkers/control/within_bound.h>
#include <racecourse/checkers/schedule/missed.h>

#include <algorithm>
#include <cstdio>

namespace racecourse::control {
namespace {

// " (seed 1)", " (seed 1, shard 2/3)".
std::string seed_of(const Options& options) {
  return " (seed " + std::to_string(options.seed) + (options.shard.empty() ? "" : ", shard " + options.shard) + ")";
}

// "12 %", "0.3 %", "less than 0.01 %".
std::string percent(double probability) {
  char text[32];
  const double percent = 100 * probability;
  std::snprintf(text, sizeof text, percent >= 10 ? "%.0f %%" : "%.2g %%", percent);
  return percent < 0.01 ? "less than 0.01 %" : text;
}

std::string about(double probability) {
  const std::string text = percent(probability);
  return (text.starts_with("less") ? "" : "about ") + text;
}

// "; a bug of depth 1, 2 would have been missed with a probability of at most 0.2 %, 31 %". Said only where PCT took
// part: nothing else promises anything.
std::string what_may_be_missed(const SearchResult& result) {
  std::string depths, probabilities;
  for (int depth = 1; depth <= 3; depth++) {
    const double probability = schedule::missed(result.pct_executions, result.learnt, depth);
    if (probability > 0.99) break;
    depths += (depths.empty() ? "" : ", ") + std::to_string(depth);
    probabilities += (probabilities.empty() ? "" : ", ") + percent(probability);
  }
  if (depths.empty()) return "";
  return "; a bug of depth " + depths + " would have been missed with a probability of at most " + probabilities;
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

// ", 12,345 distinct traces (the next one would be new with a probability of about 3 %)".
std::string what_was_seen(const Traces& traces, std::uint64_t executions) {
  if (traces.looked_at == 0) return "";
  std::string text = ", " + std::string(traces.full ? "more than " : "") + grouped(traces.distinct) + " distinct " +
                     (traces.distinct == 1 ? "trace" : "traces");
  if (traces.looked_at < executions) text += " among the " + grouped(traces.looked_at) + " that were looked at";
  if (traces.full) return text;
  return text + " (the next one would be new with a probability of " + about(traces.next_is_new) + ")";
}

std::string which_executions(const Coverage& coverage) {
  return grouped(coverage.traces) + (coverage.traces == 1 ? " execution" : " executions") + " of " +
         counted(coverage.threads, "thread", "threads") + within_bound(coverage.preemptions);
}

std::string text_of_coverage(const Coverage& coverage) {
  std::string text = ", " + grouped(coverage.traces) + " of them different";
  if (!coverage.breach.empty()) return text + "; " + coverage.breach;
  if (!coverage.exhausted) return text + "; there are others";
  return text + "; there are no others" + within_bound(coverage.preemptions) +
         (coverage.of_shard ? " in this shard" : "");
}

bool is_at_its_end(const SearchResult& result) {
  return result.coverage && result.coverage->exhausted && result.coverage->breach.empty() && result.tolerated.empty();
}

}  // namespace

std::string assumptions(const Options& options) {
  const char* spurious = options.spurious.value_or(false)
                             ? "that no thread has more than one wait that ends, or weak compare-exchange that fails, "
                             : "that no wait ends and no weak compare-exchange fails ";
  return std::string("assuming sequential consistency, that all code was compiled with -fsanitize=thread, ") +
         spurious + "for no reason, and that freed memory is used again by the thread that freed it only";
}

std::string where_found(const Found& found, const Options& options) {
  std::string text = "execution " + std::to_string(found.execution + 1);
  if (options.executions > 0) text += " of " + std::to_string(options.executions);
  text += seed_of(options);
  if (found.kind() == Kind::lock_order)
    return "predicted from " + text + ", and not confirmed by " + std::to_string(kDirectedExecutions) +
           " directed ones";
  if (found.directed == 0) return "in " + text;
  return "predicted from the order of locks in " + text + ", and confirmed by directed execution " +
         std::to_string(found.directed);
}

std::string how_shortened(const Shrunk& shrunk) {
  if (!shrunk.reproduced) return "";
  std::string text;
  if (shrunk.to != shrunk.from) {
    text = "; from " + counted(shrunk.from, "switch", "switches") + " to " + std::to_string(shrunk.to);
  }
  if (shrunk.ticks_to < shrunk.ticks_from) {
    text += (text.empty() ? "; from " : ", and from ") + grouped(shrunk.ticks_from) + " steps to " +
            grouped(shrunk.ticks_to);
  }
  return text;
}

bool proves(const SearchResult& result) { return is_at_its_end(result) && !result.coverage->of_shard; }

bool exhausts_its_part(const SearchResult& result) { return is_at_its_end(result) && result.coverage->of_shard; }

std::string seen_so_far(const Traces& traces) {
  if (traces.distinct == 0) return "";
  const std::string text = ", " + grouped(traces.distinct) + " distinct traces";
  return traces.full ? text : text + " (" + about(traces.next_is_new) + " new)";
}

std::string text_of_nothing_found(const SearchResult& result, const Options& options, double seconds) {
  if (result.one_thread) {
    return "proved: one thread and nothing left to choose, so its one execution is all there is";
  }
  if (proves(result)) return "proved: all " + which_executions(*result.coverage) + "; " + assumptions(options);
  std::string text = "not found: " + counted(result.executions, "execution", "executions");
  const Part part = part_of(options);
  if (options.executions == 0 || result.executions < part.last - part.first) {
    char time[32];
    std::snprintf(time, sizeof time, " in %.1f s", seconds);
    text += time;
  }
  text += seed_of(options);
  for (const auto& [kind, count] : result.tolerated) {
    text += ", " + std::string(to_string(kind)) + " in " + std::to_string(count) + " of them";
  }
  text += result.coverage ? text_of_coverage(*result.coverage)
                          : what_was_seen(result.traces, result.executions) + what_may_be_missed(result);
  if (result.directed > 0) {
    text += "; locks were taken in orders that go round in a circle, but " + grouped(result.directed) +
            " executions that were directed there led to no deadlock";
  }
  return text +
         (exhausts_its_part(result) ? "; this is no proof before all shards are at their end" : "; this is no proof");
}

std::string text_of_another_program(const std::string& where) {
  return "not found: the token was made by another program, or by this one before a change: at " + where +
         " or soon after, it does something else now";
}

std::string text_of_unfit_token(const schedule::Schedule& token, const schedule::Schedule& recorded, bool deviated) {
  const auto& wanted = token.segments;
  const auto& seen = recorded.segments;
  // A segment was followed if its thread ran that long: longer when the next one could not take over. (Ticks of 0:
  // until the end.) How long the last one runs makes no difference.
  const auto followed = [&](std::size_t i) {
    const bool long_enough = seen[i].ticks == 0 || seen[i].ticks >= wanted[i].ticks;
    return wanted[i].thread == seen[i].thread && (long_enough || i + 1 == wanted.size());
  };
  std::size_t at = 0;
  while (at < wanted.size() && at < seen.size() && followed(at)) at++;
  if (!deviated && at == wanted.size()) {
    return "not found: the schedule of this token ends without a finding; the program has changed, or it is another";
  }
  if (at == wanted.size()) return "not found: the token does not fit this program: one of its picks has no such answer";
  return "not found: the token does not fit this program: segment " + std::to_string(at + 1) + " of " +
         std::to_string(wanted.size()) + " (thread " + std::to_string(wanted[at].thread) + " for " +
         counted(wanted[at].ticks, "tick", "ticks") + ") could not be followed";
}

}  // namespace racecourse::control
