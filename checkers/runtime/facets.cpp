// The standard library's facet of letters fills tables at its first use, which changes what its code in headers does
// from then on. Filled here, they are the same in every process, whatever has run in it before.
#include <locale>

namespace racecourse::runtime {

namespace {

// Before the constructors of the program.
[[gnu::constructor(102)]] void fill_facets() {
  const auto& letters = std::use_facet<std::ctype<char>>(std::locale::classic());
  const char from[] = {'\n'};
  char to;
  letters.widen(from, from + 1, &to);
  letters.narrow(from, from + 1, '\0', &to);
}

}  // namespace

}  // namespace racecourse::runtime
