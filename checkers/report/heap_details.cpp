// What the report says of misused memory: the access, and the life of the block.
#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/report/details.h>
#include <racecourse/checkers/report/heap_story.h>
#include <racecourse/checkers/report/paths.h>
#include <racecourse/checkers/runtime/heap_layout.h>

namespace racecourse::report {

void Details::heap_event(const char* what, const Event& event) {
  const UserPlace& user = stacks_.user(event);
  line(2, what + thread_title(trace_, event.thread) + (user.place != nullptr ? " at " + where(*user.place) : ""));
  if (!stacks_.frames(event.pc, event.stack).empty()) call_stack(event.pc, event.stack);
}

void Details::heap(std::size_t number) {
  const RawFinding& finding = trace_.findings[number];
  const Kind kind = static_cast<Kind>(finding.kind);
  if (kind != Kind::leak) {
    const Waits::Origin origin = messages_.origin(number);
    const std::string at = where(messages_.place(number));
    line(2, "in " + thread_title(trace_, finding.thread) + (at.empty() ? "" : " at " + at));
    if (!stacks_.frames(origin.pc, origin.stack).empty()) call_stack(origin.pc, origin.stack);
  }
  if (kind == Kind::use_after_free && !runtime::heap::in_arena(reinterpret_cast<const void*>(finding.address))) {
    // On the stack of a thread.
    if (finding.other != 0) creation(finding.other);
    if (finding.thread != 0) creation(finding.thread);
    return;
  }
  const HeapStory story = heap_story(trace_, number);
  if (story.freed) heap_event("freed by ", trace_.events[*story.freed]);
  if (story.allocated)
    heap_event("allocated by ", trace_.events[*story.allocated]);
  else
    line(2, "allocated before the execution began");
  if (finding.thread != 0) creation(finding.thread);
  if (story.freed && trace_.events[*story.freed].thread != 0) creation(trace_.events[*story.freed].thread);
}

}  // namespace racecourse::report
