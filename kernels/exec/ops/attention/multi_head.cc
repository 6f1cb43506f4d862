#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
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
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/attention/attention.h"
#include "kernels/exec/ops/attention/attention_kernel.h"
#include "kernels/exec/ops/gather/indices.h"

namespace hone {
namespace {

struct Options {
  int64_t heads = 1;
  double scale = 0;  // 0: 1 / sqrt(size)
  float hidden_key = -10000;
  bool causal = false;
};

// Query, key or value: [n, rows, heads, size] at some strides.
struct Part {
  HeadRows<const float> at;
  int64_t batch = 0, rows = 0, size = 0;
  bool by_head = false;  // [n, heads, rows, size], a cache's layout: no bias
};

struct Parts {
  Part q, k, v;
};

// Which keys are hidden from a query.
struct Padding {
  enum class Kind { kNone, kEnds, kEndsAndStarts, kKeys, kPlanes };
  Kind kind = Kind::kNone;
  int64_t batch = 0, queries = 0, keys = 0;
  std::vector<int64_t> values;

  bool Hidden(int64_t b, int64_t i, int64_t j) const {
    const auto at = [&](int64_t index) {
      return values[static_cast<size_t>(index)];
    };
    switch (kind) {
      case Kind::kNone:
        return false;
      case Kind::kEnds:
        return j >= at(b);
      case Kind::kEndsAndStarts:
        return j >= at(b) || j < at(batch + b);
      case Kind::kKeys:
        return at(b * keys + j) == 0;
      case Kind::kPlanes:
        return at((b * queries + i) * keys + j) == 0;
    }
    return false;
  }
};

// Inputs: query, key, value, bias [q + k + v], padding mask, numbers to be
// added to the scores, past key and value [n, heads, past, size]. Query, key
// and value are apart [n, rows, heads * size], or packed [n, rows, heads, 3,
// size] (key and value: 2), or key and value are [n, heads, rows, size].
class MultiHeadKernel : public AttentionKernelBase {
 public:
  MultiHeadKernel(const Node& node, const Options& options)
      : AttentionKernelBase(node), options_(options) {}
  absl::string_view name() const override { return "multi_head_attention"; }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const AttentionShape s, ShapeOf(context.inputs));
    HONE_ASSIGN_OR_RETURN(Parts parts, PartsOf(context.inputs));
    const int64_t value_width = s.heads * s.value_size;
    HONE_RETURN_IF_ERROR(ExpectDims(label_, "output extents",
                                    {s.batch, s.queries, value_width},
                                    context.outputs[0].dims));
    std::vector<float> own[3];
    HONE_RETURN_IF_ERROR(AddBias(InputOf(context.inputs, 3), s, &parts, own));
    HONE_RETURN_IF_ERROR(Join(context, 6, 1, s.keys, &parts.k, &own[1]));
    HONE_RETURN_IF_ERROR(Join(context, 7, 2, s.keys, &parts.v, &own[2]));
    HONE_ASSIGN_OR_RETURN(const Padding padding,
                          PaddingOf(InputOf(context.inputs, 4), s));
    const TensorView bias = InputOf(context.inputs, 5);
    if (bias.present()) {
      HONE_RETURN_IF_ERROR(ExpectBroadcast(
          label_, bias.dims, {s.batch, s.heads, s.queries, s.keys}));
      if (bias.dims.size() != 4 || bias.dims[2] != s.queries ||
          bias.dims[3] != s.keys) {
        return NodeError(node_, "extents of the attention bias",
                         "[1 or n, 1 or heads, queries, keys]",
                         DimsToString(bias.dims));
      }
    }
    const int64_t plane = s.queries * s.keys;
    const auto mask = [&](int64_t b, int64_t h, int64_t i, float* row) {
      const float* from = nullptr;
      if (bias.present()) {
        const int64_t at = (bias.dims[0] == 1 ? 0 : b) * bias.dims[1] +
                           (bias.dims[1] == 1 ? 0 : h);
        from = bias.As<float>() + at * plane + i * s.keys;
      }
      for (int64_t j = 0; j < s.keys; ++j) {
        row[j] = from == nullptr ? 0 : from[j];
        if (padding.Hidden(b, i, j)) row[j] += options_.hidden_key;
        if (options_.causal && j > i + s.keys - s.queries) {
          row[j] = -std::numeric_limits<float>::infinity();
        }
      }
    };
    AttentionOptions options;
    options.scores = AttentionOptions::Scores::kMasked;
    options.scale = options_.scale != 0
                        ? options_.scale
                        : 1 / std::sqrt(static_cast<double>(s.size));
    Attention(*context.pool, s, parts.q.at, parts.k.at, parts.v.at, options,
              mask,
              {context.outputs[0].As<float>(), s.queries * value_width,
               s.value_size, value_width},
              OutputOf(context, 3), context.scratch);
    return absl::OkStatus();
  }

