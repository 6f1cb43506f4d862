#include "kernels/exec/ops/attention/attention.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/attention/attention.h"
#include "kernels/cpu/attention/attention_ref.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/attention/attention_kernel.h"
#include "kernels/exec/ops/attention/head_layout.h"
#include "kernels/exec/ops/gather/indices.h"

namespace hone {
namespace {

struct AttentionAttributes {
  AttentionOptions options;
  bool has_scale = false;
  bool causal = false;
  int64_t left = -1, right = -1;  // keys that a query sees; -1: all
  int64_t heads = 0, kv_heads = 0;
  DType softmax_type = DType::kUndefined;

  static absl::StatusOr<AttentionAttributes> Of(const Node& node) {
    AttributeReader read(node);
    AttentionAttributes a;
    a.has_scale = read.Has("scale");
    a.options.scale = read.Float("scale", 0);
    a.options.softcap = read.Float("softcap", 0);
    a.options.scores = static_cast<AttentionOptions::Scores>(
        read.IntIn("qk_matmul_output_mode", 0, 0, 3));
    a.causal = read.Bool("is_causal", false);
    const int64_t most = int64_t{1} << 31;
    a.left = read.IntIn("left_window_size", -1, -1, most);
    a.right = read.IntIn("right_window_size", -1, -1, most);
    a.heads = read.IntIn("q_num_heads", 0, 0, most);
    a.kv_heads = read.IntIn("kv_num_heads", 0, 0, most);
    const int64_t dtype = read.Int("softmax_precision", 0);
    if (dtype != 0 && (!IsKnownDType(dtype) ||
                       !Contains(Floats(), static_cast<DType>(dtype)))) {
      read.Fail("softmax_precision", "a floating type", absl::StrCat(dtype));
    } else {
      a.softmax_type = static_cast<DType>(dtype);
    }
    return read.Finish(std::move(a));
  }
};

RoundTo RoundingOf(DType dtype) {
  if (dtype == DType::kF16) {
    return [](float x) -> float { return Half(x); };
  }
  if (dtype == DType::kBF16) {
    return [](float x) -> float { return BFloat16(x); };
  }
  return nullptr;
}

// The mask of one query: the given one, what causality and the window leave,
// and padding.
template <typename T>
struct Mask {
  AttentionAttributes attributes;
  int64_t keys = 0;
  std::vector<T> given;  // to be added; empty: none
  int64_t given_keys = 0;
  int64_t batch = 0, head = 0, query = 0;  // strides of `given`
  std::vector<int64_t> lengths;            // valid keys of a sample, or none
  std::vector<int64_t> offsets;            // of a sample's first query

