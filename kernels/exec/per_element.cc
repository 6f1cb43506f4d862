#include "kernels/exec/per_element.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/stack.h"

namespace hone {
namespace {

class SequenceMapKernel : public SubgraphKernel {
 public:
  SequenceMapKernel(const Node& node, Subgraph body)
      : SubgraphKernel(node), body_(std::move(body)) {}
  absl::string_view name() const override { return "sequence_map"; }

  absl::Status Run(const KernelContext& context) const override {
    const absl::Span<const Value> values =
        context.values.first(node_.inputs.size());
    if (values[0].kind() != Value::Kind::kSequence) {
      return RefuseNode(node_, "the first input", "a sequence",
                        "something else");
    }
    const size_t count = values[0].sequence().size();
    for (const Value& value : values) {
      if (value.kind() == Value::Kind::kSequence &&
          value.sequence().size() != count) {
        return RefuseNode(node_, "elements of a sequence", absl::StrCat(count),
                          absl::StrCat(value.sequence().size()));
      }
    }
    std::vector<std::vector<Value>> lists(context.results.size());
    Workspace workspace;
    for (size_t i = 0; i < count; ++i) {
      std::vector<Value> inputs;
      for (const Value& value : values) {
        inputs.push_back(value.kind() == Value::Kind::kSequence
                             ? value.sequence()[i]
                             : value);
      }
      HONE_ASSIGN_OR_RETURN(
          std::vector<Value> results,
          body_.Run(context, workspace, std::move(inputs), Outer(context)));
      for (size_t o = 0; o < lists.size(); ++o) {
        lists[o].push_back(std::move(results[o]));
      }
    }
    for (size_t o = 0; o < lists.size(); ++o) {
      context.results[o] = Value::Sequence(std::move(lists[o]));
    }
    return absl::OkStatus();
  }

 private:
  const Subgraph body_;
};

// Zeros behind the first axis, until it has `extent` places.
absl::StatusOr<Tensor> Padded(const Tensor& x, int64_t extent) {
  if (x.dims()[0] == extent) return x;
  Dims dims = x.dims();
  dims[0] = extent;
  absl::Span<std::byte> bytes;
  HONE_ASSIGN_OR_RETURN(Tensor y, Tensor::Allocate(x.dtype(), dims, &bytes));
  if (!x.bytes().empty()) {
    std::memcpy(bytes.data(), x.bytes().data(), x.bytes().size());
  }
  return y;
}

// Scan of opset 8: states and scanned inputs have a batch axis first, the
// scanned ones a sequence axis second; samples may have lengths of their own.
class BatchScanKernel : public SubgraphKernel {
 public:
  BatchScanKernel(const Node& node, Subgraph body, size_t scanned)
      : SubgraphKernel(node),
        body_(std::move(body)),
        scanned_(scanned),
        directions_(node.IntsAttribute("directions")) {}
  absl::string_view name() const override { return "scan.batch"; }

