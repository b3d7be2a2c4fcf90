// What a search learns of reads-from pairs, and whose turn it is because of them.
#include <gtest/gtest.h>
#include <racecourse/checkers/schedule/turns.h>

#include <array>
#include <memory>
#include <vector>

namespace racecourse::schedule {
namespace {

ReadsFrom pair(Place reader, Place writer) { return {reader, writer, 64}; }
ReadsFromTable::Entry entry(Place reader, Place writer) { return {pair(reader, writer).key(), 64, 1}; }

TEST(ReadsFromTable, KnowsWhatItWasTold) {
  const auto table = std::make_unique<ReadsFromTable>();
  EXPECT_FALSE(table->knows(pair(1, 2)));
  table->add(entry(1, 2));
  EXPECT_TRUE(table->knows(pair(1, 2)));
  EXPECT_FALSE(table->knows(pair(1, 3)));
}

// More pairs than there is room for.
TEST(ReadsFromTable, DoesNotDependOnTheOrder) {
  const auto forwards = std::make_unique<ReadsFromTable>(), backwards = std::make_unique<ReadsFromTable>();
  for (Place i = 1; i <= 5000; ++i) forwards->add(entry(i, i / 7));
  for (Place i = 5000; i >= 1; --i) backwards->add(entry(i, i / 7));
  for (std::uint32_t slot = 0; slot < ReadsFromTable::kSlots; ++slot) {
    EXPECT_EQ(forwards->slots()[slot].key, backwards->slots()[slot].key);
    EXPECT_EQ(forwards->slots()[slot].executions, backwards->slots()[slot].executions);
  }
  for (Place i = 1; i <= 5000; ++i) EXPECT_TRUE(forwards->knows(pair(i, i / 7)));
}

TEST(ReadsFromSet, HoldsEachPairOnce) {
  ReadsFromSet set;
  for (int execution = 0; execution < 3; ++execution) {
    set.begin();
    for (const Place writer : {1, 2, 1, 2, 3}) set.add(pair(9, writer));
    EXPECT_EQ(set.pairs().size(), 3u);
  }
  for (Place i = 0; i < 2000; ++i) set.add(pair(i, 1));
  EXPECT_EQ(set.pairs().size(), 512u);
}

// An execution that showed these.
void note(Notes& notes, const std::vector<ReadsFrom>& pairs, std::uint32_t turn, const Experience& experience) {
  Noted noted;
  noted.begin();
  for (const ReadsFrom& one : pairs) noted.pairs.add(one);
  notes.add(noted, turn, &experience.known_pairs);
}

// New is what was not known when the batch began, whoever shows it first.
TEST(Experience, CountsWhatIsNew) {
  const auto experience = std::make_unique<Experience>();
  const auto notes = std::make_unique<Notes>(), later = std::make_unique<Notes>();
  note(*notes, {pair(1, 1)}, 3, *experience);
  note(*later, {pair(1, 1)}, 4, *experience);
  notes->merge(*later);
  EXPECT_EQ(notes->digests().size(), 2u);
  EXPECT_EQ(notes->pairs().size(), 1u);
  EXPECT_EQ(notes->pairs()[0].executions, 2u);
  experience->learn(*notes);
  EXPECT_FALSE(experience->known_pairs.knows(pair(1, 1)));
  experience->reach_boundary();
  EXPECT_TRUE(experience->known_pairs.knows(pair(1, 1)));
  EXPECT_EQ(experience->known_turns.of[3].novel, 1u);
  EXPECT_EQ(experience->known_turns.of[4].novel, 1u);
  notes->clear();
  EXPECT_TRUE(notes->pairs().empty());
  note(*notes, {pair(1, 1)}, 3, *experience);
  note(*notes, {pair(1, 1), pair(1, 2)}, 4, *experience);
  EXPECT_EQ(notes->turns().of[3].novel, 0u);
  EXPECT_EQ(notes->turns().of[4].novel, 1u);
  experience->forget();
  EXPECT_FALSE(experience->known_pairs.knows(pair(1, 1)));
}

TEST(Notes, HaveAnEnd) {
  const auto experience = std::make_unique<Experience>();
  const auto notes = std::make_unique<Notes>();
  for (Place i = 1; i < 1000; ++i) note(*notes, {pair(i, 1), pair(1, i)}, 0, *experience);
  EXPECT_EQ(notes->digests().size(), Notes::kMost);
  EXPECT_EQ(notes->pairs().size(), Notes::kMostPairs);
}

// Of so many executions from 0.
std::array<int, 3> count(const Turns& turns, std::uint64_t executions) {
  std::array<int, 3> counts{};
  for (std::uint64_t i = 0; i < executions; ++i) ++counts.at(turns.of(i));
  return counts;
}

TEST(Turns, AreSpreadEvenly) {
  const Turns turns({2, 1, 1});
  EXPECT_EQ(turns.of(0), 0u);
  for (const std::uint64_t executions : {40, 400}) {
    const auto counts = count(turns, executions);
    EXPECT_NEAR(counts[0], static_cast<double>(executions) / 2, 3);
    EXPECT_NEAR(counts[1], static_cast<double>(executions) / 4, 3);
  }
}

TEST(Turns, GoToThoseThatFindWhatIsNew) {
  const auto experience = std::make_unique<Experience>();
  Turns turns({2, 1, 1});
  experience->known_turns.of = {{{200, 0}, {100, 50}, {100, 0}}};
  turns.learn(*experience);
  EXPECT_NEAR(turns.share_of(1), 0.25, 1e-6) << "there was no boundary";
  experience->boundaries = 1;
  turns.learn(*experience);
  EXPECT_GT(turns.share_of(1), 0.5);
  // Half of what they had is theirs.
  EXPECT_GT(turns.share_of(0), 0.25);
  EXPECT_GT(turns.share_of(2), 0.125);
  EXPECT_NEAR(turns.share_of(0) + turns.share_of(1) + turns.share_of(2), 1, 1e-6);
  const auto counts = count(turns, 1000);
  EXPECT_NEAR(counts[1], 1000 * turns.share_of(1), 4);
}

TEST(Turns, AreAsAtFirstWhenNothingIsNew) {
  const auto experience = std::make_unique<Experience>();
  Turns turns({2, 1, 1});
  experience->boundaries = 1;
  experience->known_turns.of = {{{2000, 0}, {1000, 0}, {1000, 0}}};
  turns.learn(*experience);
  EXPECT_NEAR(turns.share_of(0), 0.5, 1e-6);
  // One that was new says little.
  experience->boundaries = 2;
  experience->known_turns.of[1].novel = 1;
  turns.learn(*experience);
  EXPECT_NEAR(turns.share_of(1), 0.25, 0.05);
}

}  // namespace
}  // namespace racecourse::schedule
