// How this program was started, and how a person starts it again.
#pragma once

#include <racecourse/checkers/explore.h>

#include <string>
#include <vector>

namespace racecourse::control {

// The arguments as the kernel keeps them, so that a framework which removes its own from argv changes nothing. Empty
// if they cannot be read.
std::vector<std::string> original_arguments();

// The program's file name without its folder.
std::string program_name();

// As one word of a POSIX shell.
std::string shell_quoted(const std::string& word);

// What to paste into a shell to replay the token: `options.replay_command` with "{token}" replaced, or this program
// with RACECOURSE_OPTIONS, running just the test. `base` is what the program asks for by itself.
std::string replay_command(const Options& options, const Options& base, const std::string& token,
                           const std::string& test, unsigned call);

}  // namespace racecourse::control