 protected:
  absl::StatusOr<AttentionShape> ShapeOf(
      absl::Span<const TensorView> inputs) const override {
    HONE_ASSIGN_OR_RETURN(const Parts parts, PartsOf(inputs));
    const auto& [q, k, v] = parts;
    if (k.batch != q.batch || v.batch != q.batch || v.rows != k.rows ||
        k.size != q.size) {
      return NodeError(node_, "extents of query, key and value",
                       "equal batches, rows of key and value, sizes of query "
                       "and key",
                       DimsToString(inputs[0].dims));
    }
    AttentionShape s;
    s.heads = s.kv_heads = options_.heads;
    s.batch = q.batch;
    s.queries = q.rows;
    s.keys = k.rows;
    s.size = q.size;
    s.value_size = v.size;
    const TensorView past_key = InputOf(inputs, 6);
    const TensorView past_value = InputOf(inputs, 7);
    if (past_key.present() != past_value.present()) {
      return NodeError(node_, "past key and value", "both or none");
    }
    if (past_key.present()) {
      const int64_t past = past_key.dims.size() == 4 ? past_key.dims[2] : 0;
      HONE_RETURN_IF_ERROR(ExpectDims(
          label_, "past key", {s.batch, s.heads, past, s.size}, past_key.dims));
      HONE_RETURN_IF_ERROR(ExpectDims(label_, "past value",
                                      {s.batch, s.heads, past, s.value_size},
                                      past_value.dims));
      s.keys += past;
    }
    return s;
  }

 private:
  absl::Status WrongExtents(const TensorView& view) const {
    return NodeError(node_, "extents of query, key or value",
                     absl::StrCat("those of ", options_.heads, " heads"),
                     DimsToString(view.dims));
  }

  // Number `index` of `count` parts that lie side by side in `view`.
  absl::StatusOr<Part> PartOf(const TensorView& view, int64_t index,
                              int64_t count) const {
    const Dims& d = view.dims;
    const int64_t heads = options_.heads;
    Part part;
    if (count == 1 && d.size() == 3 && d[2] % heads == 0) {
      part.size = d[2] / heads;
    } else if (count == 1 && d.size() == 4 && d[1] == heads) {
      part.by_head = true;
      part.size = d[3];
    } else if (count > 1 && d.size() == 5 && d[2] == heads && d[3] == count) {
      part.size = d[4];
    } else {
      return WrongExtents(view);
    }
    part.batch = d[0];
    part.rows = part.by_head ? d[2] : d[1];
    const int64_t row = count * heads * part.size;
    // ScratchBytes asks with extents alone.
    const float* const data = view.As<float>();
    part.at = {data == nullptr ? nullptr : data + index * part.size,
               part.rows * row, count * part.size, row};
    if (part.by_head) {
      part.at.head = part.rows * part.size;
      part.at.row = part.size;
    }
    return part;
  }

  absl::StatusOr<Parts> PartsOf(absl::Span<const TensorView> inputs) const {
    const TensorView key = InputOf(inputs, 1), value = InputOf(inputs, 2);
    const int64_t packed = !key.present() ? 3 : !value.present() ? 2 : 1;
    Parts parts;
    HONE_ASSIGN_OR_RETURN(parts.q,
                          PartOf(InputOf(inputs, 0), 0, packed == 3 ? 3 : 1));
    if (packed == 3) {
      HONE_ASSIGN_OR_RETURN(parts.k, PartOf(inputs[0], 1, 3));
      HONE_ASSIGN_OR_RETURN(parts.v, PartOf(inputs[0], 2, 3));
    } else {
      HONE_ASSIGN_OR_RETURN(parts.k, PartOf(key, 0, packed));
      HONE_ASSIGN_OR_RETURN(
          parts.v, PartOf(packed == 2 ? key : value, packed - 1, packed));
    }
    if (parts.q.by_head) return WrongExtents(inputs[0]);
    return parts;
  }