  void Row(int64_t b, int64_t h, int64_t i, T* row) const {
    const T minus = -std::numeric_limits<T>::infinity();
    const int64_t position = i + offsets[static_cast<size_t>(b)];
    const T* from = given.empty()
                        ? nullptr
                        : given.data() + b * batch + h * head + i * query;
    for (int64_t j = 0; j < keys; ++j) {
      T bias = from == nullptr ? T{0} : j < given_keys ? from[j] : minus;
      const int64_t ahead = j - position;
      if ((attributes.causal && ahead > 0) ||
          (attributes.left >= 0 && -ahead > attributes.left) ||
          (attributes.right >= 0 && ahead > attributes.right) ||
          (!lengths.empty() && j >= lengths[static_cast<size_t>(b)])) {
        bias = minus;
      }
      row[j] = bias;
    }
  }
};

// [b, h, q, k] broadcast: strides of the three leading axes.
template <typename T>
absl::Status ReadMask(const std::string& label, const AttentionShape& shape,
                      const TensorView& view, Mask<T>* mask) {
  if (!view.present()) return absl::OkStatus();
  if (view.dims.empty() || view.dims.back() > shape.keys) {
    return MakeError(absl::StatusCode::kInvalidArgument, "extents of the mask",
                     {"", label, absl::StrCat("at most ", shape.keys, " keys"),
                      DimsToString(view.dims)});
  }
  Dims dims = {shape.batch, shape.heads, shape.queries, view.dims.back()};
  HONE_RETURN_IF_ERROR(ExpectBroadcast(label, view.dims, dims));
  mask->given_keys = view.dims.back();
  int64_t stride = mask->given_keys;
  int64_t* const strides[] = {&mask->query, &mask->head, &mask->batch};
  for (size_t back = 2; back <= view.dims.size(); ++back) {
    const int64_t extent = view.dims[view.dims.size() - back];
    if (extent != 1) *strides[back - 2] = stride;
    stride *= extent;
  }
  const T minus = -std::numeric_limits<T>::infinity();
  return VisitDType(NumbersAndBool(), label, view.dtype, [&](auto type) {
    using U = typename decltype(type)::type;
    const U* from = view.As<U>();
    mask->given.resize(static_cast<size_t>(view.size));
    for (int64_t i = 0; i < view.size; ++i) {
      T& to = mask->given[static_cast<size_t>(i)];
      if constexpr (std::is_same_v<U, bool>) {
        to = from[i] ? T{0} : minus;
      } else {
        to = static_cast<T>(from[i]);
      }
    }
    return absl::OkStatus();
  });
}

class AttentionKernel : public AttentionKernelBase {
 public:
  AttentionKernel(const Node& node, const AttentionAttributes& attributes,
                  bool reference)
      : AttentionKernelBase(node),
        attributes_(attributes),
        reference_(reference) {}
  absl::string_view name() const override { return "attention"; }

  absl::Status Run(const KernelContext& context) const override {
    if (context.inputs[0].dtype == DType::kF64) return RunAs<double>(context);
    return RunAs<float>(context);
  }

 private:
  absl::StatusOr<AttentionShape> ShapeOf(
      absl::Span<const TensorView> inputs) const override {
    if (inputs.size() < 3) {
      return NodeError(node_, "inputs", "query, key and value");
    }
    HONE_ASSIGN_OR_RETURN(const HeadExtents q,
                          HeadExtents::Of(node_, inputs[0], attributes_.heads));
    HONE_ASSIGN_OR_RETURN(
        const HeadExtents k,
        HeadExtents::Of(node_, inputs[1], attributes_.kv_heads));
    HONE_ASSIGN_OR_RETURN(
        const HeadExtents v,
        HeadExtents::Of(node_, inputs[2], attributes_.kv_heads));
    AttentionShape shape;
    shape.batch = q.batch;
    shape.heads = q.heads;
    shape.kv_heads = k.heads;
    shape.queries = q.rows;
    shape.keys = k.rows;
    shape.size = q.size;
    shape.value_size = v.size;
    if (k.batch != q.batch || v.batch != q.batch || v.heads != k.heads ||
        v.rows != k.rows || k.size != q.size || k.heads < 1 ||
        q.heads % k.heads != 0) {
      return NodeError(node_, "extents of query, key and value",
                       "equal batches, key and value heads and sizes",
                       absl::StrCat(DimsToString(inputs[0].dims), ", ",
                                    DimsToString(inputs[1].dims), " and ",
                                    DimsToString(inputs[2].dims)));
    }
    if (inputs.size() > 4 && inputs[4].present()) {
      if (inputs.size() < 6 || !inputs[5].present() ||
          inputs[4].dims.size() != 4) {
        return NodeError(node_, "past key and value", "both, of rank 4");
      }
      const int64_t past = inputs[4].dims[2];
      HONE_RETURN_IF_ERROR(ExpectDims(label_, "past key",
                                      {k.batch, k.heads, past, k.size},
                                      inputs[4].dims));
      HONE_RETURN_IF_ERROR(ExpectDims(label_, "past value",
                                      {v.batch, v.heads, past, v.size},
                                      inputs[5].dims));
      shape.keys += past;
    }
    return shape;
  }

