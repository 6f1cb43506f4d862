#include "ir/rewrite/unlist_initializers.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"

namespace hone {
namespace {

constexpr int64_t kInitializersAreConstants = 4;  // IR version

}  // namespace

void UnlistInitializers(Model* model) {
  if (model->ir_version >= kInitializersAreConstants) return;
  absl::flat_hash_set<std::string> names;
  for (const Initializer& initializer : model->graph.initializers) {
    names.insert(initializer.name);
  }
  std::vector<ValueInfo> inputs;
  for (ValueInfo& input : model->graph.inputs) {
    if (!names.contains(input.name)) inputs.push_back(std::move(input));
  }
  model->graph.inputs = std::move(inputs);
  model->ir_version = kInitializersAreConstants;
}

}  // namespace hone
