#include <racecourse/scenarios/racecourse/suggest.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace racecourse::command {
namespace {

// Levenshtein's distance: insertions, deletions and substitutions of one character.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); i++) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); j++) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

// The same with a beginning of `candidate` that is as long as `word`: often no more is remembered.
std::size_t distance_to_beginning(std::string_view word, std::string_view candidate) {
  return distance(word, candidate.substr(0, word.size()));
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  // Of two that are as far, one by its whole name is nearer than one by its beginning.
  using Far = std::pair<std::size_t, bool>;
  Far best_far{std::max<std::size_t>(2, word.size() / 3) + 1, false};
  for (const std::string& candidate : candidates) {
    // The last part of "scenario/variant" is often all that is remembered.
    const std::string_view last = std::string_view(candidate).substr(candidate.find('/') + 1);
    const Far far =
        std::min({Far{distance(word, candidate), false}, Far{distance(word, last), false},
                  Far{distance_to_beginning(word, candidate), true}, Far{distance_to_beginning(word, last), true}});
    if (far < best_far) {
      best_far = far;
      best = candidate;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string near = nearest(word, candidates);
  return near.empty() ? "" : "; did you mean " + near + "?";
}

}  // namespace racecourse::command
