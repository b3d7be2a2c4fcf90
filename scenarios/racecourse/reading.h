// Printing what there is to read: paragraphs for a terminal, the texts of a scenario or a primitive.
#pragma once

#include <racecourse/scenarios/racecourse/cells.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace racecourse::command {

// The texts of the scenario that `name`, with or without a variant, means; none if it is a primitive, whose story
// stands in its header. Throws BadRequest for an unknown name.
std::optional<catalogue::Scenario> scenario_called(const std::vector<Entry>& entries, std::string name);

void print_paragraph(std::string_view text, std::string_view indent = "");
// Nothing if there is no text.
void print_section(const char* heading, std::string_view text);
// Lines as they are, indented.
void print_code(const std::string& heading, const std::string& code);

// "primitives/lock/lock.h".
std::string contract_of(const std::string& primitive);

}  // namespace racecourse::command
