#include "kernels/exec/ops/random/random.h"

#include <cmath>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/random/random.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/shapes.h"

namespace hone {
namespace {

// The attribute `seed`, a float or an integer, else FNV-1a of the node's name.
uint32_t SeedOf(const Node& node) {
  if (const Attribute* seed = node.FindAttribute("seed")) {
    if (const auto* number = std::get_if<int64_t>(&seed->data)) {
      return static_cast<uint32_t>(*number);
    }
    if (const auto* number = std::get_if<float>(&seed->data);
        number != nullptr && std::abs(*number) < 9e18f) {
      return static_cast<uint32_t>(static_cast<int64_t>(*number));
    }
  }
  uint32_t hash = 2166136261u;
  for (const char c : NodeLabel(node)) {
    hash = (hash ^ static_cast<uint8_t>(c)) * 16777619u;
  }
  return hash;
}

// One number of an input, `otherwise` when it is absent.
absl::StatusOr<double> Scalar(const std::string& label,
                              const KernelContext& context, size_t index,
                              double otherwise) {
  if (index >= context.inputs.size() || !context.inputs[index].present()) {
    return otherwise;
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<double> numbers,
                        ReadNumbers(label, context.inputs[index]));
  HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of a number", 1,
                                   static_cast<int64_t>(numbers.size())));
  return numbers[0];
}

struct DropoutOptions {
  double ratio = 0.5;
  uint32_t seed = 0;
};

// y = x * mask / (1 - ratio), mask 1 where a number of [0, 1) is not below
// ratio; y = x and a mask of ones outside training.
absl::Status RunDropout(const DropoutOptions& options, const std::string& label,
                        const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
  HONE_ASSIGN_OR_RETURN(std::vector<double> x,
                        ReadNumbers(label, context.inputs[0]));
  HONE_ASSIGN_OR_RETURN(const double ratio,
                        Scalar(label, context, 1, options.ratio));
  HONE_ASSIGN_OR_RETURN(const double training, Scalar(label, context, 2, 0));
  if (!(ratio >= 0 && ratio < 1)) {
    return MakeError(absl::StatusCode::kInvalidArgument, "ratio of Dropout",
                     {"", label, "at least 0, below 1", absl::StrCat(ratio)});
  }
  std::vector<double> mask(x.size(), 1);
  if (training != 0 && ratio > 0) {
    RandomNumbers random(options.seed);
    const double scale = 1 / (1 - ratio);
    for (size_t i = 0; i < x.size(); ++i) {
      mask[i] = random.Uniform() >= ratio ? 1 : 0;
      x[i] *= mask[i] * scale;
    }
  }
  if (context.outputs.size() > 1) {
    HONE_RETURN_IF_ERROR(WriteNumbers(label, mask, context.outputs[1]));
  }
  return WriteNumbers(label, x, context.outputs[0]);
}

// Samples classes by log-probabilities x [batch, classes].
absl::Status RunMultinomial(uint32_t seed, const std::string& label,
                            const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> x,
                        ReadNumbers(label, context.inputs[0]));
  const Dims& dims = context.inputs[0].dims;
  const MutableTensorView& y = context.outputs[0];
  HONE_RETURN_IF_ERROR(ExpectEqual(label, "rank of the input", 2,
                                   static_cast<int64_t>(dims.size())));
  HONE_RETURN_IF_ERROR(ExpectEqual(label, "rank of the output", 2,
                                   static_cast<int64_t>(y.dims.size())));
  HONE_RETURN_IF_ERROR(ExpectEqual(label, "batch", dims[0], y.dims[0]));
  RandomNumbers random(seed);
  std::vector<double> samples;
  const auto classes = static_cast<size_t>(dims[1]);
  for (int64_t b = 0; b < dims[0]; ++b) {
    std::vector<double> sums(classes);
    double sum = 0;
    for (size_t c = 0; c < classes; ++c) {
      sum += std::exp(x[static_cast<size_t>(b) * classes + c]);
      sums[c] = sum;
    }
    for (int64_t s = 0; s < y.dims[1]; ++s) {
      const double at = random.Uniform() * sum;
      size_t c = 0;
      while (c + 1 < classes && sums[c] <= at) ++c;
      samples.push_back(static_cast<double>(c));
    }
  }
  return WriteNumbers(label, samples, y);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeRandom(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const bool normal = spec.node->op_type.find("Normal") != std::string::npos;
  const double offset = normal ? read.Float("mean", 0) : read.Float("low", 0);
  const double range =
      normal ? read.Float("scale", 1) : read.Float("high", 1) - offset;
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  return MakeFunctionKernel(
      {"random"},
      [normal, offset, range, seed = SeedOf(*spec.node),
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        RandomNumbers random(seed);
        std::vector<double> y(static_cast<size_t>(context.outputs[0].size));
        for (double& value : y) {
          value =
              offset + range * (normal ? random.Normal() : random.Uniform());
        }
        return WriteNumbers(label, y, context.outputs[0]);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeBernoulli(const KernelSpec& spec) {
  return MakeFunctionKernel(
      {"bernoulli"},
      [seed = SeedOf(*spec.node), label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        HONE_ASSIGN_OR_RETURN(std::vector<double> x,
                              ReadNumbers(label, context.inputs[0]));
        RandomNumbers random(seed);
        for (double& value : x) value = random.Uniform() < value ? 1 : 0;
        return WriteNumbers(label, x, context.outputs[0]);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeMultinomial(
    const KernelSpec& spec) {
  return MakeFunctionKernel({"multinomial"}, [seed = SeedOf(*spec.node),
                                              label = NodeLabel(*spec.node)](
                                                 const KernelContext& context) {
    return RunMultinomial(seed, label, context);
  });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeDropout(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  DropoutOptions options;
  options.ratio = read.Float("ratio", 0.5f);
  options.seed = SeedOf(*spec.node);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"dropout"},
      [options, label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunDropout(options, label, context);
      });
}

}  // namespace hone
