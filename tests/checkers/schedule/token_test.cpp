#include <gtest/gtest.h>
#include <racecourse/checkers/schedule/quarantine.h>
#include <racecourse/checkers/schedule/schedule.h>

#include <cstdio>
#include <limits>
#include <string>
#include <vector>

namespace racecourse::schedule {
namespace {

// The sentence of the error, or "" if the token was taken.
std::string refusal(std::string_view token) {
  try {
    from_token(token);
  } catch (const BadToken& error) {
    return error.what();
  }
  return "";
}

// `rest` behind the checksum that belongs to it: CRC-16/CCITT, by its polynomial's definition.
std::string sealed(const std::string& rest) {
  unsigned crc = 0xffff;
  for (const char c : rest) {
    for (int bit = 7; bit >= 0; bit--) {
      const unsigned feedback = ((crc >> 15) ^ (static_cast<unsigned char>(c) >> bit)) & 1;
      crc = ((crc << 1) & 0xffff) ^ (feedback != 0 ? 0x1021 : 0);
    }
  }
  char head[16];
  std::snprintf(head, sizeof head, "r1:%04x", crc);
  return head + rest;
}

const Schedule kExample{{{1, 1}, {2, 2}, {1, 2}}, {{4, 1}, {7, 3}}};

TEST(Token, KeepsItsSpelling) {
  // A token in an old bug report must still mean the same.
  EXPECT_EQ(to_token(kExample), "r1:1bab.1x1.2x2.1x2.p4:1.p7:3");
}

// Things that happen for no reason are numbered by themselves.
TEST(Token, NamesOccasions) {
  const Schedule schedule{{{1, 1}, {2, 2}}, {{4, 1}, {kSpurious, 1}, {kSpurious + 12, 1}}};
  EXPECT_EQ(to_token(schedule).substr(7), ".1x1.2x2.p4:1.s0.s12");
  EXPECT_EQ(from_token(to_token(schedule)), schedule);
  EXPECT_NE(refusal(sealed(".1x1.s12.s0")).find("not in order"), std::string::npos);
  EXPECT_NE(refusal(sealed(".1x1.s0.p4:1")).find("not in order"), std::string::npos);
  for (const std::string rest : {".1x1.s", ".1x1.sx", ".1x1.s01", ".1x1.s4:1", ".1x1.s2147483648"})
    EXPECT_NE(refusal(sealed(rest)), "") << rest;
}

TEST(Token, NamesTheQuarantine) {
  const Schedule schedule{{{1, 2}}, {{4, 1}, {kSpurious + 3, 1}, kQuarantine}};
  const std::string token = to_token(schedule);
  EXPECT_TRUE(token.ends_with(".1x2.p4:1.s3.q")) << token;
  EXPECT_EQ(from_token(token), schedule);
  EXPECT_TRUE(has_quarantine(schedule));
  EXPECT_FALSE(has_quarantine({{{1, 2}}, {{kSpurious + 3, 1}}}));
  EXPECT_FALSE(has_quarantine({}));
}

TEST(Token, CarriesAFingerprint) {
  const std::string token = to_token(kExample, "12:09af");
  EXPECT_EQ(token.substr(7), ".1x1.2x2.1x2.p4:1.p7:3.f12:09af");
  EXPECT_EQ(from_token(token), kExample);
  EXPECT_EQ(fingerprint_of(token), "12:09af");
  EXPECT_EQ(fingerprint_of(to_token(kExample)), "");
  for (const std::string rest : {".f", ".f:1", ".f0:1", ".f1:", ".f1:x", ".f1", ".f1:1.1x1", ".f1:1.f1:1"}) {
    EXPECT_NE(refusal(sealed(rest)).find("fingerprint"), std::string::npos) << rest;
  }
}

TEST(Token, OfTheEmptySchedule) {
  EXPECT_EQ(to_token({}), "r1:ffff");
  EXPECT_EQ(from_token("r1:ffff"), Schedule{});
}

TEST(Token, RoundTrips) {
  constexpr std::uint32_t kMax = std::numeric_limits<std::uint32_t>::max();
  const Schedule schedules[] = {
      kExample,
      {{{0, 0}}, {}},
      {{}, {{0, 1}}},
      {{{kMax, kMax}}, {{0, kMax}, {kMax, 1}}},
      {{{1, 5}, {1, 6}}, {}},  // neighbours of one thread stay apart
      {std::vector<Segment>(50, {kMax, kMax}), {{0, kMax}, {kMax, 1}}},
      {std::vector<Segment>(50, {0xfffe, kMax}), {}},
  };
  for (const Schedule& schedule : schedules) EXPECT_EQ(from_token(to_token(schedule)), schedule);
}

TEST(Token, RoundTripsALongSchedule) {
  Schedule schedule;
  for (std::uint32_t i = 0; i < 100'000; i++) schedule.segments.push_back({i % 7, i});
  EXPECT_EQ(from_token(to_token(schedule)), schedule);
}

// Threads in turn, for a few ticks each, as a walk makes them.
Schedule walk(std::uint32_t segments) {
  Schedule schedule;
  for (std::uint32_t i = 0; i < segments; i++) schedule.segments.push_back({i % 3 + 1, i * i % 7 + 1});
  schedule.picks = {{2, 1}, {70'000, 3}};
  return schedule;
}

TEST(Token, IsPackedWhenItWouldBeLong) {
  // A token in an old bug report must still mean the same.
  EXPECT_EQ(to_token(walk(24), "3:9a0c"), "r1:718c.zBBgFChcNDhcJBgsVDg8VCgcJFg8NFgsFChcCAgHuogQD.f3:9a0c");
  EXPECT_EQ(to_token(walk(20)).find('z'), std::string::npos);
  for (const std::uint32_t segments : {50, 300, 1000}) {
    const Schedule schedule = walk(segments);
    const std::string token = to_token(schedule, "12:09af");
    EXPECT_LT(token.size(), 60 + segments * 4 / 3);
    EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:"),
              std::string::npos);
    EXPECT_EQ(from_token(token), schedule);
    EXPECT_EQ(fingerprint_of(token), "12:09af");
  }
}

TEST(Token, RefusesWhatIsPackedWrongly) {
  const std::string token = to_token(walk(24));
  const std::string part = token.substr(7);
  ASSERT_EQ(refusal(sealed(part)), "");
  for (std::size_t length = 2; length < part.size(); length++)
    EXPECT_NE(refusal(sealed(part.substr(0, length))), "") << "cut off at " << length;
  for (const std::string& rest : std::vector<std::string>{".z", ".zA", ".z*", part + "A", part + ".1x1", ".1x1" + part,
                                                          part + part, part + ".p4:1", ".zAf______________"}) {
    EXPECT_NE(refusal(sealed(rest)), "") << rest;
  }
}

TEST(Token, NoticesEveryChangeOfOneCharacter) {
  const std::string token = to_token(kExample);
  for (std::size_t at = 0; at < token.size(); at++) {
    for (char other = '!'; other <= '~'; other++) {
      std::string changed = token;
      changed[at] = other;
      if (changed == token) continue;
      EXPECT_NE(refusal(changed), "") << changed;
    }
  }
}

TEST(Token, NoticesMissingAndDoubledCharacters) {
  const std::string token = to_token(kExample);
  for (std::size_t at = 0; at < token.size(); at++) {
    EXPECT_NE(refusal(std::string(token).erase(at, 1)), "") << "without character " << at;
    EXPECT_NE(refusal(std::string(token).insert(at, 1, token[at])), "") << "with character " << at << " twice";
    EXPECT_NE(refusal(token.substr(0, at)), "") << "cut off at " << at;
  }
}

TEST(Token, RefusesJunk) {
  for (const std::string junk : {"", "r1", "r1:", "r1:12", "r2:ffff", " r1:ffff", "r1:FFFF", "r1:ffff.", "hello"}) {
    EXPECT_NE(refusal(junk), "") << junk;
  }
  EXPECT_NE(refusal(std::string_view("r1:ffff\0", 8)), "");
}

TEST(Token, RefusesWhatNoScheduleIsWrittenAs) {
  for (const std::string rest : {".", ".1", ".x1", ".1x", ".01x1", ".1x-1", ".1x+1", ".1x1x1", ".1x1.", "..1x1", ".p4",
                                 ".p:1", ".p4:", ".p4:1:2", ".p4x1", ".q4:1", ".1 x1", ".1x1 "}) {
    EXPECT_NE(refusal(sealed(rest)).find("is neither a segment"), std::string::npos) << rest;
  }
}

TEST(Token, RefusesNumbersThatOverflow) {
  EXPECT_EQ(refusal(sealed(".1x4294967295")), "");
  EXPECT_EQ(refusal(sealed(".1x4294967296")), "bad token: a number in \"1x4294967296\" is too large.");
  EXPECT_NE(refusal(sealed(".99999999999999999999x1")), "");
}

TEST(Token, RefusesPicksOutOfOrder) {
  EXPECT_EQ(refusal(sealed(".p4:1.p4:1")), "bad token: its picks are not in order.");
  EXPECT_EQ(refusal(sealed(".p4:1.p3:1")), "bad token: its picks are not in order.");
  EXPECT_EQ(refusal(sealed(".p4:1.1x1")), "bad token: a segment follows a pick.");
}

TEST(Token, RefusesMoreThanAWorkerCanRecord) {
  Schedule schedule;
  schedule.segments.resize((1u << 20) + 1);
  EXPECT_EQ(refusal(to_token(schedule)), "bad token: it has too many segments.");
  EXPECT_EQ(refusal("r1:" + std::string(64u << 20, '1')), "bad token: it is longer than any schedule.");
}

TEST(Token, ShowsNoControlCharacters) {
  const std::string text = refusal(sealed(".\x1b[31m"));
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
}

TEST(Switches, CountsChangesOfThread) {
  EXPECT_EQ(switches({}), 0u);
  EXPECT_EQ(switches({{{1, 1}}, {}}), 0u);
  EXPECT_EQ(switches({{{1, 1}, {1, 2}, {2, 1}, {1, 1}}, {}}), 2u);
}

}  // namespace
}  // namespace racecourse::schedule
