// `racecourse lab`: the course kit. What it works with is in scenarios/lab/.
#pragma once

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
int lab_replay(const std::string& name, const std::string& check, const std::string& token);
int lab_hint(const std::string& name, const std::string& command);
int lab_reset(const std::string& name);
int lab_skip(const std::string& name, const std::string& command);

// The instructor's.
struct GradeRequest {
  std::vector<std::string> submissions;  // folders: workspaces, or such as hold the file alone
  std::vector<std::string> names;        // exercises; none: those that were handed in
  std::string out, junit, csv;           // where the results go; empty: nowhere
  bool unsafe = false;                   // run the code of others as the caller
};
int lab_grade(const GradeRequest& request);
int lab_verify(const std::vector<std::string>& names, bool texts_only, bool unsafe);
int lab_confines();
int lab_export(const std::string& folder, const std::vector<std::string>& names, const std::string& language,
               const std::string& command);

}  // namespace racecourse::command
