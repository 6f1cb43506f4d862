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
#include "kernels/exec/ops/gather/indices.h"

namespace hone {
namespace {

enum Input {
  kQuery,
  kKey,
  kValue,
  kPastKey,
  kPastValue,
  kLengths,  // of a sample, less one, [n]
  kTotal,    // the longest
  kCos,
  kSin,
  kPositions,
  kBias,
  kSink,
};

constexpr size_t kScoresOutput = 3;

struct Options {
  int64_t heads = 0, kv_heads = 0;
  double scale = 0;  // 0: 1 / sqrt(size)
  double softcap = 0;
  int64_t window = -1;  // keys that a query sees, itself included; -1: all
  bool rotary = false, interleaved = false, smooth = false;
  bool causal = true;
  int64_t shown = 0;  // scores as output 3: masked (1), after softmax (2)
};

struct Extents {
  int64_t batch = 0, rows = 0, size = 0;
  int64_t past = 0, present = 0;  // rows of the caches
  int64_t total = 0;              // of the longest sample
  bool packed = false;            // query holds query, key and value
};

// Attention of one model step: keys and values go into caches [n, kv_heads,
// rows, size] behind those that sample b has already, lengths[b] + 1 - rows of
// them, or none in the first step, whose total is `rows`.
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
    HONE_ASSIGN_OR_RETURN(const Extents e, ExtentsOf(context.inputs));
    HONE_ASSIGN_OR_RETURN(const AttentionShape s, ShapeOf(context.inputs));
    HONE_RETURN_IF_ERROR(CheckOutputs(context, e));
    HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> before,
                          RowsBefore(InputOf(context.inputs, kLengths), e));
    std::vector<float> q, k, v;
    ReadRows(context, e, &q, &k, &v);
    if (options_.rotary) {
      HONE_RETURN_IF_ERROR(Rotate(context, e, before, &q, &k));
    }
    std::vector<float> keys, values;
    Append(InputOf(context.inputs, kPastKey), k, e, before,
           OutputOf(context, 1), &keys);
    Append(InputOf(context.inputs, kPastValue), v, e, before,
           OutputOf(context, 2), &values);
    const TensorView bias = InputOf(context.inputs, kBias);
    const TensorView sink = InputOf(context.inputs, kSink);
    HONE_RETURN_IF_ERROR(CheckBias(bias, sink, e, s));
    // The keys that a query sees: [first, last].
    const auto seen = [&](int64_t b, int64_t i) {
      const int64_t own = before[static_cast<size_t>(b)];
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
      for (int64_t j = 0; j < e.present; ++j) {
        row[j] = j > last || j < first ? hidden : j < columns ? add[j] : 0;
      }
      // A key of zeros, whose score is the mask alone, takes its share.
      if (s.keys > e.present) {
        row[e.present] = sink.present() ? sink.As<float>()[h] : 0;
      }
    };
    AttentionOptions options;
    options.softcap = options_.softcap;
    options.scale = options_.scale != 0
                        ? options_.scale
                        : 1 / std::sqrt(static_cast<double>(e.size));
    const auto rows = [&](const std::vector<float>& of, int64_t heads,
                          int64_t count) {
      return HeadRows<const float>{of.data(), heads * count * e.size,
                                   count * e.size, e.size};
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
    Attention(*context.pool, s, rows(q, options_.heads, e.rows),
              rows(keys, options_.kv_heads, s.keys),
              rows(values, options_.kv_heads, s.keys), options, mask,
              {OutputOf(context, 0), e.rows * width, e.size, width},
              scores.empty() ? nullptr : scores.data(), scratch.get());
    if (scores.empty()) return absl::OkStatus();
    // A key that a query does not see has no score.
    float* to = OutputOf(context, kScoresOutput);
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
    AttentionShape s;
    s.batch = e.batch;
    s.heads = options_.heads;
    s.kv_heads = options_.kv_heads;
    s.queries = e.rows;
    s.size = s.value_size = e.size;
    const bool sink = options_.smooth || InputOf(inputs, kSink).present();
    s.keys = e.present + (sink ? 1 : 0);
    return s;
  }

