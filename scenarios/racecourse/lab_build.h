// What the student's commands share: which exercise is meant, and building its checks.
#pragma once

#include <racecourse/scenarios/lab/process.h>
#include <racecourse/scenarios/lab/workspace.h>

#include <filesystem>
#include <string>

namespace racecourse::command {

// The one of that name, or the current one. Throws BadRequest if there is none in the workspace.
const lab::Exercise& meant(const lab::Workspace& workspace, const std::string& name);

// Builds the checks with the student's file. Empty: they are built; otherwise what the compiler said.
std::string build_mine(const lab::Workspace& workspace, const lab::Exercise& exercise);
std::filesystem::path program_of_mine(const lab::Workspace& workspace, const lab::Exercise& exercise);

// Builds them with the code that was handed out, in a folder of its own in the workspace, whatever the student has made
// of it, and returns the program. Throws BadRequest if it cannot be built.
std::filesystem::path build_handed_out(const lab::Workspace& workspace, const lab::Exercise& exercise);

// Builds the student's test with the own code, or with the code that was handed out.
enum class Code { mine, handed_out };
struct Built {
  std::string errors;  // empty: it is built
  std::filesystem::path program;
};
Built build_test(const lab::Workspace& workspace, const lab::Exercise& exercise, Code code);

// A line of a check: "ok" or "NO", what it is about, its name, and what came of it.
void print_row(bool passed, const char* rung, const std::string& name, const std::string& text);

lab::Job check_job(const lab::Workspace& workspace);

}  // namespace racecourse::command
