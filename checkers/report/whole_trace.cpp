#include <racecourse/checkers/report/text.h>
#include <racecourse/checkers/report/whole_trace.h>

namespace racecourse::report {

std::string whole_trace(const Trace& trace, Describer& describer) {
  constexpr std::size_t kTick = 8, kThread = 6, kWhat = 46;
  std::string text = padded("tick", kTick) + padded("who", kThread) + padded("what", kWhat) + "where\n";
  for (const Event& event : trace.events) {
    if (event.op == Op::finding) continue;
    const Cell cell = describer.cell(event);
    std::string line = padded(std::to_string(event.tick), kTick) + padded(thread_label(event.thread), kThread) +
                       padded(cell.verb + cell.object + cell.value, kWhat) + " " + describer.place(event);
    while (line.back() == ' ') line.pop_back();
    text += line + "\n";
  }
  if (trace.truncated) text += "(the rest was not recorded)\n";
  return text;
}

}  // namespace racecourse::report