 private:
  absl::StatusOr<Extents> ExtentsOf(absl::Span<const TensorView> inputs) const {
    const TensorView query = InputOf(inputs, kQuery);
    const TensorView key = InputOf(inputs, kKey);
    const TensorView value = InputOf(inputs, kValue);
    const TensorView past = InputOf(inputs, kPastKey);
    const TensorView past_value = InputOf(inputs, kPastValue);
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
      const Dims cache = {e.batch, options_.kv_heads, e.past, e.size};
      HONE_RETURN_IF_ERROR(ExpectDims(label_, "past key", cache, past.dims));
      HONE_RETURN_IF_ERROR(
          ExpectDims(label_, "past value", cache, past_value.dims));
    }
    const TensorView total = InputOf(inputs, kTotal);
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
    e.present = std::max(e.past, e.total);
    return e;
  }

  absl::Status CheckOutputs(const KernelContext& context,
                            const Extents& e) const {
    HONE_RETURN_IF_ERROR(ExpectDims(label_, "output extents",
                                    {e.batch, e.rows, options_.heads * e.size},
                                    context.outputs[0].dims));
    if (options_.shown != 0) {
      HONE_RETURN_IF_ERROR(
          ExpectDims(label_, "extents of the scores",
                     {e.batch, options_.heads, e.rows, e.total},
                     context.outputs[kScoresOutput].dims));
    }
    for (size_t i = 1; i < context.outputs.size() && i < 3; ++i) {
      if (context.outputs[i].data == nullptr) continue;
      HONE_RETURN_IF_ERROR(
          ExpectDims(label_, "extents of a cache",
                     {e.batch, options_.kv_heads, e.present, e.size},
                     context.outputs[i].dims));
    }
    return absl::OkStatus();
  }

  // How many rows each sample has in its cache.
  absl::StatusOr<std::vector<int64_t>> RowsBefore(const TensorView& lengths,
                                                  const Extents& e) const {
    HONE_ASSIGN_OR_RETURN(std::vector<int64_t> before,
                          IndexElements(label_, lengths));
    HONE_RETURN_IF_ERROR(ExpectEqual(label_, "elements of seqlens_k", e.batch,
                                     static_cast<int64_t>(before.size())));
    const bool first = e.past == 0 || e.total == e.rows;
    for (int64_t& length : before) {
      if (length < 0 || length >= e.present) {
        return NodeError(node_, "a length in seqlens_k",
                         absl::StrCat("0 to ", e.present - 1),
                         absl::StrCat(length));
      }
      length = first ? 0 : length + 1 - e.rows;
      if (length < 0 || length > e.past) {
        return NodeError(node_, "rows before this step",
                         absl::StrCat("0 to ", e.past), absl::StrCat(length));
      }
    }
    return before;
  }

  // The new rows as [n, heads, rows, size].
  void ReadRows(const KernelContext& context, const Extents& e,
                std::vector<float>* q, std::vector<float>* k,
                std::vector<float>* v) const {
    const int64_t heads = options_.heads, kv = options_.kv_heads;
    const auto read = [&](Input input, int64_t first, int64_t count,
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
    read(kQuery, 0, heads, e.packed ? all : heads, q);
    read(e.packed ? kQuery : kKey, e.packed ? heads : 0, kv,
         e.packed ? all : kv, k);
    read(e.packed ? kQuery : kValue, e.packed ? heads + kv : 0, kv,
         e.packed ? all : kv, v);
  }

  absl::Status Rotate(const KernelContext& context, const Extents& e,
                      const std::vector<int64_t>& before, std::vector<float>* q,
                      std::vector<float>* k) const {
    const TensorView cos = InputOf(context.inputs, kCos);
    const TensorView sin = InputOf(context.inputs, kSin);
    if (cos.dims.size() != 2 || cos.dims != sin.dims ||
        cos.dims[1] * 2 > e.size) {
      return NodeError(node_, "extents of the cosine and sine caches",
                       absl::StrCat("[rows, at most ", e.size / 2, "], equal"),
                       absl::StrCat(DimsToString(cos.dims), " and ",
                                    DimsToString(sin.dims)));
    }
    std::vector<int64_t> positions;
    const TensorView given = InputOf(context.inputs, kPositions);
    if (given.present()) {
      HONE_RETURN_IF_ERROR(
          ExpectDims(label_, "position_ids", {e.batch, e.rows}, given.dims));
      HONE_ASSIGN_OR_RETURN(positions, IndexElements(label_, given));
    } else {
      for (int64_t i = 0; i < e.batch * e.rows; ++i) {
        positions.push_back(before[static_cast<size_t>(i / e.rows)] +
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

  // The cache with the new rows, zeros where a sample has none; one key more
  // where a sink needs it.
  void Append(const TensorView& past, const std::vector<float>& rows,
              const Extents& e, const std::vector<int64_t>& before,
              float* present, std::vector<float>* all) const {
    const bool sink = options_.smooth || has_sink();
    const int64_t kv = options_.kv_heads, plane = e.present * e.size;
    const int64_t stride = plane + (sink ? e.size : 0);
    all->assign(static_cast<size_t>(e.batch * kv * stride), 0);
    for (int64_t p = 0; p < e.batch * kv; ++p) {
      const int64_t old = before[static_cast<size_t>(p / kv)] * e.size;
      float* to = all->data() + p * stride;
      if (old > 0) {
        const float* from = past.As<float>() + p * e.past * e.size;
        std::copy(from, from + old, to);
      }
      const float* from = rows.data() + p * e.rows * e.size;
      std::copy(from, from + e.rows * e.size, to + old);
      if (present != nullptr) std::copy(to, to + plane, present + p * plane);
    }
  }

  bool has_sink() const { return !node_.Input(kSink).empty(); }

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
        bias.dims[2] != e.rows || bias.dims[3] > e.present) {
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
  AttributeReader read(node);
  Options options;
  const int64_t most = int64_t{1} << 31;
  options.heads = read.IntIn("num_heads", 0, 1, most);
  options.kv_heads = read.IntIn("kv_num_heads", 0, 1, most);
  options.scale = read.Float("scale", 0);
  options.softcap = read.Float("softcap", 0);
  options.window = read.IntIn("local_window_size", -1, -1, most);
  options.rotary = read.Bool("do_rotary", false);
  options.interleaved = read.Bool("rotary_interleaved", false);
  options.smooth = read.Int("smooth_softmax", 0) == 1;
  options.causal = read.Bool("causal", true);
  options.shown = read.IntIn("qk_output", 0, 0, 2);
  const bool quantized = read.Int("kv_cache_bit_width", 0) != 0 ||
                         read.String("k_quant_type", "NONE") != "NONE" ||
                         read.String("v_quant_type", "NONE") != "NONE";
  const bool sliding = read.Bool("sliding_window_cache", false);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  if (options.heads < 1 || options.kv_heads < 1 ||
      options.heads % options.kv_heads != 0) {
    return NodeError(node, "num_heads", "a multiple of kv_num_heads");
  }
  if (!options.causal && options.window != -1) {
    return NodeError(node, "local_window_size", "-1 unless causal",
                     absl::StrCat(options.window));
  }
  if ((options.shown != 0) != !node.Output(kScoresOutput).empty()) {
    return NodeError(node, "qk_output", "1 or 2 with output_qk, 0 without");
  }
  if (quantized || sliding) {
    return UnimplementedError(spec, "a quantized or sliding cache");
  }
  for (size_t i = kSink + 1; i < node.inputs.size(); ++i) {
    if (!node.inputs[i].empty()) {
      return UnimplementedError(spec, "scales of caches and normalized heads");
    }
  }
  using Single = ElementTypes<float>;
  HONE_RETURN_IF_ERROR(CheckDType(Single(), spec, 0));
  return std::make_unique<GroupQueryKernel>(node, options);
}

}  // namespace hone
