#include <racecourse/checkers/detect/finding.h>
#include <racecourse/checkers/runtime/switch.h>

#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace racecourse::detect {

using runtime::rt;

report::RawFinding* add_finding(Kind kind, std::uint64_t pc, const void* object, std::uint64_t place) {
  runtime::SharedBlock& shared = *rt.shared;
  for (std::uint32_t i = 0; i < shared.finding_count; ++i)
    if (shared.findings[i].kind == static_cast<std::uint8_t>(kind) && shared.findings[i].place == place) return nullptr;
  if (shared.finding_count == runtime::kMaxFindings) return nullptr;
  // After a race the execution goes on: what it leads to must find room.
  if (kind == Kind::data_race && shared.finding_count >= runtime::kMostRaces) return nullptr;
  report::RawFinding& finding = shared.findings[shared.finding_count];
  finding = report::RawFinding{};
  finding.kind = static_cast<std::uint8_t>(kind);
  finding.thread = runtime::self().id;
  finding.other = 0xffff;
  finding.tick = static_cast<std::uint32_t>(rt.tick);
  finding.address = reinterpret_cast<std::uint64_t>(object);
  finding.pc = pc;
  finding.stack = runtime::self().frame;
  finding.place = place;
  runtime::event(runtime::Op::finding, object, pc, shared.finding_count);
  ++shared.finding_count;
  return &finding;
}

void set_message(report::RawFinding& finding, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(finding.message, sizeof finding.message, format, arguments);
  va_end(arguments);
}

}  // namespace racecourse::detect

namespace racecourse::runtime {

namespace {

void record_message(Kind kind, std::uint64_t pc, const void* object, const char* format, va_list arguments) {
  if (report::RawFinding* finding = detect::add_finding(kind, pc, object, pc))
    std::vsnprintf(finding->message, sizeof finding->message, format, arguments);
}

}  // namespace

void record(Kind kind, std::uint64_t pc, const void* object, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  record_message(kind, pc, object, format, arguments);
  va_end(arguments);
}

namespace {

[[noreturn]] void cut_short() {
  if (rt.recording && rt.executing) rt.strategy->leaves_threads();
  end_execution();
}

}  // namespace

void fail(Kind kind, std::uint64_t pc, const void* object, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  record_message(kind, pc, object, format, arguments);
  va_end(arguments);
  cut_short();
}

void fail_at(Kind kind, const char* file, int line, const char* message) {
  std::uint64_t place = static_cast<std::uint64_t>(line);
  for (const char* c = file; *c != '\0'; ++c) place = place * 31 + static_cast<unsigned char>(*c);
  if (report::RawFinding* finding = detect::add_finding(kind, 0, nullptr, place)) {
    std::snprintf(finding->file, sizeof finding->file, "%s", file);
    finding->line = line;
    std::snprintf(finding->message, sizeof finding->message, "%s", message);
  }
  cut_short();
}

void end_execution() {
  // The other fibers are dropped where they are: unwinding them would run the body's destructors in a world that has
  // already failed.
  rt.executing = false;
  void* ignored;
  racecourse_switch(&ignored, rt.host.stack_pointer, rt.host.fs_base);
  __builtin_unreachable();
}

}  // namespace racecourse::runtime
