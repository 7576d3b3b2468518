// A validator for the part of JSON Schema that report.schema.json uses. A keyword it does not know is an error, so that
// the schema cannot promise more than is checked.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

namespace assay::reports::test {

class SchemaCheck {
 public:
  explicit SchemaCheck(nlohmann::json schema) : root_(std::move(schema)) {}

  // What is wrong, a line each; empty when the value is valid.
  [[nodiscard]] std::vector<std::string> problems(const nlohmann::json& value) const {
    std::vector<std::string> found;
    check(root_, value, "$", found);
    return found;
  }

 private:
  using Problems = std::vector<std::string>;

  static bool has_type(const nlohmann::json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_boolean();
    return type == "null" && value.is_null();
  }

  void check(const nlohmann::json& schema, const nlohmann::json& value, const std::string& at, Problems& found) const {
    for (const auto& [key, rule] : schema.items()) {
      if (key == "type") {
        if (!has_type(value, rule.get<std::string>())) found.push_back(at + " is no " + rule.get<std::string>());
      } else if (key == "required") {
        for (const auto& field : rule) {
          if (!value.contains(field.get<std::string>())) found.push_back(at + " lacks " + field.get<std::string>());
        }
      } else if (key == "properties") {
        for (const auto& [field, inner] : rule.items()) {
          if (value.contains(field)) check(inner, value.at(field), at + "." + field, found);
        }
      } else if (key == "items") {
        for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
          check(rule, value[i], at + "[" + std::to_string(i) + "]", found);
        }
      } else if (key == "enum") {
        if (std::find(rule.begin(), rule.end(), value) == rule.end()) found.push_back(at + " is none of the values");
      } else if (key == "const") {
        if (rule != value) found.push_back(at + " is another constant");
      } else if (key == "minimum") {
        if (value.is_number() && value.get<double>() < rule.get<double>()) found.push_back(at + " is too small");
      } else if (key == "minItems") {
        if (value.size() < rule.get<std::size_t>()) found.push_back(at + " has too few items");
      } else if (key == "pattern") {
        if (value.is_string() && !std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>()))) {
          found.push_back(at + " does not match the pattern");
        }
      } else if (key == "$ref") {
        check(root_.at(nlohmann::json::json_pointer(rule.get<std::string>().substr(1))), value, at, found);
      } else if (key == "anyOf") {
        const bool any = std::any_of(rule.begin(), rule.end(), [&](const nlohmann::json& one) {
          Problems inner;
          check(one, value, at, inner);
          return inner.empty();
        });
        if (!any) found.push_back(at + " is valid under none of the schemas");
      } else if (key != "$schema" && key != "$defs" && key != "title" && key != "description") {
        found.push_back("the schema uses " + key + ", which is not checked");
      }
    }
  }

  nlohmann::json root_;
};

}  // namespace assay::reports::test
