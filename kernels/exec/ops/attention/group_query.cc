#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/attention/attention.h"
#include "kernels/exec/buffer.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/attention/attention.h"
#include "kernels/exec/ops/attention/attention_kernel.h"
#include "kernels/exec/ops/attention/group_query_options.h"
#include "kernels/exec/ops/attention/kv_cache.h"
#include "kernels/exec/ops/gather/indices.h"

namespace hone {
namespace {

using Options = GroupQueryOptions;

struct Extents {
  int64_t batch = 0, rows = 0, size = 0;
  int64_t past = 0, present = 0;  // rows of the caches
  int64_t total = 0;              // of the longest sample
  int64_t keys = 0;               // that the longest sample sees
  bool packed = false;            // query holds query, key and value
};

// Attention of one model step: keys and values go into caches [n, kv_heads,
// rows, size] behind those that sample b has already, lengths[b] + 1 - rows of
// them, or none in the first step, whose total is `rows`. Caches that slide
// hold the last of them.
class GroupQueryKernel : public AttentionKernelBase {
 public:
  GroupQueryKernel(const Node& node, const Options& options)
      : AttentionKernelBase(node), options_(options) {}
  absl::string_view name() const override { return "group_query_attention"; }
  // The number of keys is a value, total_sequence_length, that nobody knows
  // when scratch is planned: Run takes its own.
  size_t ScratchBytes(absl::Span<const TensorView> /*inputs*/,
                      absl::Span<const MutableTensorView> /*outputs*/,
                      int /*threads*/) const override {
    return 0;
  }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(Extents e, ExtentsOf(context.inputs));
    HONE_ASSIGN_OR_RETURN(const CacheFormat key_format,
                          FormatOf(context.inputs, Options::kPastKey,
                                   Options::kKeyScale, options_.key_bits, e));
    HONE_ASSIGN_OR_RETURN(
        const CacheFormat value_format,
        FormatOf(context.inputs, Options::kPastValue, Options::kValueScale,
                 options_.value_bits, e));
    HONE_RETURN_IF_ERROR(CheckCaches(context, e, key_format, value_format));
    HONE_ASSIGN_OR_RETURN(
        const std::vector<CacheRows> samples,
        RowsOfSamples(InputOf(context.inputs, Options::kLengths), e));
    e.keys = options_.sliding ? 0 : e.present;
    for (const CacheRows& sample : samples) {
      e.keys = std::max(e.keys, sample.all());
    }
    const AttentionShape s = ShapeOf(e);
    std::vector<float> q, k, v;
    ReadRows(context, e, &q, &k, &v);
    HONE_RETURN_IF_ERROR(Normalize(context, Options::kQueryNorm, e, &q));
    HONE_RETURN_IF_ERROR(Normalize(context, Options::kKeyNorm, e, &k));
    if (options_.rotary) {
      HONE_RETURN_IF_ERROR(Rotate(context, e, samples, &q, &k));
    }
    const CacheExtents extents = {
        e.batch, options_.kv_heads, e.size, e.past, e.present, e.rows, s.keys};
    std::vector<float> own_keys, own_values;
    const float* const keys =
        AppendRows(key_format, extents, samples,
                   InputOf(context.inputs, Options::kPastKey).data, k.data(),
                   PresentOf(context, 1), &own_keys);
    const float* const values =
        AppendRows(value_format, extents, samples,
                   InputOf(context.inputs, Options::kPastValue).data, v.data(),
                   PresentOf(context, 2), &own_values);
    const TensorView bias = InputOf(context.inputs, Options::kBias);
    const TensorView sink = InputOf(context.inputs, Options::kSink);
    HONE_RETURN_IF_ERROR(CheckBias(bias, sink, e, s));
    // The tokens that a query sees: [first, last].
    const auto seen = [&](int64_t b, int64_t i) {
      const int64_t own = samples[static_cast<size_t>(b)].before;
      const int64_t last = own + (options_.causal ? i : e.rows - 1);
      return std::make_pair(
          options_.window < 0 ? int64_t{0} : last + 1 - options_.window, last);
    };
    const auto mask = [&](int64_t b, int64_t h, int64_t i, float* row) {
      const float hidden = -std::numeric_limits<float>::infinity();
      const auto [first, last] = seen(b, i);
      const int64_t columns = bias.present() ? bias.dims[3] : 0;
      const float* add = nullptr;
      if (bias.present()) {
        const int64_t at = (bias.dims[0] == 1 ? 0 : b) * bias.dims[1] +
                           (bias.dims[1] == 1 ? 0 : h);
        add = bias.As<float>() + (at * e.rows + i) * columns;
      }
      const int64_t base = samples[static_cast<size_t>(b)].first();
      for (int64_t key = 0; key < e.keys; ++key) {
        const int64_t j = base + key;
        row[key] = j > last || j < first ? hidden : j < columns ? add[j] : 0;
      }
      // A key of zeros, whose score is the mask alone, takes its share.
      if (s.keys > e.keys) {
        row[e.keys] = sink.present() ? sink.As<float>()[h] : 0;
      }
    };
    AttentionOptions options;
    options.softcap = options_.softcap;
    options.scale = options_.scale != 0
                        ? options_.scale
                        : 1 / std::sqrt(static_cast<double>(e.size));
    const auto rows = [&](const float* of, int64_t heads, int64_t count) {
      return HeadRows<const float>{of, heads * count * e.size, count * e.size,
                                   e.size};
    };
    options.scores = options_.shown == 1 ? AttentionOptions::Scores::kMasked
                                         : AttentionOptions::Scores::kSoftmax;
    std::vector<float> scores(
        options_.shown == 0
            ? 0
            : static_cast<size_t>(e.batch * s.heads * e.rows * s.keys));
    const int64_t width = options_.heads * e.size;
    HONE_ASSIGN_OR_RETURN(
        const std::shared_ptr<std::byte> scratch,
        NewBuffer(AttentionScratchBytes(s, context.pool->threads())));
    Attention(*context.pool, s, rows(q.data(), options_.heads, e.rows),
              rows(keys, options_.kv_heads, s.keys),
              rows(values, options_.kv_heads, s.keys), options, mask,
              {OutputOf(context, 0), e.rows * width, e.size, width},
              scores.empty() ? nullptr : scores.data(), scratch.get());
    if (scores.empty()) return absl::OkStatus();
    // A key that a query does not see has no score.
    float* to = OutputOf(context, Options::kScoresOutput);
    for (int64_t at = 0; at < e.batch * s.heads * e.rows; ++at) {
      const auto [first, last] = seen(at / (s.heads * e.rows), at % e.rows);
      const float* const from = scores.data() + at * s.keys;
      for (int64_t j = 0; j < e.total; ++j) {
        *to++ = j > last || j < first ? 0 : from[j];
      }
    }
    return absl::OkStatus();
  }

