#include <racecourse/checkers/report/call_target.h>

#include <cstring>

namespace racecourse::report {
namespace {

// x86-64. All displacements are relative to the next instruction.
constexpr unsigned char kCall = 0xe8;                                // call rel32
constexpr unsigned char kIndirect = 0xff;                            // with one of these:
constexpr unsigned char kCallSlot = 0x15, kJumpSlot = 0x25;          // call, jmp *rel32(%rip)
constexpr unsigned char kBranchTarget[] = {0xf3, 0x0f, 0x1e, 0xfa};  // endbr64
constexpr unsigned char kBound = 0xf2;                               // prefix of a jmp

std::uint64_t relative(const unsigned char* next) {
  std::int32_t distance = 0;
  std::memcpy(&distance, next - sizeof distance, sizeof distance);
  return reinterpret_cast<std::uint64_t>(next) + static_cast<std::uint64_t>(static_cast<std::int64_t>(distance));
}

std::uint64_t in_slot(std::uint64_t address) {
  std::uint64_t target = 0;
  std::memcpy(&target, reinterpret_cast<const void*>(address), sizeof target);
  return target;
}

}  // namespace

std::uint64_t call_target(std::uint64_t return_address) {
  const auto* next = reinterpret_cast<const unsigned char*>(return_address);
  if (next[-6] == kIndirect && next[-5] == kCallSlot) return in_slot(relative(next));
  return next[-5] == kCall ? relative(next) : 0;
}

std::uint64_t behind_stub(std::uint64_t function) {
  const auto* code = reinterpret_cast<const unsigned char*>(function);
  if (std::memcmp(code, kBranchTarget, sizeof kBranchTarget) == 0) code += sizeof kBranchTarget;
  if (*code == kBound) ++code;
  return code[0] == kIndirect && code[1] == kJumpSlot ? in_slot(relative(code + 6)) : function;
}

}  // namespace racecourse::report
