#include <racecourse/checkers/schedule/objects.h>
#include <racecourse/checkers/schedule/trace_name.h>

namespace racecourse::schedule {

TraceName::TraceName(Arena* arena)
    : of_step_(InArena<StateName>(arena)),
      of_thread_(InArena<StateName>(arena)),
      objects_(InArena<std::pair<const std::uint64_t, Object>>(arena)) {}

void TraceName::begin() {
  of_step_.clear();
  of_thread_.clear();
  objects_.clear();
  name_ = {};
}

StateName TraceName::of_thread(int thread) const {
  const auto i = static_cast<std::size_t>(thread);
  return thread < 0 || i >= of_thread_.size() ? StateName{} : of_thread_[i];
}

void TraceName::add_step(const Trace& trace, std::uint32_t i) {
  const Step& step = trace.step(i);
  if (of_thread_.size() <= step.thread) of_thread_.resize(step.thread + 1u, StateName{});
  StateName name = of_thread_[step.thread];
  if (step.position == 1 && step.enabled_by < 0) name.mix(step.thread);  // nobody started it
  name.mix(1);
  if (step.enabled_by >= 0) name.mix(of_step_[static_cast<std::size_t>(step.enabled_by)]);
  for (const Answer& answer : trace.answers(i)) name.mix(answer.value + 1);
  const Footprint made = trace.footprint(i);
  for (const Effect& effect : made.effects) {
    if (effect.object == kThreads.object) continue;
    const Object& object = objects_[effect.object];
    for (unsigned at = 0; at < 8; at++) {
      if ((effect.bytes >> at & 1) == 0) continue;
      const Byte& byte = object.bytes[at];
      name.mix(byte.write);
      if (is_write(effect.touch) || effect.touch == Touch::add) name.mix(byte.reads);
      if (effect.touch != Touch::add) name.mix(byte.adds);
    }
  }
  for (const Effect& effect : made.effects) {
    if (effect.object == kThreads.object) continue;
    Object& object = objects_[effect.object];
    for (unsigned at = 0; at < 8; at++) {
      if ((effect.bytes >> at & 1) == 0) continue;
      Byte& byte = object.bytes[at];
      if (is_write(effect.touch))
        byte = {name, {}, {}};
      else
        (effect.touch == Touch::add ? byte.adds : byte.reads).add(name);
    }
  }
  of_thread_[step.thread] = name;
  of_step_.push_back(name);
  name_.add(name);
}

}  // namespace racecourse::schedule