 protected:
  absl::StatusOr<AttentionShape> ShapeOf(
      absl::Span<const TensorView> inputs) const override {
    HONE_ASSIGN_OR_RETURN(const Extents e, ExtentsOf(inputs));
    return ShapeOf(e);
  }

 private:
  AttentionShape ShapeOf(const Extents& e) const {
    AttentionShape s;
    s.batch = e.batch;
    s.heads = options_.heads;
    s.kv_heads = options_.kv_heads;
    s.queries = e.rows;
    s.size = s.value_size = e.size;
    s.keys = e.keys + (options_.smooth || has_sink() ? 1 : 0);
    return s;
  }

  absl::StatusOr<Extents> ExtentsOf(absl::Span<const TensorView> inputs) const {
    const TensorView query = InputOf(inputs, Options::kQuery);
    const TensorView key = InputOf(inputs, Options::kKey);
    const TensorView value = InputOf(inputs, Options::kValue);
    const TensorView past = InputOf(inputs, Options::kPastKey);
    const TensorView past_value = InputOf(inputs, Options::kPastValue);
    Extents e;
    e.packed = !key.present();
    const int64_t heads =
        options_.heads + (e.packed ? 2 * options_.kv_heads : 0);
    if (query.dims.size() != 3 || query.dims[2] % heads != 0 ||
        value.present() == e.packed) {
      return NodeError(node_, "extents of the query",
                       absl::StrCat("[n, rows, ", heads, " * size]"),
                       DimsToString(query.dims));
    }
    e.batch = query.dims[0];
    e.rows = query.dims[1];
    e.size = query.dims[2] / heads;
    const Dims rows = {e.batch, e.rows, options_.kv_heads * e.size};
    if (!e.packed) {
      HONE_RETURN_IF_ERROR(ExpectDims(label_, "key", rows, key.dims));
      HONE_RETURN_IF_ERROR(ExpectDims(label_, "value", rows, value.dims));
    }
    if (past.present() != past_value.present()) {
      return NodeError(node_, "past key and value", "both or none");
    }
    if (past.present()) {
      e.past = past.dims.size() == 4 ? past.dims[2] : 0;
    }
    const TensorView total = InputOf(inputs, Options::kTotal);
    if (total.data == nullptr || total.size != 1) {
      return NodeError(node_, "total_sequence_length", "one number");
    }
    HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> longest,
                          IndexElements(label_, total));
    if (longest[0] < e.rows || longest[0] > (int64_t{1} << 31)) {
      return NodeError(node_, "total_sequence_length",
                       absl::StrCat("at least ", e.rows),
                       absl::StrCat(longest[0]));
    }
    e.total = longest[0];
    e.present = options_.sliding ? e.past : std::max(e.past, e.total);
    e.keys = e.present;
    if (options_.sliding && e.past < options_.window) {
      return NodeError(node_, "rows of the caches",
                       absl::StrCat("at least ", options_.window),
                       absl::StrCat(e.past));
    }
    return e;
  }

