// On this very process: the tests are compiled with -g.
#include <gtest/gtest.h>
#include <racecourse/checkers/report/symbolize.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace racecourse::report {
namespace probe {

enum class Light { red, green };
struct Lamp {
  Light light_ = Light::red;
  bool lit_ = false;
  double* volts_ = nullptr;
};
Lamp lamp;
unsigned hits[4];

inline int inlined_line = 0;
[[gnu::always_inline]] inline std::uint64_t here() {
  inlined_line = __LINE__ + 2;
  std::uint64_t address;
  asm volatile("lea 0(%%rip), %0\n" : "=r"(address));
  return address;
}

int calling_line = 0;
[[gnu::noinline]] std::uint64_t somewhere(int) {
  calling_line = __LINE__ + 1;
  const std::uint64_t address = here();
  lamp.lit_ = address != 0;
  return address;
}

std::uint64_t address_of(const void* object) { return reinterpret_cast<std::uint64_t>(object); }

TEST(Symbolize, InlinedCallsAreLevelsOfTheirOwn) {
  const std::uint64_t address = somewhere(1);
  const auto symbols = process_symbols();
  const std::vector<Place>& places = symbols->code(address - 1);
  ASSERT_GE(places.size(), 2u);
  EXPECT_EQ(places[0].function, "racecourse::report::probe::here");
  EXPECT_EQ(places[0].line, inlined_line);
  EXPECT_EQ(places[1].function, "racecourse::report::probe::somewhere");
  EXPECT_EQ(places[1].line, calling_line);
  EXPECT_NE(places[1].file.find("symbolize_test.cpp"), std::string::npos) << places[1].file;
  const std::string* text = symbols->source_line(places[1].file, places[1].line);
  ASSERT_NE(text, nullptr);
  EXPECT_NE(text->find("here()"), std::string::npos) << *text;
}

TEST(Symbolize, Globals) {
  const auto symbols = process_symbols();
  const auto array = symbols->data(address_of(&hits[2]));
  ASSERT_TRUE(array);
  EXPECT_EQ(array->name, "racecourse::report::probe::hits");
  EXPECT_EQ(array->base, address_of(hits));
  EXPECT_EQ(array->size, sizeof hits);
  int local = 0;
  EXPECT_FALSE(symbols->data(address_of(&local)));
  EXPECT_FALSE(symbols->data(0));
}

TEST(Symbolize, TypesOfMembers) {
  const auto symbols = process_symbols();
  const std::uint64_t code = somewhere(2) - 1;
  using Form = ValueType::Form;
  EXPECT_EQ(symbols->variable_type(code, "lit_", 1).form, Form::boolean);
  EXPECT_EQ(symbols->variable_type(code, "volts_", 8).form, Form::pointer);
  EXPECT_EQ(symbols->variable_type(code, "hits", 4).form, Form::unsigned_integer);
  const ValueType light = symbols->variable_type(code, "light_", 4);
  EXPECT_EQ(light.form, Form::enumeration);
  EXPECT_EQ(light.enumerators.at(1), "green");
  EXPECT_EQ(symbols->variable_type(code, "no_such_name", 4).form, Form::unknown);
  EXPECT_EQ(symbols->variable_type(code, "lit_", 8).form, Form::unknown);
}

TEST(Symbolize, MembersAreToldFromOtherVariables) {
  const auto symbols = process_symbols();
  const std::uint64_t code = somewhere(3) - 1;
  EXPECT_TRUE(symbols->is_member(code, "lit_"));
  EXPECT_FALSE(symbols->is_member(code, "hits"));
  EXPECT_FALSE(symbols->is_member(code, "no_such_name"));
}

TEST(Symbolize, LibraryFunctionsHaveNamesAndNonsenseHasNone) {
  const auto symbols = process_symbols();
  const std::vector<Place>& places = symbols->code(reinterpret_cast<std::uint64_t>(&std::abort) + 1);
  ASSERT_FALSE(places.empty());
  EXPECT_FALSE(places.back().module.empty());
  EXPECT_TRUE(symbols->code(1).empty());
  EXPECT_EQ(symbols->source_line("/no/such/file", 1), nullptr);
}

}  // namespace probe
}  // namespace racecourse::report