  absl::Status Run(const KernelContext& context) const override {
    const absl::Span<const Value> values =
        context.values.subspan(1, node_.inputs.size() - 1);
    const size_t states = values.size() - scanned_;
    for (size_t i = 0; i < values.size(); ++i) {
      const int rank = i < states ? 1 : 2;
      if (!values[i].is_tensor() || values[i].tensor().rank() < rank) {
        return RefuseNode(node_, "an input", "a tensor with a batch axis",
                          "something else");
      }
    }
    const Dims& first = values[states].tensor().dims();
    const int64_t batch = first[0], steps = first[1];
    HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> lengths,
                          Lengths(context, batch, steps));
    std::vector<std::vector<Tensor>> outputs(context.results.size());
    for (int64_t b = 0; b < batch; ++b) {
      HONE_RETURN_IF_ERROR(RunSample(context, values, states, b,
                                     lengths[static_cast<size_t>(b)], steps,
                                     outputs));
    }
    for (size_t o = 0; o < outputs.size(); ++o) {
      HONE_ASSIGN_OR_RETURN(Tensor stacked,
                            Stack(outputs[o], 0, body_.OutputType(o)));
      context.results[o] = std::move(stacked);
    }
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<std::vector<int64_t>> Lengths(const KernelContext& context,
                                               int64_t batch,
                                               int64_t steps) const {
    if (node_.Input(0).empty()) {
      return std::vector<int64_t>(static_cast<size_t>(batch), steps);
    }
    if (!context.values[0].is_tensor()) {
      return RefuseNode(node_, "lengths", "a tensor", "something else");
    }
    HONE_ASSIGN_OR_RETURN(std::vector<int64_t> lengths,
                          IntegerElements(context.values[0].tensor()));
    const bool fits =
        std::all_of(lengths.begin(), lengths.end(),
                    [&](int64_t n) { return n >= 0 && n <= steps; });
    if (static_cast<int64_t>(lengths.size()) != batch || !fits) {
      return RefuseNode(node_, "lengths", absl::StrCat(batch, " up to ", steps),
                        "others");
    }
    return lengths;
  }

  absl::Status RunSample(const KernelContext& context,
                         absl::Span<const Value> values, size_t states,
                         int64_t sample, int64_t length, int64_t steps,
                         std::vector<std::vector<Tensor>>& outputs) const {
    std::vector<Value> state;
    std::vector<Tensor> scans;
    for (size_t i = 0; i < values.size(); ++i) {
      HONE_ASSIGN_OR_RETURN(Tensor own, SliceAt(values[i].tensor(), 0, sample));
      if (i < states) {
        state.emplace_back(std::move(own));
      } else {
        scans.push_back(std::move(own));
      }
    }
    std::vector<std::vector<Tensor>> parts(outputs.size() - states);
    Workspace workspace;
    for (int64_t s = 0; s < length; ++s) {
      std::vector<Value> inputs = state;
      for (size_t i = 0; i < scans.size(); ++i) {
        const bool reverse = i < directions_.size() && directions_[i] != 0;
        HONE_ASSIGN_OR_RETURN(
            Tensor slice, SliceAt(scans[i], 0, reverse ? length - 1 - s : s));
        inputs.emplace_back(std::move(slice));
      }
      HONE_ASSIGN_OR_RETURN(
          std::vector<Value> results,
          body_.Run(context, workspace, std::move(inputs), Outer(context)));
      for (const Value& result : results) {
        if (!result.is_tensor()) {
          return RefuseNode(node_, "an output of the body", "a tensor",
                            "something else");
        }
      }
      for (size_t i = 0; i < states; ++i) state[i] = std::move(results[i]);
      for (size_t i = 0; i < parts.size(); ++i) {
        parts[i].push_back(results[states + i].tensor());
      }
    }
    for (size_t i = 0; i < states; ++i) {
      outputs[i].push_back(state[i].tensor());
    }
    for (size_t i = 0; i < parts.size(); ++i) {
      HONE_ASSIGN_OR_RETURN(const Tensor stacked,
                            Stack(parts[i], 0, body_.OutputType(states + i)));
      HONE_ASSIGN_OR_RETURN(Tensor padded, Padded(stacked, steps));
      outputs[states + i].push_back(std::move(padded));
    }
    return absl::OkStatus();
  }

  const Subgraph body_;
  const size_t scanned_;
  const std::vector<int64_t> directions_;
};

// y = probabilities(softmax(scores(scale q k^T))) v in float64, with the
// subgraphs' tensors in the type of softmax_precision.
class FlexAttentionKernel : public SubgraphKernel {
 public:
  FlexAttentionKernel(const Node& node, std::optional<Subgraph> scores,
                      std::optional<Subgraph> probabilities)
      : SubgraphKernel(node),
        scores_(std::move(scores)),
        probabilities_(std::move(probabilities)) {}
  absl::string_view name() const override { return "flex_attention"; }

