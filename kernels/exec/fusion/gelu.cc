#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "kernels/exec/fusion/fusions.h"
#include "kernels/exec/fusion/node_table.h"
#include "kernels/exec/fusion/scale.h"
#include "kernels/exec/ops/registry.h"

namespace hone {
namespace {

bool Near(float a, float b) { return std::abs(a - b) <= 1e-5f * std::abs(b); }

// A product of constants, of 1 + erf(x / sqrt 2), and of other values.
struct Factors {
  float constant = 1;
  std::string erf_of;  // x; "" as long as there is none
  std::vector<std::string> others;
  std::vector<int> nodes;
};

// 1 + Erf(x / sqrt 2), made at `add`.
bool AddErf(const NodeTable& table, int add, Factors& factors) {
  const Node& sum = table.node(add);
  if (!sum.Is("Add") || sum.inputs.size() != 2 || !factors.erf_of.empty()) {
    return false;
  }
  for (int i = 0; i < 2; ++i) {
    float one = 0;
    if (!table.ScalarConstant(sum.inputs[i], &one) || one != 1) continue;
    const int erf = OwnProducer(table, sum.inputs[1 - i], add);
    if (erf < 0 || !table.node(erf).Is("Erf")) return false;
    const int scale = OwnProducer(table, table.node(erf).inputs[0], erf);
    float factor = 0;
    std::string x;
    if (scale < 0 || !ScaleOf(table, table.node(scale), &factor, &x) ||
        !Near(factor, 0.70710678f)) {
      return false;
    }
    factors.erf_of = x;
    factors.nodes.insert(factors.nodes.end(), {scale, erf, add});
    return true;
  }
  return false;
}

// What is multiplied at node `at`, and below as far as nobody else reads it.
void Collect(const NodeTable& table, int at, Factors& factors) {
  factors.nodes.push_back(at);
  std::vector<std::string> inputs = table.node(at).inputs;
  float constant = 1;
  std::string other;
  if (ScaleOf(table, table.node(at), &constant, &other)) {
    factors.constant *= constant;
    inputs = {other};
  }
  for (const std::string& input : inputs) {
    const int maker = OwnProducer(table, input, at);
    if (maker >= 0 && AddErf(table, maker, factors)) continue;
    const bool product =
        maker >= 0 && (table.node(maker).Is("Mul") ||
                       ScaleOf(table, table.node(maker), &constant, &other));
    if (product) {
      Collect(table, maker, factors);
    } else {
      factors.others.push_back(input);
    }
  }
}

bool FuseAt(NodeTable& table, int at) {
  const Node& node = table.node(at);
  float ignored = 1;
  std::string other;
  if (!node.Is("Mul") && !ScaleOf(table, node, &ignored, &other)) return false;
  Factors factors;
  Collect(table, at, factors);
  if (factors.erf_of.empty() || !Near(factors.constant, 0.5f) ||
      factors.others != std::vector<std::string>{factors.erf_of} ||
      table.TypeOf(factors.erf_of).dtype != DType::kF32) {
    return false;
  }
  Node fused;
  fused.op_type = "Gelu";
  fused.name = node.name;
  fused.inputs = {factors.erf_of};
  fused.outputs = {node.outputs[0]};
  std::sort(factors.nodes.begin(), factors.nodes.end());
  factors.nodes.erase(
      std::find(factors.nodes.begin(), factors.nodes.end(), at));
  table.Replace(at, std::move(fused), factors.nodes);
  return true;
}

}  // namespace

int FuseGelu(FusionGraph& graph) {
  if (FindKernel("", "Gelu") == nullptr) return 0;
  NodeTable table(graph);
  int made = 0;
  // The outermost product first, which takes in the whole.
  for (int i = table.size() - 1; i >= 0; --i) made += FuseAt(table, i) ? 1 : 0;
  table.Finish();
  return made;
}

}  // namespace hone
