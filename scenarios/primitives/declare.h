// Short names for the declarations of one primitive's variants.
#pragma once

#include <racecourse/scenarios/catalogue.h>

#include <functional>
#include <map>
#include <string>
#include <utility>

namespace racecourse::catalogue {

class Primitive {
 public:
  explicit Primitive(std::string name) : name_(std::move(name)) {}

  // Nothing may be found, by explore and by tsan; Relacy sees only what is written with the alias header.
  Entry right(std::string variant, std::string summary, std::function<void()> body, Expectation relacy) const {
    Entry made = entry(std::move(variant), std::move(summary), std::move(body));
    made.expected = {
        {Checker::explore, finds_nothing()}, {Checker::tsan, finds_nothing()}, {Checker::relacy, std::move(relacy)}};
    return made;
  }

  Entry broken(std::string variant, std::string summary, std::function<void()> body,
               std::map<Checker, Expectation> expected) const {
    Entry made = entry(std::move(variant), std::move(summary), std::move(body));
    made.broken = true;
    made.expected = std::move(expected);
    return made;
  }

 private:
  Entry entry(std::string variant, std::string summary, std::function<void()> body) const {
    Entry made;
    made.scenario = name_;
    made.variant = std::move(variant);
    made.family = "primitive";
    made.summary = std::move(summary);
    made.body = std::move(body);
    return made;
  }

  std::string name_;
};

// For a variant that is declared to hang on real threads, so that the catch does not cost the whole default deadline. A
// run that ends takes milliseconds.
inline Entry hangs(Entry entry) {
  entry.options.deadline_seconds = 2;
  return entry;
}

inline Expectation no_std_types() {
  return not_run("it is built on std types and plain data, which Relacy does not see");
}

}  // namespace racecourse::catalogue