  absl::Status Run(const KernelContext& context) const override {
    const std::string label = NodeLabel(node_);
    const Dims& q = context.inputs[0].dims;
    const Dims& k = context.inputs[1].dims;
    const Dims& v = context.inputs[2].dims;
    if (q.size() != 4 || k.size() != 4 || v.size() != 4 || k[3] != q[3] ||
        k[0] != q[0] || v[0] != q[0] || v[1] != k[1] || v[2] != k[2] ||
        k[1] < 1 || q[1] % k[1] != 0) {
      return RefuseNode(node_, "extents of query, key and value",
                        "[n, heads, length, size]",
                        absl::StrCat(DimsToString(q), ", ", DimsToString(k),
                                     " and ", DimsToString(v)));
    }
    HONE_ASSIGN_OR_RETURN(const std::vector<double> query,
                          ReadNumbers(label, context.inputs[0]));
    HONE_ASSIGN_OR_RETURN(const std::vector<double> key,
                          ReadNumbers(label, context.inputs[1]));
    HONE_ASSIGN_OR_RETURN(const std::vector<double> value,
                          ReadNumbers(label, context.inputs[2]));
    const DType type = context.inputs[0].dtype;
    const int64_t wished = node_.IntAttribute("softmax_precision", 0);
    const DType precise = IsKnownDType(wished)  ? static_cast<DType>(wished)
                          : type == DType::kF64 ? DType::kF64
                                                : DType::kF32;
    const double scale = node_.FindAttribute("scale") != nullptr
                             ? node_.FloatAttribute("scale", 1)
                             : 1 / std::sqrt(static_cast<double>(q[3]));
    const int64_t shared = q[1] / k[1];
    const Dims score_dims = {q[0], q[1], q[2], k[2]};
    // Rows of keys and values that query row r reads.
    const auto first = [&](int64_t r) {
      const int64_t head = r / q[2];
      return (head / q[1] * k[1] + head % q[1] / shared) * k[2];
    };
    const int64_t rows = q[0] * q[1] * q[2];
    std::vector<double> scores(static_cast<size_t>(rows * k[2]));
    context.pool->ParallelFor(rows, [&](int64_t r, int) {
      for (int64_t j = 0; j < k[2]; ++j) {
        double sum = 0;
        for (int64_t e = 0; e < q[3]; ++e) {
          sum += query[static_cast<size_t>(r * q[3] + e)] *
                 key[static_cast<size_t>((first(r) + j) * q[3] + e)];
        }
        scores[static_cast<size_t>(r * k[2] + j)] = sum * scale;
      }
    });
    HONE_RETURN_IF_ERROR(
        Change(context, label, scores_, precise, score_dims, scores));
    for (int64_t r = 0; r < rows; ++r) Softmax(scores.data() + r * k[2], k[2]);
    HONE_RETURN_IF_ERROR(
        Change(context, label, probabilities_, precise, score_dims, scores));
    Dims y_dims = q;
    y_dims[3] = v[3];
    std::vector<double> y(static_cast<size_t>(rows * v[3]));
    context.pool->ParallelFor(rows, [&](int64_t r, int) {
      for (int64_t j = 0; j < k[2]; ++j) {
        for (int64_t e = 0; e < v[3]; ++e) {
          y[static_cast<size_t>(r * v[3] + e)] +=
              scores[static_cast<size_t>(r * k[2] + j)] *
              value[static_cast<size_t>((first(r) + j) * v[3] + e)];
        }
      }
    });
    HONE_ASSIGN_OR_RETURN(Tensor result,
                          TensorOfNumbers(label, type, y_dims, y));
    context.results[0] = std::move(result);
    return absl::OkStatus();
  }

