// What the two processes of a confirmation say to each other, as text.
#pragma once

#include <racecourse/checkers/control/confirm.h>

#include <string>
#include <vector>

namespace racecourse::control {

std::string to_text(const ConfirmRequest& request);
// Throws std::exception if the text is not a request.
ConfirmRequest request_from_text(const std::string& text);

struct ConfirmAnswer {
  std::string problem;  // empty: `finding` was found
  Finding finding;
  std::vector<report::EventLine> steps;  // if there is a problem: what the execution did
};
std::string to_text(const ConfirmAnswer& answer);
ConfirmAnswer answer_from_text(const std::string& text);

}  // namespace racecourse::control
