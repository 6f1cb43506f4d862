// Prints every row of the operator tables as one JSON object a line, for
// check_op_tables.py.
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "ir/ops/op_info.h"

int main() {
  for (const hone::OpInfo* op : hone::AllOps()) {
    nlohmann::json attributes = nlohmann::json::array();
    for (const hone::AttributeInfo& attribute : op->attributes) {
      attributes.push_back({{"name", std::string(attribute.name)},
                            {"kind", static_cast<int>(attribute.kind)},
                            {"required", attribute.required}});
    }
    // -1: no bound.
    const auto bound = [](int count) {
      return count >= hone::kVariadic ? -1 : count;
    };
    std::cout << nlohmann::json(
                     {{"domain", std::string(op->domain)},
                      {"op", std::string(op->op_type)},
                      {"since", op->since},
                      {"inputs", {op->min_inputs, bound(op->max_inputs)}},
                      {"outputs", {op->min_outputs, bound(op->max_outputs)}},
                      {"attributes", attributes},
                      {"infers", op->infer != nullptr}})
              << "\n";
  }
  return 0;
}