  absl::StatusOr<CacheFormat> FormatOf(absl::Span<const TensorView> inputs,
                                       size_t past, size_t scale, int64_t bits,
                                       const Extents& e) const {
    const TensorView cache = InputOf(inputs, past);
    return CacheFormat::Of(node_, cache.present() ? cache.dtype : DType::kF32,
                           bits, InputOf(inputs, scale), options_.kv_heads,
                           e.size);
  }

  static void* PresentOf(const KernelContext& context, size_t index) {
    return index < context.outputs.size() ? context.outputs[index].data
                                          : nullptr;
  }

  absl::Status CheckCaches(const KernelContext& context, const Extents& e,
                           const CacheFormat& key,
                           const CacheFormat& value) const {
    HONE_RETURN_IF_ERROR(ExpectDims(label_, "output extents",
                                    {e.batch, e.rows, options_.heads * e.size},
                                    context.outputs[0].dims));
    if (options_.shown != 0) {
      HONE_RETURN_IF_ERROR(
          ExpectDims(label_, "extents of the scores",
                     {e.batch, options_.heads, e.rows, e.total},
                     context.outputs[Options::kScoresOutput].dims));
    }
    for (size_t i = 1; i < 3; ++i) {
      const int64_t width = (i == 1 ? key : value).width();
      const TensorView past = InputOf(
          context.inputs, i == 1 ? Options::kPastKey : Options::kPastValue);
      if (past.present()) {
        HONE_RETURN_IF_ERROR(
            ExpectDims(label_, i == 1 ? "past key" : "past value",
                       {e.batch, options_.kv_heads, e.past, width}, past.dims));
      }
      if (PresentOf(context, i) == nullptr) continue;
      HONE_RETURN_IF_ERROR(
          ExpectDims(label_, "extents of a cache",
                     {e.batch, options_.kv_heads, e.present, width},
                     context.outputs[i].dims));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<CacheRows>> RowsOfSamples(
      const TensorView& lengths, const Extents& e) const {
    HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> less_one,
                          IndexElements(label_, lengths));
    HONE_RETURN_IF_ERROR(ExpectEqual(label_, "elements of seqlens_k", e.batch,
                                     static_cast<int64_t>(less_one.size())));
    const bool first = e.past == 0 || e.total == e.rows;
    const int64_t most = options_.sliding ? e.total : e.present;
    std::vector<CacheRows> samples;
    for (const int64_t length : less_one) {
      if (length < 0 || length >= most) {
        return NodeError(node_, "a length in seqlens_k",
                         absl::StrCat("0 to ", most - 1), absl::StrCat(length));
      }
      CacheRows sample;
      sample.before = first ? 0 : length + 1 - e.rows;
      if (sample.before < 0 || (!options_.sliding && sample.before > e.past)) {
        return NodeError(node_, "rows before this step",
                         absl::StrCat("0 to ", e.past),
                         absl::StrCat(sample.before));
      }
      const auto kept = [&](int64_t tokens) {
        return options_.sliding ? RowsKept(tokens, options_.window, e.past)
                                : tokens;
      };
      sample.old = kept(sample.before);
      // What pads a sample of the first step slides into no cache.
      sample.added =
          first && options_.sliding ? std::min(length + 1, e.rows) : e.rows;
      sample.kept = kept(sample.before + sample.added);
      samples.push_back(sample);
    }
    return samples;
  }

  // The new rows as [n, heads, rows, size].
  void ReadRows(const KernelContext& context, const Extents& e,
                std::vector<float>* q, std::vector<float>* k,
                std::vector<float>* v) const {
    const int64_t heads = options_.heads, kv = options_.kv_heads;
    const auto read = [&](Options::Input input, int64_t first, int64_t count,
                          int64_t all, std::vector<float>* to) {
      const float* from = context.inputs[input].As<float>();
      to->resize(static_cast<size_t>(e.batch * count * e.rows * e.size));
      float* out = to->data();
      for (int64_t b = 0; b < e.batch; ++b) {
        for (int64_t h = 0; h < count; ++h) {
          for (int64_t r = 0; r < e.rows; ++r) {
            const float* row =
                from + ((b * e.rows + r) * all + first + h) * e.size;
            out = std::copy(row, row + e.size, out);
          }
        }
      }
    };
    const int64_t all = heads + 2 * kv;
    read(Options::kQuery, 0, heads, e.packed ? all : heads, q);
    read(e.packed ? Options::kQuery : Options::kKey, e.packed ? heads : 0, kv,
         e.packed ? all : kv, k);
    read(e.packed ? Options::kQuery : Options::kValue,
         e.packed ? heads + kv : 0, kv, e.packed ? all : kv, v);
  }

  absl::Status Rotate(const KernelContext& context, const Extents& e,
                      const std::vector<CacheRows>& samples,
                      std::vector<float>* q, std::vector<float>* k) const {
    const TensorView cos = InputOf(context.inputs, Options::kCos);
    const TensorView sin = InputOf(context.inputs, Options::kSin);
    if (cos.dims.size() != 2 || cos.dims != sin.dims ||
        cos.dims[1] * 2 > e.size) {
      return NodeError(node_, "extents of the cosine and sine caches",
                       absl::StrCat("[rows, at most ", e.size / 2, "], equal"),
                       absl::StrCat(DimsToString(cos.dims), " and ",
                                    DimsToString(sin.dims)));
    }
    std::vector<int64_t> positions;
    const TensorView given = InputOf(context.inputs, Options::kPositions);
    if (given.present()) {
      HONE_RETURN_IF_ERROR(
          ExpectDims(label_, "position_ids", {e.batch, e.rows}, given.dims));
      HONE_ASSIGN_OR_RETURN(positions, IndexElements(label_, given));
    } else {
      for (int64_t i = 0; i < e.batch * e.rows; ++i) {
        positions.push_back(samples[static_cast<size_t>(i / e.rows)].before +
                            i % e.rows);
      }
    }
    for (const int64_t position : positions) {
      if (position < 0 || position >= cos.dims[0]) {
        return NodeError(node_, "a position",
                         absl::StrCat("below ", cos.dims[0]),
                         absl::StrCat(position));
      }
    }
    const int64_t half = cos.dims[1];
    for (std::vector<float>* rows : {q, k}) {
      const int64_t heads = rows == q ? options_.heads : options_.kv_heads;
      for (int64_t at = 0; at < e.batch * heads * e.rows; ++at) {
        const int64_t position = positions[static_cast<size_t>(
            at / (heads * e.rows) * e.rows + at % e.rows)];
        const float* c = cos.As<float>() + position * half;
        const float* s = sin.As<float>() + position * half;
        float* x = rows->data() + at * e.size;
        for (int64_t i = 0; i < half; ++i) {
          float& a = x[options_.interleaved ? 2 * i : i];
          float& b = x[options_.interleaved ? 2 * i + 1 : i + half];
          const float turned = a * c[i] - b * s[i];
          b = a * s[i] + b * c[i];
          a = turned;
        }
      }
    }
    return absl::OkStatus();
  }

  // Each head's row by its root of the mean of squares, and the weight.
  absl::Status Normalize(const KernelContext& context, size_t input,
                         const Extents& e, std::vector<float>* rows) const {
    const TensorView weight = InputOf(context.inputs, input);
    if (!weight.present()) return absl::OkStatus();
    HONE_RETURN_IF_ERROR(
        ExpectDims(label_, "weight of a norm", {e.size}, weight.dims));
    const auto* w = weight.As<float>();
    const auto size = static_cast<size_t>(e.size);
    for (size_t at = 0; at < rows->size(); at += size) {
      float* const x = rows->data() + at;
      double squares = 0;
      for (size_t i = 0; i < size; ++i) {
        squares += static_cast<double>(x[i]) * static_cast<double>(x[i]);
      }
      const auto root = static_cast<float>(
          1 / std::sqrt(squares / static_cast<double>(size) +
                        static_cast<double>(options_.norm_epsilon)));
      for (size_t i = 0; i < size; ++i) x[i] = x[i] * root * w[i];
    }
    return absl::OkStatus();
  }

  bool has_sink() const { return !node_.Input(Options::kSink).empty(); }

  absl::Status CheckBias(const TensorView& bias, const TensorView& sink,
                         const Extents& e, const AttentionShape& s) const {
    if (sink.present()) {
      HONE_RETURN_IF_ERROR(
          ExpectDims(label_, "head_sink", {s.heads}, sink.dims));
    }
    if (!bias.present()) return absl::OkStatus();
    if (bias.dims.size() != 4 ||
        (bias.dims[0] != 1 && bias.dims[0] != e.batch) ||
        (bias.dims[1] != 1 && bias.dims[1] != s.heads) ||
        bias.dims[2] != e.rows || bias.dims[3] > std::max(e.present, e.total)) {
      return NodeError(node_, "extents of the attention bias",
                       "[1 or n, 1 or heads, rows, keys]",
                       DimsToString(bias.dims));
    }
    return absl::OkStatus();
  }

  const Options options_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeGroupQueryAttention(
    const KernelSpec& spec) {
  const Node& node = *spec.node;
  HONE_ASSIGN_OR_RETURN(const Options options, Options::Of(spec));
  using Single = ElementTypes<float>;
  HONE_RETURN_IF_ERROR(CheckDType(Single(), spec, 0));
  return std::make_unique<GroupQueryKernel>(node, options);
}

}  // namespace hone