  template <typename T>
  absl::Status RunAs(const KernelContext& context) const {
    HONE_RETURN_IF_ERROR(ExpectInputs(label_, context, 3));
    HONE_ASSIGN_OR_RETURN(const AttentionShape shape, ShapeOf(context.inputs));
    const auto input = [&](size_t i) {
      return i < context.inputs.size() ? context.inputs[i] : TensorView();
    };
    Mask<T> mask;
    mask.attributes = attributes_;
    mask.keys = shape.keys;
    HONE_RETURN_IF_ERROR(ReadMask(label_, shape, input(3), &mask));
    const int64_t past = input(4).present() ? input(4).dims[2] : 0;
    mask.offsets.assign(static_cast<size_t>(shape.batch), past);
    if (input(6).present()) {
      HONE_RETURN_IF_ERROR(
          ExpectDims(label_, "lengths", {shape.batch}, input(6).dims));
      HONE_ASSIGN_OR_RETURN(mask.lengths, IndexElements(label_, input(6)));
      for (size_t b = 0; b < mask.lengths.size() && past == 0; ++b) {
        mask.offsets[b] = mask.lengths[b] - shape.queries;
      }
    }
    HONE_ASSIGN_OR_RETURN(const Rows<T> q, Rows<T>::Of(label_, input(0)));
    HONE_ASSIGN_OR_RETURN(const Rows<T> k,
                          Rows<T>::Joined(label_, input(4), input(1)));
    HONE_ASSIGN_OR_RETURN(const Rows<T> v,
                          Rows<T>::Joined(label_, input(5), input(2)));
    AttentionOptions options = attributes_.options;
    if (!attributes_.has_scale) {
      options.scale = 1 / std::sqrt(static_cast<double>(shape.size));
    }
    const auto row = [&mask](int64_t b, int64_t h, int64_t i, T* to) {
      mask.Row(b, h, i, to);
    };
    const MutableTensorView absent;
    const auto output = [&](size_t i) -> const MutableTensorView& {
      return i < context.outputs.size() ? context.outputs[i] : absent;
    };
    Dims y_dims = input(0).dims;
    y_dims.back() =
        y_dims.size() == 4 ? shape.value_size : shape.heads * shape.value_size;
    HONE_RETURN_IF_ERROR(
        ExpectDims(label_, "output extents", y_dims, output(0).dims));
    RowsOut<T> y(output(0));
    RowsOut<T> scores(output(3));
    const auto q_rows = q.Heads(shape.heads, shape.size);
    const auto k_rows = k.Heads(shape.kv_heads, shape.size);
    const auto v_rows = v.Heads(shape.kv_heads, shape.value_size);
    const auto y_rows = y.Heads(shape.heads, shape.value_size);
    const DType dtype = input(0).dtype;
    bool done = false;
    if constexpr (std::is_same_v<T, float>) {
      if (!reference_ && dtype == DType::kF32) {
        Attention(*context.pool, shape, q_rows, k_rows, v_rows, options, row,
                  y_rows, scores.data(), context.scratch);
        done = true;
      }
    }
    if (!done) {
      const DType precise = attributes_.softmax_type == DType::kUndefined
                                ? dtype
                                : attributes_.softmax_type;
      AttentionRef<T>(*context.pool, shape, q_rows, k_rows, v_rows, options,
                      RoundingOf(dtype), RoundingOf(precise), row, y_rows,
                      scores.data());
    }
    HONE_RETURN_IF_ERROR(y.Finish(label_));
    HONE_RETURN_IF_ERROR(scores.Finish(label_));
    HONE_RETURN_IF_ERROR(k.WriteTo(label_, shape.kv_heads, output(1)));
    return v.WriteTo(label_, shape.kv_heads, output(2));
  }

  const AttentionAttributes attributes_;
  const bool reference_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeAttention(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const AttentionAttributes attributes,
                        AttentionAttributes::Of(*spec.node));
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return std::make_unique<AttentionKernel>(*spec.node, attributes,
                                           spec.reference);
}

}  // namespace hone
