// File names for people: never a path of the machine that built the program.
#pragma once

#include <string>

namespace racecourse::report {

struct Place;

// Relative to the current directory or to the compile directory when inside it, else the last two components.
std::string readable_path(const std::string& file, const std::string& compile_directory);

// "dir/account.h:31", or "" if the file is unknown.
std::string where(const Place& place);
// "account.h:31", for narrow columns.
std::string short_where(const Place& place);

}  // namespace racecourse::report
