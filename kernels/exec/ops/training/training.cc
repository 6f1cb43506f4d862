#include "kernels/exec/ops/training/training.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"

namespace hone {
namespace {

enum class Rule { kAdagrad, kAdam, kMomentum, kNesterov };

struct Optimizer {
  Rule rule = Rule::kAdam;
  double alpha = 0, beta = 0, epsilon = 0, decay = 0;
  double norm = 0, norm_after = 0;

  // What a parameter has beside itself and its gradient.
  size_t states() const { return rule == Rule::kAdam ? 2 : 1; }

  // One step of one element, with g' = norm x + g:
  //   Adagrad   h += g'^2, x -= r / (1 + t decay) g' / (sqrt(h) + epsilon)
  //   Momentum  v = alpha v + beta' g', x -= r v; beta' is 1 at t = 0
  //   Nesterov  the same v, x -= r (g' + alpha v)
  //   Adam      v = alpha v + (1 - alpha) g', h = beta h + (1 - beta) g'^2,
  //             x -= r' v / (sqrt(h) + epsilon), then x *= 1 - norm_after,
  //             r' = r sqrt(1 - beta^t) / (1 - alpha^t) for t > 0
  void Step(double r, double t, double g, double& x, double& v,
            double* h) const {
    g += norm * x;
    switch (rule) {
      case Rule::kAdagrad:
        v += g * g;
        x -= r / (1 + t * decay) * g / (std::sqrt(v) + epsilon);
        break;
      case Rule::kMomentum:
      case Rule::kNesterov:
        v = alpha * v + (t > 0 ? beta : 1) * g;
        x -= r * (rule == Rule::kNesterov ? g + alpha * v : v);
        break;
      case Rule::kAdam: {
        v = alpha * v + (1 - alpha) * g;
        *h = beta * *h + (1 - beta) * g * g;
        const double rate = t > 0 ? r * std::sqrt(1 - std::pow(beta, t)) /
                                        (1 - std::pow(alpha, t))
                                  : r;
        x = (1 - norm_after) * (x - rate * v / (std::sqrt(*h) + epsilon));
        break;
      }
    }
  }

  // Inputs: r, t, all x, all g, all v, all h; outputs: all x, all v, all h.
  absl::Status Run(const Node& node, const std::string& label,
                   const KernelContext& context) const {
    const size_t each = 2 + states();
    const size_t inputs = context.inputs.size();
    if (inputs < 2 + each || (inputs - 2) % each != 0 ||
        context.results.size() != (inputs - 2) / each * (1 + states())) {
      return NodeError(node, "inputs and outputs",
                       absl::StrCat("2 and ", each, " for each parameter"),
                       absl::StrCat(inputs));
    }
    const size_t count = (inputs - 2) / each;
    std::vector<std::vector<double>> in;
    for (const TensorView& view : context.inputs) {
      HONE_ASSIGN_OR_RETURN(std::vector<double> numbers,
                            ReadNumbers(label, view));
      in.push_back(std::move(numbers));
    }
    if (in[0].size() != 1 || in[1].size() != 1) {
      return NodeError(node, "rate and step count", "one number each");
    }
    for (size_t p = 0; p < count; ++p) {
      std::vector<double>& x = in[2 + p];
      const std::vector<double>& g = in[2 + count + p];
      std::vector<double>& v = in[2 + 2 * count + p];
      std::vector<double>* h = states() == 2 ? &in[2 + 3 * count + p] : nullptr;
      if (g.size() != x.size() || v.size() != x.size() ||
          (h != nullptr && h->size() != x.size())) {
        return NodeError(node, "extents of gradient and state",
                         "the parameter's");
      }
      for (size_t i = 0; i < x.size(); ++i) {
        Step(in[0][0], in[1][0], g[i], x[i], v[i],
             h == nullptr ? nullptr : &(*h)[i]);
      }
      for (size_t s = 0; s < 1 + states(); ++s) {
        const size_t at = s == 0 ? 2 + p : 2 + (s + 1) * count + p;
        const TensorView& like = context.inputs[at];
        HONE_ASSIGN_OR_RETURN(
            Tensor y, TensorOfNumbers(label, like.dtype, like.dims, in[at]));
        context.results[s * count + p] = std::move(y);
      }
    }
    return absl::OkStatus();
  }
};

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeOptimizer(const KernelSpec& spec) {
  static constexpr absl::string_view kModes[] = {"standard", "nesterov"};
  AttributeReader read(*spec.node);
  Optimizer optimizer;
  optimizer.norm = read.Float("norm_coefficient", 0);
  if (spec.node->op_type == "Adagrad") {
    optimizer.rule = Rule::kAdagrad;
    optimizer.decay = read.Float("decay_factor", 0);
    optimizer.epsilon = read.Float("epsilon", 1e-6f);
  } else if (spec.node->op_type == "Momentum") {
    optimizer.rule =
        read.Choice("mode", "standard", absl::MakeConstSpan(kModes)) == 1
            ? Rule::kNesterov
            : Rule::kMomentum;
    optimizer.alpha = read.Float("alpha", 0);
    optimizer.beta = read.Float("beta", 0);
  } else {
    optimizer.alpha = read.Float("alpha", 0.9f);
    optimizer.beta = read.Float("beta", 0.999f);
    optimizer.epsilon = read.Float("epsilon", 1e-6f);
    optimizer.norm_after = read.Float("norm_coefficient_post", 0);
  }
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  return MakeFunctionKernel(
      {"optimizer", false, true},
      [optimizer, node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return optimizer.Run(node, label, context);
      });
}

}  // namespace hone
