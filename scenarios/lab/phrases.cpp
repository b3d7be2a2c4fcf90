#include <racecourse/scenarios/lab/exercise.h>
#include <racecourse/scenarios/lab/phrases.h>

#include <algorithm>
#include <map>
#include <set>

namespace racecourse::lab {
namespace {

using Language = std::map<std::string, std::string, std::less<>>;

std::map<std::string, Language, std::less<>>& translations() {
  static std::map<std::string, Language, std::less<>> instance;
  return instance;
}

const Language& in(std::string_view language) {
  static const Language nothing;
  const auto found = translations().find(language);
  return found == translations().end() ? nothing : found->second;
}

std::ptrdiff_t placeholders(std::string_view text) { return std::ranges::count(text, '{'); }

}  // namespace

std::vector<std::string_view> phrases() {
  using namespace phrase;
  return {kFolder,      kToStatus,     kToCheck,      kToWatch,      kToPlay,    kToStep,       kToHint,
          kToSkip,      kToReset,      kColumns,      kYourFile,     kPromises,  kChecks,       kJudge,
          kBreak,       kMend,         kAsks,         kJudgeForm,    kYesOrNo,   kDataRace,     kAssertion,
          kException,   kDeadlock,     kLostWakeup,   kCheckers,     kExplore,   kTsan,         kProperty,
          kRelacy,      kProgress,     kAllDone,      kTheStory,     kTheFile,   kJudgeIt,      kBeforeYouRun,
          kBreakIt,     kCheckIt,      kAtSaving,     kAHint,        kPreparing, kBuilding,     kContract,
          kTwoThreads,  kOfProgress,   kThreeThreads, kAsked,        kFound,     kNoVerdict,    kStep,
          kOtherWays,   kForAHint,     kEveryEvent,   kGreen,        kRemember,  kReference,    kWatching,
          kJudged,      kJudgedBefore, kJudgedSome,   kToBeAnswered, kHint,      kOneMore,      kLater,
          kAsAtFirst,   kKeptAs,       kTest,         kTestIt,       kIfYouLike, kTestBuilding, kYourCode,
          kCodeAsItWas, kTestCatches,  kTestMisses,   kTestGreen,    kTestFlags};
}

std::string said_in(std::string_view language, std::string_view english) {
  const Language& known = in(language);
  const auto found = known.find(english);
  return found == known.end() ? std::string(english) : found->second;
}

TranslatedPhrases::TranslatedPhrases(std::string language, std::vector<std::pair<std::string, std::string>> phrases) {
  for (auto& [english, text] : phrases) translations()[language][english] = std::move(text);
}

std::vector<std::string> faults_of_phrases(std::string_view language) {
  std::vector<std::string> faults;
  const Language& known = in(language);
  if (known.empty()) return faults;
  const std::string of = std::string(language) + ": ";
  std::set<std::string, std::less<>> said;
  for (const std::string_view english : phrases()) {
    said.emplace(english);
    if (!known.contains(english)) faults.push_back(of + "\"" + std::string(english) + "\" is not translated");
  }
  for (const Exercise& exercise : exercises()) {
    for (const Check& check : exercise.checks) said.insert(check.asks);
  }
  for (const auto& [english, text] : known) {
    if (!said.contains(english)) faults.push_back(of + "nobody says \"" + english + "\"");
    if (placeholders(english) != placeholders(text)) {
      faults.push_back(of + "the placeholders of \"" + english + "\" are others");
    }
  }
  return faults;
}

}  // namespace racecourse::lab
