#include <elf.h>
#include <racecourse/scenarios/lab/scan.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string_view>

namespace racecourse::lab {
namespace {

// As the compiler sees it: a backslash at the end of a line joins the next.
std::string joined(std::string text) {
  for (const char* end : {"\\\r\n", "\\\n"}) {
    for (std::size_t at; (at = text.find(end)) != std::string::npos;) text.erase(at, std::strlen(end));
  }
  return text;
}

std::size_t after_literal(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size() && text[at] != quote && text[at] != '\n'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

std::set<std::string> includes_of(const std::string& code) {
  static const std::regex kInclude(R"(#\s*include\s*<([^>\n]+)>)");
  std::set<std::string> found;
  for (std::sregex_iterator at(code.begin(), code.end(), kInclude), end; at != end; ++at) found.insert((*at)[1]);
  return found;
}

// Those without a path and without ".h": <mutex>, not <unistd.h>. <iostream> has a constructor that runs before main.
bool is_standard(const std::string& header) {
  return header.find_first_of("/.") == std::string::npos && header != "iostream" && header != "filesystem" &&
         header != "fstream";
}

std::string refuse_directive(const std::string& line, const std::set<std::string>& known) {
  static const std::regex kAllowed(
      R"(\s*#\s*(pragma\s+once|if\b.*|ifdef\b.*|ifndef\b.*|elif\b.*|else\b.*|endif\b.*|define\s+[A-Z][A-Z0-9_]*_H_?|)\s*)");
  static const std::regex kInclude(R"(\s*#\s*include\s*<([^>]+)>\s*)");
  std::smatch match;
  if (std::regex_match(line, match, kInclude)) {
    const std::string header = match[1];
    if (known.contains(header) || is_standard(header)) return "";
    return "it includes <" + header + ">, which the exercise does not need";
  }
  if (std::regex_match(line, kAllowed)) return "";
  return "it has a line for the preprocessor that the exercise does not need: " + line.substr(0, 60);
}

struct Forbidden {
  const char* pattern;
  const char* clause;
};
const Forbidden kForbidden[] = {
    {R"(\b(asm|__asm|__asm__)\b)", "it holds assembly"},
    {R"(\b(syscall|__syscall)\b)", "it makes system calls by itself"},
    {R"(\b(constructor|destructor|init_priority|ifunc|alias|weakref)\b)",
     "it uses an attribute that runs or replaces "
     "code beside the checks"},
    {R"(\b__attribute__\b|\b__attribute\b|\[\[\s*(gnu|clang)\b|\b_Pragma\b|\b__builtin_\w+)",
     "it uses extensions of the compiler"},
    {R"(##|%:|\?\?=)", "it pastes tokens together"},
    {R"(\bextern\b)", "it declares names of other code (extern)"},
    {R"(\bnamespace\s+(\[\[[^\]]*\]\]\s*)?std\s*(::[\s\w]*)*(\{|<%|\?\?<))", "it adds to namespace std"},
    {R"(\bracecourse\s*::\s*(lab|control|runtime|catalogue|search|explore|outcome)\b)", "it reaches for the checker"},
    {R"(\bnamespace\s+(lab|control|runtime|catalogue)\b)", "it reaches for the checker"},
    {R"(\b(fork|vfork|execv\w*|execl\w*|ptrace|dlopen|dlsym|mprotect|mmap|prctl|process_vm_\w+|popen)\s*\()",
     "it calls what no exercise needs"},
    {R"(\b(exit|_exit|_Exit|quick_exit|atexit|at_quick_exit|longjmp|setjmp|system)\s*\()",
     "it ends the program, or steps out of it"},
};

std::size_t count_of(const std::string& code, const std::regex& pattern) {
  return static_cast<std::size_t>(std::distance(std::sregex_iterator(code.begin(), code.end(), pattern), {}));
}

struct Suspicious {
  const char* pattern;
  const char* misconception;
  const char* hint;
};
const Suspicious kSuspicious[] = {
    {R"(\bsleep_(for|until)\b|\busleep\b|\bnanosleep\b)", "a sleep orders threads",
     "A sleep orders nothing: the other thread may be later than any sleep. Wait for what you need instead."},
    {R"(\bvolatile\b)", "volatile is for threads",
     "volatile tells the compiler, not the other threads: it neither makes an access atomic nor orders it."},
    {R"(\bdetach\s*\()", "a detached thread needs no end", "A detached thread may outlive what it uses. Join it."},
    {R"(\bif\s*\([^;{}]*\)\s*\{?\s*[\w.\->]*\bwait\s*\()", "a wakeup is a promise",
     "A wait belongs in a loop: who wakes must look again."},
    {R"(\brecursive_mutex\b)", "a recursive mutex mends a deadlock",
     "A recursive mutex lets a thread meet itself; it does nothing between two threads."},
    {R"(\bthread_local\b)", "thread_local shares",
     "Each thread has a thread_local of its own: nothing is shared by it."},
};

const char* const kOfTheLanguage[] = {"_Znw", "_Zna", "_Zdl", "_Zda"};  // operator new and delete
// Those that take a place and do nothing: <new> defines them, so that nobody else can.
const char* const kOfPlacement[] = {"_ZnwmPv", "_ZnamPv", "_ZdlPvS_", "_ZdaPvS_"};

}  // namespace

std::string code_of(const std::string& text) {
  const std::string all = joined(text);
  std::string code;
  for (std::size_t at = 0; at < all.size();) {
    if (all.compare(at, 2, "//") == 0) {
      at = std::min(all.find('\n', at), all.size());
    } else if (all.compare(at, 2, "/*") == 0) {
      const std::size_t end = all.find("*/", at + 2);
      code += ' ';
      at = end == std::string::npos ? all.size() : end + 2;
    } else if (all[at] == '"') {
      at = after_literal(all, at);
      code += "\"\"";
    } else if (all[at] == '\'' && (at == 0 || !std::isalnum(static_cast<unsigned char>(all[at - 1])))) {
      at = after_literal(all, at);
      code += "''";
    } else {
      code += all[at++];
    }
  }
  return code;
}

bool same_code(const std::string& one, const std::string& other) {
  const auto bare = [](const std::string& text) {
    std::string code = code_of(text);
    std::erase_if(code, [](unsigned char c) { return std::isspace(c) != 0; });
    return code;
  };
  return bare(one) == bare(other);
}

std::string why_refused(const std::string& text, const std::string& known) {
  if (text.find('\0') != std::string::npos) return "it is not a text";
  if (text.size() > 100'000) return "it is larger than 100,000 bytes";
  // A raw string hides where strings end, and no exercise needs one.
  if (std::regex_search(text, std::regex(R"(R"[^\n(]{0,16}\()"))) return "it holds a raw string";
  const std::string code = code_of(text);
  const std::set<std::string> ours = includes_of(code_of(known));
  std::istringstream lines(code);
  for (std::string line; std::getline(lines, line);) {
    while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back()))) line.pop_back();
    const std::size_t first = line.find_first_not_of(" \t\f\v");
    if (first == std::string::npos || line[first] != '#') continue;
    if (std::string clause = refuse_directive(line, ours); !clause.empty()) return clause;
  }
  for (const Forbidden& forbidden : kForbidden) {
    if (std::regex_search(code, std::regex(forbidden.pattern))) return forbidden.clause;
  }
  return "";
}

std::string why_test_refused(const std::string& text, const std::string& known) {
  static const std::regex kOpens(
      R"(\b(fopen|freopen|fdopen|openat|opendir|readlink|\w*fstream)\b|\bopen\s*\(|::\s*open\b)");
  if (std::string clause = why_refused(text, known); !clause.empty()) return clause;
  return std::regex_search(code_of(text), kOpens) ? "it opens files, which no test needs" : "";
}

std::string why_object_refused(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
  const auto fits = [&](std::uint64_t offset, std::uint64_t size) {
    return offset <= bytes.size() && size <= bytes.size() - offset;
  };
  Elf64_Ehdr header{};
  const std::string unreadable = "its object file cannot be read";
  if (bytes.size() < sizeof header) return unreadable;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_shentsize != sizeof(Elf64_Shdr) ||
      !fits(header.e_shoff, std::uint64_t{header.e_shnum} * sizeof(Elf64_Shdr)) || header.e_shnum == 0) {
    return unreadable;
  }
  std::vector<Elf64_Shdr> sections(header.e_shnum);
  std::memcpy(sections.data(), bytes.data() + header.e_shoff, sections.size() * sizeof(Elf64_Shdr));
  const auto text_at = [&](const Elf64_Shdr& table, std::uint64_t at) -> std::string {
    if (!fits(table.sh_offset, table.sh_size) || at >= table.sh_size) return "";
    const char* begin = bytes.data() + table.sh_offset + at;
    return std::string(begin, strnlen(begin, table.sh_size - at));
  };
  if (header.e_shstrndx >= sections.size()) return unreadable;
  for (const Elf64_Shdr& section : sections) {
    const std::string name = text_at(sections[header.e_shstrndx], section.sh_name);
    for (const char* early : {".init", ".fini", ".preinit", ".ctors", ".dtors"}) {
      if (name.starts_with(early) && section.sh_size > 0) {
        return "it brings code that runs before main: an object outside every function that needs a constructor";
      }
    }
    if (section.sh_type != SHT_SYMTAB || section.sh_link >= sections.size() ||
        !fits(section.sh_offset, section.sh_size)) {
      continue;
    }
    for (std::uint64_t at = 0; at + sizeof(Elf64_Sym) <= section.sh_size; at += sizeof(Elf64_Sym)) {
      Elf64_Sym symbol{};
      std::memcpy(&symbol, bytes.data() + section.sh_offset + at, sizeof symbol);
      const std::string defined = text_at(sections[section.sh_link], symbol.st_name);
      if (ELF64_ST_BIND(symbol.st_info) == STB_LOCAL || symbol.st_shndx == SHN_UNDEF || defined.empty()) continue;
      const bool of_language =
          std::ranges::find(kOfPlacement, defined) == std::end(kOfPlacement) &&
          std::ranges::any_of(kOfTheLanguage, [&](const char* prefix) { return defined.starts_with(prefix); });
      const bool of_c = !defined.starts_with("_Z") && !defined.starts_with("DW.ref.");
      if (of_language || of_c) return "it defines " + defined + ", which belongs to the program that checks it";
    }
  }
  return "";
}

std::vector<Pattern> patterns_in(const std::string& text, const std::string& starter) {
  const std::string code = code_of(text), before = code_of(starter);
  std::vector<Pattern> found;
  for (const Suspicious& one : kSuspicious) {
    const std::regex pattern(one.pattern);
    if (count_of(code, pattern) > count_of(before, pattern)) found.push_back({one.misconception, one.hint});
  }
  return found;
}

}  // namespace racecourse::lab
