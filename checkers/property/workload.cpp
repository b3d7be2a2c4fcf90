#include <racecourse/checkers/property/workload.h>

namespace racecourse::property {

// The test searches instead of replaying the schedule: its body is written out, so that it takes other ticks than the
// property's own.
std::string test_text(const TestText& text, const std::vector<std::string>& threads,
                      const schedule::Schedule& schedule) {
  std::string out;
  out += "// Found by a property under " + schedule::to_token(schedule) + ".\n";
  out += "TEST(" + std::string(text.suite) + ", " + std::string(text.name) + ") {\n";
  out += "  racecourse::explore([] {\n";
  out += "    " + std::string(text.setup) + "\n";
  for (std::size_t i = 0; i < threads.size(); ++i) {
    out += "    std::thread t" + std::to_string(i + 1) + "([&] { " + threads[i] + " });\n";
  }
  for (std::size_t i = 0; i < threads.size(); ++i) out += "    t" + std::to_string(i + 1) + ".join();\n";
  out += "    " + std::string(text.check) + "\n";
  out += "  });\n";
  out += "}\n";
  return out;
}

}  // namespace racecourse::property
