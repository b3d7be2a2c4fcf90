// The rules of the game, in a world of two threads with two steps each: the bug shows when they take turns.
#include <gtest/gtest.h>
#include <racecourse/scenarios/racecourse/play_game.h>
#include <racecourse/scenarios/racecourse/play_screen.h>

#include <algorithm>
#include <string>
#include <vector>

namespace racecourse::command {
namespace {

class TinyWorld final : public World {
 public:
  Position after(const std::vector<Turn>& turns) override {
    Position position;
    int done[3] = {0, 0, 0};
    for (const Turn& turn : turns) {
      done[turn.thread]++;
      position.steps.push_back({turn.thread, "step  " + std::to_string(done[turn.thread]), "a.h:1"});
    }
    for (int thread : {1, 2}) {
      Stand stand{thread, "T" + std::to_string(thread), Stand::Is::able, "read  x -> 1", "a.h:1", "x", 0};
      if (thread == 2) stand.title = "T2 (writer)";
      if (done[thread] == 0 && thread == 2) stand.alternatives = 2;
      if (done[thread] == 2) stand.is = Stand::Is::ended, stand.next = "has ended";
      position.threads.push_back(stand);
    }
    position.threads.push_back({3, "T3", Stand::Is::waiting, "waits for m, held by T1", "", "", 0});
    position.over = done[1] == 2 && done[2] == 2;
    const bool in_turns = turns.size() == 4 && turns[0].thread != turns[1].thread && turns[1].thread != turns[2].thread;
    if (turns.size() >= 2 && is_racy) race(position);
    if (in_turns) bug(position);
    position.token = "r1:" + std::to_string(turns.size());
    position.variables = {{"x", "1"}, {"m", "held by T1"}};
    return position;
  }
  Position run_on(const std::vector<Turn>& turns) override {
    std::vector<Turn> all = turns;
    for (const int thread : {1, 2}) {
      while (std::ranges::count(all, thread, &Turn::thread) < 2) all.push_back({thread});
    }
    return after(all);
  }
  std::optional<Hint> hint(const std::vector<Turn>& turns) override {
    if (!has_hint) return std::nullopt;
    constexpr int kWay[] = {1, 2, 1, 2};
    std::size_t right = 0;
    while (right < turns.size() && turns[right].thread == kWay[right]) ++right;
    return Hint{turns.size() - right, {kWay[right]}, 4 - right};
  }
  Judgement judge() override { return {is_proved, "A search said so."}; }

  bool has_hint = true, is_proved = true, is_racy = false;

