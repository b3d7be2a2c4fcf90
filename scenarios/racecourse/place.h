// Where the command's other files are, in a build folder as when installed.
#pragma once

#include <string>

namespace racecourse::command {

// The program of a link ("explore", "tsan", "relacy"). The programs are called like the command and stand beside it:
// first where it was started, since a project has a link to the installed command beside the programs of its own
// catalogue; then where it is. An installed command has those of our catalogue in libexec/racecourse.
std::string program_of_link(const std::string& link);

// A file that is installed in share/racecourse, as in "new/CMakeLists.txt.in". Throws std::runtime_error if it cannot
// be read.
std::string shared_file(const std::string& name);

// The folder of the headers, which are included as <racecourse/...>: the names below it are those of the sources.
std::string header_folder();

// The folder that Racecourse is installed in, or "" if this command is in its build folder.
std::string installed_prefix();

// The folder of the running program.
std::string own_folder();

}  // namespace racecourse::command
