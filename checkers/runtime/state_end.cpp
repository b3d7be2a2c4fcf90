// The last page of the runtime's variables, so that nobody else's share one with them: what does is put back before
// every execution, whether the body wrote it or not. Must be linked after all other files that have such variables.
namespace racecourse::runtime {

extern char state_end[];
alignas(4096) [[gnu::section("racecourse_state"), gnu::used]] char state_end[4096] = {};

}  // namespace racecourse::runtime
