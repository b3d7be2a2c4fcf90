// A program of the explore link, asked where the threads of one body stand under given decisions.
#pragma once

#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/steered.h>
#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace racecourse::command {

class SteeredProgram {
 public:
  // Starts it and waits until the body can be steered. Throws BadRequest if the program refuses. `name`: of the body,
  // for a person; `arguments`: the program, and what makes it serve the body (see steered.h).
  SteeredProgram(std::string name, std::vector<std::string> arguments);
  // racecourse-explore.
  explicit SteeredProgram(const Entry& entry);
  ~SteeredProgram();
  SteeredProgram(const SteeredProgram&) = delete;
  SteeredProgram& operator=(const SteeredProgram&) = delete;

  // As the functions of racecourse::Steering. Each throws std::runtime_error if the program gives no answer.
  Position after(const std::vector<Turn>& turns);
  Position run_on(const std::vector<Turn>& turns);
  std::optional<Hint> toward(const std::string& token, const std::vector<Turn>& turns);
  std::optional<Finding> replay(const std::string& token);

 private:
  catalogue::Answer ask(const catalogue::Question& question);
  std::string read_line();
  [[noreturn]] void fail();

  const std::string name_;
  int channel_ = -1;
  int errors_ = -1;  // what it says on standard error
  pid_t child_ = -1;
  std::string buffer_;
};

}  // namespace racecourse::command
