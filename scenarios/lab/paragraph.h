// Paragraphs for a terminal, in languages with and without spaces between words.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace racecourse::lab {

inline constexpr std::size_t kTerminal = 80;

// How many columns of a terminal a text of UTF-8 takes: two for a character of Chinese, Japanese or Korean and for
// punctuation as wide as these, otherwise one for each character.
std::size_t columns_of(std::string_view text);

// Lines of at most `width` columns, each with a line break at its end. `used`: what the first has already; the others
// begin with `indent`. Broken at spaces, and beside a wide character, but not before what closes nor after what opens:
// 「」，。. What is longer than a line by itself stays whole.
std::string wrapped(std::string_view text, std::size_t width = kTerminal, std::string_view indent = "",
                    std::size_t used = 0);

}  // namespace racecourse::lab
