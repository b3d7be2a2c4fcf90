// `racecourse measure`: the program beside this one that times things.
#include <racecourse/scenarios/racecourse/commands.h>
#include <racecourse/scenarios/racecourse/place.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace racecourse::command {

int measure(const MeasureRequest& request) {
  std::string program = program_of_link("measure");
  if (access(program.c_str(), X_OK) != 0) throw BadRequest("this catalogue has nothing to measure");
  std::vector<char*> argv{program.data()};
  std::vector<std::string> arguments = request.arguments;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  execv(program.c_str(), argv.data());
  throw BadRequest("cannot run " + program + ": " + std::strerror(errno));
}

}  // namespace racecourse::command