 private:
  static void Softmax(double* row, int64_t n) {
    double most = -std::numeric_limits<double>::infinity();
    for (int64_t i = 0; i < n; ++i) most = std::max(most, row[i]);
    double sum = 0;
    for (int64_t i = 0; i < n; ++i) {
      row[i] = std::exp(row[i] - most);
      sum += row[i];
    }
    for (int64_t i = 0; i < n; ++i) row[i] /= sum;
  }

  absl::Status Change(const KernelContext& context, const std::string& label,
                      const std::optional<Subgraph>& by, DType dtype,
                      const Dims& dims, std::vector<double>& numbers) const {
    if (!by.has_value()) return absl::OkStatus();
    HONE_ASSIGN_OR_RETURN(Tensor input,
                          TensorOfNumbers(label, dtype, dims, numbers));
    Workspace workspace;
    HONE_ASSIGN_OR_RETURN(
        const std::vector<Value> results,
        by->Run(context, workspace, {Value(std::move(input))}, Outer(context)));
    if (results.size() != 1 || !results[0].is_tensor() ||
        results[0].tensor().dims() != dims) {
      return RefuseNode(node_, "the output of a subgraph", DimsToString(dims),
                        "another");
    }
    const Tensor output = results[0].tensor().Aligned();
    TensorView view;
    view.dtype = output.dtype();
    view.dims = output.dims();
    view.size = output.size();
    view.data = output.bytes().data();
    HONE_ASSIGN_OR_RETURN(numbers, ReadNumbers(label, view));
    return absl::OkStatus();
  }

  const std::optional<Subgraph> scores_, probabilities_;
};

bool IsFlexAttention(const Node& node) {
  return node.domain == "ai.onnx.preview" && node.op_type == "FlexAttention";
}

}  // namespace

bool RunsPerElement(const Node& node) {
  return node.Is("SequenceMap") || IsFlexAttention(node);
}

absl::StatusOr<std::unique_ptr<Kernel>> MakePerElement(
    const Model& model, const Node& node, const std::vector<OuterValue>& outer,
    const CompileOptions& options) {
  const auto make = [&](absl::string_view attribute) {
    return Subgraph::Make(model, node, attribute, {}, outer, options);
  };
  if (IsFlexAttention(node)) {
    if (node.inputs.size() != 3) {
      return RefuseNode(node, "inputs", "3", absl::StrCat(node.inputs.size()));
    }
    std::optional<Subgraph> changes[2];
    const absl::string_view names[] = {"score_mod", "prob_mod"};
    for (size_t i = 0; i < 2; ++i) {
      if (node.FindAttribute(names[i]) == nullptr) continue;
      HONE_ASSIGN_OR_RETURN(changes[i], make(names[i]));
    }
    return std::make_unique<FlexAttentionKernel>(node, std::move(changes[0]),
                                                 std::move(changes[1]));
  }
  HONE_ASSIGN_OR_RETURN(Subgraph body, make("body"));
  const size_t batched = node.Is("Scan") ? 1 : 0;  // the lengths
  if (node.inputs.size() <= batched ||
      body.own_inputs() != node.inputs.size() - batched ||
      body.outputs() != node.outputs.size()) {
    return RefuseNode(
        node, "inputs and outputs of the body",
        absl::StrCat(node.inputs.size(), " and ", node.outputs.size()),
        absl::StrCat(body.own_inputs(), " and ", body.outputs()));
  }
  if (!node.Is("Scan")) {
    return std::make_unique<SequenceMapKernel>(node, std::move(body));
  }
  const int64_t scanned = node.IntAttribute("num_scan_inputs", 0);
  const auto inputs = static_cast<int64_t>(body.own_inputs());
  if (scanned < 1 || scanned > inputs ||
      inputs - scanned > static_cast<int64_t>(node.outputs.size())) {
    return RefuseNode(node, "num_scan_inputs", absl::StrCat("1 to ", inputs),
                      absl::StrCat(scanned));
  }
  return std::make_unique<BatchScanKernel>(node, std::move(body),
                                           static_cast<size_t>(scanned));
}

}  // namespace hone