  absl::Status AddBias(const TensorView& bias, const AttentionShape& s,
                       Parts* parts, std::vector<float>* own) const {
    if (!bias.present()) return absl::OkStatus();
    HONE_RETURN_IF_ERROR(
        ExpectDims(label_, "bias", {s.heads * (s.size + s.size + s.value_size)},
                   bias.dims));
    const float* from = bias.As<float>();
    Part* const all[] = {&parts->q, &parts->k, &parts->v};
    for (int i = 0; i < 3; ++i) {
      Part& part = *all[i];
      const int64_t width = s.heads * part.size;
      const float* add = from;
      from += width;
      if (part.by_head) continue;
      own[i].resize(static_cast<size_t>(part.batch * part.rows * width));
      float* to = own[i].data();
      for (int64_t b = 0; b < part.batch; ++b) {
        for (int64_t r = 0; r < part.rows; ++r) {
          for (int64_t h = 0; h < s.heads; ++h) {
            const float* x = part.at.At(b, h, r);
            for (int64_t e = 0; e < part.size; ++e) {
              *to++ = x[e] + add[h * part.size + e];
            }
          }
        }
      }
      part.at = {own[i].data(), part.rows * width, part.size, width};
    }
    return absl::OkStatus();
  }

  // Puts the past (input `input`) before the part, and all of it into output
  // `output`, each where there is one.
  absl::Status Join(const KernelContext& context, size_t input, size_t output,
                    int64_t keys, Part* part, std::vector<float>* own) const {
    const TensorView past = InputOf(context.inputs, input);
    float* const present = OutputOf(context, output);
    if (!past.present() && present == nullptr) return absl::OkStatus();
    const int64_t heads = options_.heads, size = part->size;
    const int64_t before = keys - part->rows;
    if (present != nullptr) {
      HONE_RETURN_IF_ERROR(ExpectDims(label_, "extents of the cache",
                                      {part->batch, heads, keys, size},
                                      context.outputs[output].dims));
    }
    // A cache that is an output serves as the keys or values itself.
    std::vector<float> all;
    if (present == nullptr) {
      all.resize(static_cast<size_t>(part->batch * heads * keys * size));
    }
    float* const joined = present == nullptr ? all.data() : present;
    float* to = joined;
    for (int64_t b = 0; b < part->batch; ++b) {
      for (int64_t h = 0; h < heads; ++h) {
        if (before > 0) {
          const float* from =
              past.As<float>() + (b * heads + h) * before * size;
          to = std::copy(from, from + before * size, to);
        }
        for (int64_t r = 0; r < part->rows; ++r) {
          const float* from = part->at.At(b, h, r);
          to = std::copy(from, from + size, to);
        }
      }
    }
    if (present == nullptr) *own = std::move(all);
    part->at = {joined, heads * keys * size, keys * size, size};
    part->rows = keys;
    return absl::OkStatus();
  }

  absl::StatusOr<Padding> PaddingOf(const TensorView& view,
                                    const AttentionShape& s) const {
    Padding padding;
    if (!view.present()) return padding;
    padding.batch = s.batch;
    padding.queries = s.queries;
    padding.keys = s.keys;
    HONE_ASSIGN_OR_RETURN(padding.values, IndexElements(label_, view));
    using Kind = Padding::Kind;
    if (view.dims == Dims{s.batch}) {
      padding.kind = Kind::kEnds;
    } else if (view.dims == Dims{2 * s.batch}) {
      padding.kind = Kind::kEndsAndStarts;
    } else if (view.dims == Dims{s.batch, s.keys}) {
      padding.kind = Kind::kKeys;
    } else if (view.dims == Dims{s.batch, s.queries, s.keys}) {
      padding.kind = Kind::kPlanes;
    } else {
      return MakeError(
          absl::StatusCode::kUnimplemented, "this padding mask",
          {"", label_, "[n], [2n], [n, keys] or [n, queries, keys]",
           DimsToString(view.dims)});
    }
    return padding;
  }

  const Options options_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeMultiHeadAttention(
    const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  Options options;
  options.heads = read.IntIn("num_heads", 0, 1, int64_t{1} << 31);
  options.scale = read.Float("scale", 0);
  options.hidden_key = read.Float("mask_filter_value", -10000);
  options.causal = read.Bool("unidirectional", false);
  if (options.heads < 1) read.Fail("num_heads", "at least 1", "none");
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  for (size_t i = 8; i < spec.node->inputs.size(); ++i) {
    if (!spec.node->inputs[i].empty()) {
      return UnimplementedError(spec, "a cache shared with the output");
    }
  }
  using Single = ElementTypes<float>;
  HONE_RETURN_IF_ERROR(CheckDType(Single(), spec, 0));
  return std::make_unique<MultiHeadKernel>(*spec.node, options);
}

}  // namespace hone