 private:
  static void race(Position& position) {
    position.finding = Finding{};
    position.finding->kind = Kind::data_race;
    position.finding->message = "a race";
  }
  static void bug(Position& position) {
    position.finding = Finding{};
    position.finding->kind = Kind::assertion;
    position.finding->message = "x is 3";
    position.finding->picture = "the picture\n";
  }
};

const Aim kBroken{"tiny/broken", Kind::assertion, "It is broken.", "racecourse"};
const Aim kRight{"tiny/right", std::nullopt, "It is right.", "racecourse"};

std::string play(Game& game, const std::string& script) {
  std::string last;
  for (const std::string& word : words_of(script)) last = game.play(word);
  return last;
}

std::string fault(Game& game, const std::string& word) {
  const auto before = game.turns();
  try {
    game.play(word);
  } catch (const BadMove& error) {
    EXPECT_EQ(game.turns(), before) << "a mistake changes nothing";
    return error.what();
  }
  return "it was accepted";
}

TEST(Play, TheBugIsReached) {
  TinyWorld world;
  Game game(world, kBroken);
  const std::string text = play(game, "1 2 1 2");
  EXPECT_TRUE(game.is_over());
  EXPECT_TRUE(game.is_won());
  EXPECT_EQ(text, "You have reached the bug in 4 turns: assertion: x is 3\n\nthe picture\n");
  EXPECT_EQ(game.closing(), "played: 1 2 1 2\nreplay: racecourse replay tiny/broken --token r1:4\n");
}

TEST(Play, TheEndWithoutTheBug) {
  TinyWorld world;
  Game game(world, kBroken);
  EXPECT_NE(play(game, "1 1 2 2").find("nothing went wrong"), std::string::npos);
  EXPECT_FALSE(game.is_over()) << "a turn may be taken back";
  EXPECT_NE(fault(game, "1").find("over"), std::string::npos);
  EXPECT_NE(fault(game, "h").find("over"), std::string::npos);
  play(game, "u u u 2 1 2");
  EXPECT_TRUE(game.is_won());
}

TEST(Play, RunningOnCanBeTakenBack) {
  TinyWorld world;
  Game game(world, kBroken);
  play(game, "1 r");
  EXPECT_TRUE(game.position().over);
  play(game, "u");
  EXPECT_FALSE(game.position().over);
  EXPECT_EQ(to_text(game.turns()), "1");
  play(game, "2 1 r");
  EXPECT_TRUE(game.is_won());
}

TEST(Play, AnotherFindingIsNotTheBug) {
  TinyWorld world;
  world.is_racy = true;
  Game game(world, kBroken);
  EXPECT_NE(play(game, "1 2").find("There is a data-race: a race. It goes on; to reach is: assertion."),
            std::string::npos);
  EXPECT_FALSE(game.is_over());
  EXPECT_EQ(play(game, "u 2").find("to reach is"),
            0u + std::string("There is a data-race: a race. It goes on; ").size());
}

TEST(Play, AHintCanBeFollowed) {
  TinyWorld world;
  Game game(world, kBroken);
  play(game, "s 2 1 s");
  EXPECT_TRUE(game.is_won());
  EXPECT_EQ(to_text(game.turns()), "1 2 1 2");

  Game strayed(world, kBroken);
  EXPECT_EQ(play(strayed, "1 2 2 s"), "1 turn taken back: no way was known from there.\n");
  EXPECT_EQ(to_text(strayed.turns()), "1 2");
  world.has_hint = false;
  EXPECT_NE(fault(strayed, "s").find("no way is known"), std::string::npos);
}

TEST(Play, WhatIsNotInTheCatalogueHasCommandsOfItsOwn) {
  TinyWorld world;
  Aim aim = kBroken;
  aim.play_command = "racecourse lab play tiny";
  aim.replay_command = "racecourse lab replay tiny --token";
  Game game(world, aim);
  play(game, "1");
  EXPECT_NE(game.closing().find("replay: racecourse lab replay tiny --token r1:1\n"), std::string::npos);
  EXPECT_NE(game.play("g").find("racecourse lab play tiny --schedule \"1 2 1 2\""), std::string::npos);
}

TEST(Play, WhatCannotBeIsAnsweredByASentence) {
  TinyWorld world;
  Game game(world, kBroken);
  EXPECT_EQ(fault(game, "7"), "there is no T7; T1, T2 can go on");
  EXPECT_EQ(fault(game, "3"), "T3 waits for m, held by T1; T1, T2 can go on");
  EXPECT_NE(fault(game, "zz").find("nothing is called \"zz\""), std::string::npos);
  EXPECT_NE(fault(game, "1x0").find("from 1 to"), std::string::npos);
  EXPECT_NE(fault(game, "1y").find("nothing is called"), std::string::npos);
  EXPECT_NE(fault(game, "99999999999999999999").find("nothing is called"), std::string::npos);
  EXPECT_EQ(fault(game, "u"), "there is no turn to take back");
  play(game, "1 1");
  EXPECT_EQ(fault(game, "1"), "T1 has ended; T2 can go on");
}

TEST(Play, ThreadsHaveNumbersAndNames) {
  TinyWorld world;
  Game game(world, kBroken);
  play(game, "T1 writer t1 2");
  EXPECT_EQ(to_text(game.turns()), "1 2 1 2");
}

TEST(Play, SeveralStepsAtOnce) {
  TinyWorld world;
  Game game(world, kBroken);
  play(game, "1x9");
  EXPECT_EQ(to_text(game.turns()), "1 1") << "it ends after two";
}

TEST(Play, WhoIsWokenCanBeSaid) {
  TinyWorld world;
  Game game(world, kBroken);
  EXPECT_EQ(fault(game, "1:1"), "the next step of T1 wakes nobody that could be chosen; say 1");
  EXPECT_EQ(fault(game, "2:2"), "the next step of T2 wakes one of 2: say 2:0 to 2:1");
  play(game, "2:1");
  EXPECT_EQ(to_text(game.turns()), "2:1");
}

TEST(Play, Hints) {
  TinyWorld world;
  Game game(world, kBroken);
  EXPECT_EQ(play(game, "h"), "Hint: T1 next. 4 turns from here to the bug.\n");
  EXPECT_EQ(play(game, "1 1 h"), "Hint: no way is known from here. Take back 1 turn (u), then T2: 3 turns to go.\n");
  world.has_hint = false;
  EXPECT_NE(play(game, "h").find("too coarse"), std::string::npos);
  Game right(world, kRight);
  EXPECT_NE(play(right, "h").find("found no bug either"), std::string::npos);
}

TEST(Play, GivingUpOnABrokenOneShowsTheWay) {
  TinyWorld world;
  Game game(world, kBroken);
  EXPECT_NE(play(game, "1 1 g").find("--schedule \"1 2 1 2\""), std::string::npos);
  EXPECT_TRUE(game.is_over());
  EXPECT_FALSE(game.is_won());
}

TEST(Play, GivingUpOnARightOneIsTheWin) {
  TinyWorld world;
  Game game(world, kRight);
  EXPECT_EQ(play(game, "1 g"), "You are right: nobody can. A search said so.\n");
  EXPECT_TRUE(game.is_won());
  world.is_proved = false;
  Game unproved(world, kRight);
  EXPECT_EQ(play(unproved, "g"), "You may be right. A search said so.\n");
}

TEST(Play, AScriptMayHaveRemarks) {
  EXPECT_EQ(words_of("1 2,u  # back\n# nothing\n\tT1"), (std::vector<std::string>{"1", "2", "u", "T1"}));
  EXPECT_TRUE(words_of(" # all of it").empty());
}

TEST(PlayScreen, AColumnForEachThread) {
  TinyWorld world;
  EXPECT_EQ(draw(world.after({{1}, {2}}), 0, 16),
            "      T1                      T2 (writer)             T3\n"
            "      step 1\n"
            "                              step 1\n"
            "next  read x -> 1             read x -> 1             waits for m, held by\n"
            "                                                      T1\n"
            "key   1                       2                       -\n"
            "\n"
            "x = 1,  m held by T1\n"
            "\n"
            "T1    a.h:1                       x\n"
            "T2    a.h:1                       x\n");
}

TEST(PlayScreen, ManyThreadsAreListed) {
  Position position;
  for (int thread = 0; thread < 12; thread++)
    position.threads.push_back({thread, "T" + std::to_string(thread), Stand::Is::able, "lock  m", "", "", 0});
  position.threads[3].is = Stand::Is::timed;
  position.threads[4].is = Stand::Is::ended;
  const std::string text = draw(position, 0, 16);
  EXPECT_NE(text.find("11    T11  lock m\n"), std::string::npos) << text;
  EXPECT_NE(text.find("3     T3   lock m  [3  (its time is up)]\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("T4"), std::string::npos) << text;
}

TEST(PlayScreen, FitsATerminal) {
  Position position;
  const std::string longest(200, 'x');
  for (int thread = 0; thread < 4; thread++) {
    position.threads.push_back(
        {thread, "T" + std::to_string(thread), Stand::Is::able, "lock  " + longest, longest + ":1", longest, 3});
    position.steps.push_back({thread, "read  " + longest + " -> 1000", "", 14});
  }
  position.variables.assign(30, {longest, "1"});
  for (const std::size_t threads : {std::size_t{4}, std::size_t{3}, std::size_t{1}}) {
    position.threads.resize(threads);
    std::string_view text;
    const std::string all = draw(position, 0, 16);
    for (text = all; !text.empty();) {
      const std::string_view line = text.substr(0, text.find('\n'));
      EXPECT_LE(line.size(), kTerminalWidth) << line;
      text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
  }
}

TEST(PlayScreen, WhatHappenedLongAgoIsCounted) {
  TinyWorld world;
  const std::string text = draw(world.after({{1}, {1}, {2}}), 0, 1);
  EXPECT_NE(text.find("... 2 steps before"), std::string::npos) << text;
}

}  // namespace
}  // namespace racecourse::command
