// What the kit itself says to a student: on the screen, around a story, and above the questions. The texts of the
// exercises are in exercise.h. English is written here, or, what a check asks, with the check; in other languages it is
// found by the English.
#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace racecourse::lab {

namespace phrase {
// Of the folder.
inline constexpr const char kFolder[] =
    "Each folder holds an exercise: a small piece of C++ with one concurrency bug. Read its `STORY.md`, judge in "
    "`answers.txt` what may come of it, break it as its scheduler, mend the file that starts with `my_`, and let the "
    "checks tell whether it is right.";
inline constexpr const char kToStatus[] = "how far you are, and what comes next";
inline constexpr const char kToCheck[] = "build the current exercise and run its checks";
inline constexpr const char kToWatch[] = "the same whenever you save";
inline constexpr const char kToPlay[] = "be the scheduler, until the bug shows";
inline constexpr const char kToStep[] = "walk through the last failure; --play: take over";
inline constexpr const char kToHint[] = "there are three for each exercise";
inline constexpr const char kToSkip[] = "leave it for later";
inline constexpr const char kToReset[] = "the exercise as it was";
inline constexpr const char kColumns[] = "| exercise | what it is about | difficulty |";

// Of a story.
inline constexpr const char kYourFile[] = "your file: `{}`";
inline constexpr const char kPromises[] = "what it promises: `{}`";
inline constexpr const char kChecks[] = "the checks: `checks.cpp`; run them with `racecourse lab check {}`";
inline constexpr const char kJudge[] =
    "judge it: say in `{}` what may come of it, before you run anything; the check tells what is right";
inline constexpr const char kBreak[] =
    "break it: `racecourse lab play {}` makes you the scheduler; the schedule that shows the bug is kept in `{}`";
inline constexpr const char kMend[] = "mend it: change your file until every check is green";
inline constexpr const char kTest[] =
    "test it, if you like: write in `{}` a test that is green for right code only; the check tries it on your code and "
    "on the code as it was";
inline constexpr const char kAsks[] = "The checks, and what each asks:";

// Of the questions.
inline constexpr const char kJudgeForm[] =
    "Judge it, before you run anything: what may come of the code as it was handed out?";
inline constexpr const char kYesOrNo[] = "Put yes or no behind each colon.";
inline constexpr const char kDataRace[] = "two threads touch the same memory, one writes, and nothing orders them";
inline constexpr const char kAssertion[] = "all threads end, with a result that must not be";
inline constexpr const char kException[] = "an exception that nobody catches";
inline constexpr const char kDeadlock[] = "nobody can go on: each waits for another";
inline constexpr const char kLostWakeup[] = "somebody sleeps, and the wakeup that was meant for it has come already";
inline constexpr const char kCheckers[] = "Which checkers can see the bug? yes, no, or sometimes: a matter of luck.";
inline constexpr const char kExplore[] = "searches thousands of schedules, one thread at a time";
inline constexpr const char kTsan[] = "ThreadSanitizer, on real threads, a few dozen runs";
inline constexpr const char kProperty[] = "random workloads and schedules";
inline constexpr const char kRelacy[] =
    "searches schedules and memory orders, but knows only atomics and variables written for it";

// Where one is.
inline constexpr const char kProgress[] = "{} of {}";
inline constexpr const char kAllDone[] = "All exercises are done.";
inline constexpr const char kTheStory[] = "the story";
inline constexpr const char kTheFile[] = "your file";
inline constexpr const char kJudgeIt[] = "judge it";
inline constexpr const char kBeforeYouRun[] = "{}, before you run it";
inline constexpr const char kBreakIt[] = "break it";
inline constexpr const char kTestIt[] = "test it";
inline constexpr const char kIfYouLike[] = "{}, if you like";
inline constexpr const char kCheckIt[] = "check it";
inline constexpr const char kAtSaving[] = "or at saving";
inline constexpr const char kAHint[] = "a hint";

// Of a check.
inline constexpr const char kPreparing[] = "preparing the build, once...";
inline constexpr const char kBuilding[] = "It is about building: the compiler does not accept it.";
inline constexpr const char kContract[] =
    "It is about the contract, not about threads: one thread is enough to see it.";
inline constexpr const char kTwoThreads[] = "It is about concurrency: two threads, in this order.";
inline constexpr const char kThreeThreads[] = "It is about concurrency: three threads, in this order.";
inline constexpr const char kOfProgress[] =
    "It is about progress: the results are right, but somebody is held up who need not be, or waits without sleeping.";
inline constexpr const char kAsked[] = "asked: {}";
inline constexpr const char kFound[] = "found: {}";
inline constexpr const char kNoVerdict[] = "but there is no verdict: {}";
inline constexpr const char kStep[] = "step through it:";
inline constexpr const char kOtherWays[] = "try other ways:";
inline constexpr const char kForAHint[] = "a hint:";
inline constexpr const char kEveryEvent[] = "every event:";
inline constexpr const char kGreen[] = "Every check is green.";
inline constexpr const char kRemember[] = "To remember: {}";
inline constexpr const char kReference[] = "One right answer, beside what was there first (- before, + after):";
inline constexpr const char kWatching[] = "watching {}; q and Enter: no more";

// Of what was judged.
inline constexpr const char kJudged[] = "You have judged, {} of {} right:";
inline constexpr const char kJudgedBefore[] = "You have judged, {} of {} right; `{}` shows them.";
inline constexpr const char kJudgedSome[] =
    "You have judged {} of {}; answer them all, and the next check tells what is right.";
inline constexpr const char kToBeAnswered[] =
    "{} of {} questions are answered in {}; answer them all, then `{}` or this command tells what is right";

// Of a test.
inline constexpr const char kTestBuilding[] = "Your test does not build with {}:";
inline constexpr const char kYourCode[] = "your code";
inline constexpr const char kCodeAsItWas[] = "the code as it was";
inline constexpr const char kTestCatches[] = "it catches this code: {}";
inline constexpr const char kTestMisses[] = "it does not catch this code, in which a check finds something";
inline constexpr const char kTestGreen[] = "green for right code";
inline constexpr const char kTestFlags[] = "it flags code in which no check finds anything: {}";

// Of a hint, and of what else one asks for.
inline constexpr const char kHint[] = "Hint {} of {}: {}";
inline constexpr const char kOneMore[] = "One more: {}";
inline constexpr const char kLater[] = "{} is left for later";
inline constexpr const char kAsAtFirst[] = "{} is as it was at first";
inline constexpr const char kKeptAs[] = "{} is kept as {}";
}  // namespace phrase

// All of the above. A language that has one of them has all: see faults_of_phrases().
std::vector<std::string_view> phrases();

// In the language, or English if it is not translated.
std::string said_in(std::string_view language, std::string_view english);
template <class... Arguments>
std::string said_in(std::string_view language, std::string_view english, const Arguments&... arguments) {
  return fmt::format(fmt::runtime(said_in(language, english)), arguments...);
}

// Adds a language at program start: the English, and the same in that language with the same placeholders.
struct TranslatedPhrases {
  TranslatedPhrases(std::string language, std::vector<std::pair<std::string, std::string>> phrases);
};

// What a language lacks, and where its placeholders are others; and which of its phrases nobody says.
std::vector<std::string> faults_of_phrases(std::string_view language);

}  // namespace racecourse::lab
