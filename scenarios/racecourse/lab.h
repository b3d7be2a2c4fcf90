// `racecourse lab`: the course kit. What it works with is in scenarios/lab/.
#pragma once

#include <racecourse/scenarios/lab/workspace.h>
#include <racecourse/scenarios/racecourse/play_loop.h>

#include <string>
#include <vector>

namespace racecourse::command {

// `arguments`: what follows "lab" on the command line; `command`: how the user started the racecourse command.
int lab(const std::vector<std::string>& arguments, const std::string& command);

// The student's commands; `name` may be empty: the current exercise.
int lab_start(const std::string& folder, const std::vector<std::string>& names, const std::string& language,
              const std::string& command);
int lab_list(bool markdown);
int lab_status(const std::string& command);
int lab_check(const std::string& name, const std::string& command);
int lab_watch(const std::string& name, const std::string& command);
int lab_step(const std::string& name);
// Plays the code that was handed out; a schedule that reaches the bug is kept, to be handed in.
int lab_play(const std::string& name, const HowToPlay& how, const std::string& command);
// Plays the own code in the check that failed last.
int lab_take_over(const std::string& name, const HowToPlay& how, const std::string& command);
int lab_judge(const std::string& name, const std::string& command);
struct ReplayOfCheck {
  std::string name, check, token;
  bool handed_out = false;  // not the student's own code
};
int lab_replay(const ReplayOfCheck& request);
int lab_hint(const std::string& name, const std::string& command);
int lab_reset(const std::string& name);
int lab_skip(const std::string& name, const std::string& command);

// Parts of a check. Replays the schedule that is handed in, and says what it shows; false if that is not the bug.
bool check_schedule(lab::Workspace& workspace, const lab::Exercise& exercise);
// Tries the student's test, if one was written, on the own code, which is right if `green`, and on what was handed out;
// false if it is wrong about one of them.
bool check_test(lab::Workspace& workspace, const lab::Exercise& exercise, bool green);
// Says what is right of what was judged: all of it once, and from then on how much.
void show_judgement(lab::Workspace& workspace, const lab::Exercise& exercise, const std::string& command);

// The instructor's.
struct GradeRequest {
  std::vector<std::string> submissions;  // folders: workspaces, or such as hold the file alone
  std::vector<std::string> names;        // exercises; none: those that were handed in
  std::vector<std::string> parts;  // "mend", "break", "judge", "test"; none: mend, and what somebody has handed in
  std::string out, junit, csv;     // where the results go; empty: nowhere
  bool unsafe = false;             // run the code of others as the caller
};
int lab_grade(const GradeRequest& request);
int lab_verify(const std::vector<std::string>& names, bool texts_only, bool unsafe);
int lab_confines();
int lab_export(const std::string& folder, const std::vector<std::string>& names, const std::string& language,
               const std::string& command);

}  // namespace racecourse::command
