#include "kernels/cpu/int8/conv/conv.h"

#include <algorithm>
#include <cstring>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "kernels/cpu/int8/conv/margins.h"
#include "kernels/cpu/int8/gemm/product.h"
#include "kernels/threads/cancel_scope.h"

namespace hone {
namespace {

// Pixels of one task: enough to reuse a panel of weights, few enough to stay in
// the first cache level with it.
constexpr int64_t kBlock = 96;
// Columns of one task when there are few pixels.
constexpr int64_t kColumnBlock = 64;
// Tasks that keep a machine busy; more pixels than that are not divided by
// columns too.
constexpr int64_t kEnoughTasks = 16;

int64_t RoundUp(int64_t n, int64_t unit) {
  return (n + unit - 1) / unit * unit;
}

struct Tasks {
  int64_t blocks;   // of pixels
  int64_t vectors;  // of columns in one task
  int64_t parts;    // of columns
};

Tasks Divide(int64_t pixels, const PackedInt8& weights) {
  Tasks tasks;
  tasks.blocks = (pixels + kBlock - 1) / kBlock;
  tasks.vectors = weights.vectors();
  if (tasks.blocks * weights.groups() < kEnoughTasks) {
    tasks.vectors =
        std::min(tasks.vectors,
                 std::max<int64_t>(1, kColumnBlock / weights.layout().lanes));
  }
  tasks.parts = (weights.vectors() + tasks.vectors - 1) / tasks.vectors;
  return tasks;
}

size_t PointerBytes(int64_t taps, int threads) {
  return static_cast<size_t>(threads * taps * kBlock) * sizeof(uint8_t*);
}

// Where the pixels of x are that a task's outputs read.
class PixelRows {
 public:
  // `outside` stands for pixels that x lacks; x has margins if null.
  PixelRows(const ConvShape& shape, const Int8ConvTaps& taps, const uint8_t* x,
            const uint8_t* outside)
      : s_(shape),
        x_(x),
        outside_(outside),
        channels_(shape.groups * shape.in_channels),
        row_taps_(taps.merged ? 1 : shape.kernel[2]) {}

  // rows[t * kBlock + i] for outputs begin + i of [begin, end).
  void Find(int64_t begin, int64_t end, int64_t channel,
            const uint8_t** rows) const {
    for (int64_t at = begin; at < end;) {
      const int64_t column = at % s_.out[2];
      const int64_t count = std::min(end - at, s_.out[2] - column);
      FindRow(at / s_.out[2], column, count, channel, rows + (at - begin));
      at += count;
    }
  }

 private:
  // `count` outputs of one row of outputs, from `column`.
  void FindRow(int64_t row, int64_t column, int64_t count, int64_t channel,
               const uint8_t** rows) const {
    const int64_t n = row / (s_.out[0] * s_.out[1]);
    const int64_t od = row / s_.out[1] % s_.out[0];
    const int64_t oh = row % s_.out[1];
    for (int64_t kd = 0; kd < s_.kernel[0]; ++kd) {
      const int64_t d =
          od * s_.stride[0] - s_.pad_begin[0] + kd * s_.dilation[0];
      for (int64_t kh = 0; kh < s_.kernel[1]; ++kh) {
        const int64_t h =
            oh * s_.stride[1] - s_.pad_begin[1] + kh * s_.dilation[1];
        const bool inside = outside_ == nullptr ||
                            (d >= 0 && d < s_.in[0] && h >= 0 && h < s_.in[1]);
        const uint8_t* const line =
            x_ + ((n * s_.in[0] + d) * s_.in[1] + h) * s_.in[2] * channels_ +
            channel;
        for (int64_t kw = 0; kw < row_taps_; ++kw, rows += kBlock) {
          const int64_t first =
              column * s_.stride[2] - s_.pad_begin[2] + kw * s_.dilation[2];
          FindTap(inside ? line : nullptr, first, count, rows);
        }
      }
    }
  }

  void FindTap(const uint8_t* line, int64_t first, int64_t count,
               const uint8_t** rows) const {
    const int64_t stride = s_.stride[2];
    int64_t from = 0;
    int64_t to = line == nullptr ? 0 : count;
    if (line != nullptr && outside_ != nullptr) {
      from = first < 0 ? std::min(count, (-first + stride - 1) / stride) : 0;
      const int64_t room = s_.in[2] - first;  // w < in[2]
      to = room <= 0
               ? from
               : std::max(from, std::min(count, (room + stride - 1) / stride));
    }
    for (int64_t i = 0; i < from; ++i) rows[i] = outside_;
    const int64_t step = stride * channels_;
    for (int64_t i = from; i < to; ++i) {
      rows[i] = line + first * channels_ + i * step;
    }
    for (int64_t i = to; i < count; ++i) rows[i] = outside_;
  }

  const ConvShape& s_;
  const uint8_t* const x_;
  const uint8_t* const outside_;
  const int64_t channels_;
  const int64_t row_taps_;
};

void RunTasks(
    const PackedInt8& weights, int64_t pixels, const Int8Epilogue& epilogue,
    void* y, std::byte* scratch, ThreadPool& pool,
    absl::Span<const Int8Outer> outer,
    absl::FunctionRef<void(int64_t, int64_t, int64_t, const uint8_t**)> find) {
  const Tasks tasks = Divide(pixels, weights);
  const int64_t outputs = weights.groups() * weights.columns();
  const int64_t y_bytes = epilogue.y_bytes();
  const CancelToken cancel = CancelToken::Current();
  pool.ParallelFor(
      tasks.blocks * weights.groups() * tasks.parts,
      [&](int64_t task, int worker) {
        if (cancel.requested()) return;
        const int64_t part = task % tasks.parts;
        const int64_t group = task / tasks.parts % weights.groups();
        const int64_t begin = task / tasks.parts / weights.groups() * kBlock;
        const int64_t end = std::min(pixels, begin + kBlock);
        const uint8_t** const rows =
            reinterpret_cast<const uint8_t**>(scratch) +
            worker * weights.taps() * kBlock;
        find(begin, end, group, rows);
        Int8Product product;
        product.rows = rows;
        product.row_stride = kBlock;
        product.row_count = end - begin;
        product.weights = &weights;
        product.group = group;
        product.vector_begin = part * tasks.vectors;
        product.vector_end =
            std::min(weights.vectors(), product.vector_begin + tasks.vectors);
        product.epilogue = epilogue;
        for (size_t i = 0; i < outer.size(); ++i) {
          product.outer[i] = {outer[i].rows + group * pixels + begin,
                              outer[i].columns};
        }
        product.y = static_cast<char*>(y) +
                    (begin * outputs + group * weights.columns()) * y_bytes;
        product.y_stride = outputs;
        MultiplyInt8(product);
      });
}

}  // namespace

Int8ConvTaps Int8ConvTapsOf(const ConvShape& s) {
  // Below this a tap's loop is too short to be worth its addresses.
  constexpr int64_t kFewChannels = 16;
  Int8ConvTaps taps;
  taps.merged = s.groups == 1 && s.dilation[2] == 1 && s.kernel[2] > 1 &&
                (s.in_channels % 4 != 0 || s.in_channels < kFewChannels);
  taps.padded = taps.merged || s.in_channels % 4 != 0;
  taps.count = Volume(s.kernel) / (taps.merged ? s.kernel[2] : 1);
  taps.depth = RoundUp(s.in_channels * (taps.merged ? s.kernel[2] : 1), 4);
  return taps;
}

std::vector<int8_t> ArrangeInt8Taps(const ConvShape& s, const int8_t* w) {
  const Int8ConvTaps taps = Int8ConvTapsOf(s);
  const int64_t outputs = s.groups * s.out_channels;
  const int64_t kernel = Volume(s.kernel);
  const int64_t row = taps.merged ? s.kernel[2] : 1;
  std::vector<int8_t> out(
      static_cast<size_t>(outputs * taps.count * taps.depth));
  for (int64_t m = 0; m < outputs; ++m) {
    for (int64_t c = 0; c < s.in_channels; ++c) {
      for (int64_t k = 0; k < kernel; ++k) {
        out[(m * taps.count + k / row) * taps.depth + k % row * s.in_channels +
            c] = w[(m * s.in_channels + c) * kernel + k];
      }
    }
  }
  return out;
}

size_t Int8ConvScratchBytes(const ConvShape& s, int threads) {
  const Int8ConvTaps taps = Int8ConvTapsOf(s);
  const size_t pointers = PointerBytes(taps.count, threads);
  if (taps.padded) return pointers + MarginBytes(MarginsOf(s));
  return pointers + static_cast<size_t>(RoundUp(taps.depth, 64));
}

void Int8Conv(const ConvShape& s, const uint8_t* x, uint8_t zx,
              const PackedInt8& weights, const Int8Epilogue& epilogue, void* y,
              std::byte* scratch, ThreadPool& pool,
              absl::Span<const Int8Outer> outer) {
  const Int8ConvTaps taps = Int8ConvTapsOf(s);
  uint8_t* const own = reinterpret_cast<uint8_t*>(
      scratch + PointerBytes(taps.count, pool.threads()));
  ConvShape shape = s;
  if (taps.padded) {
    const Margins margins = MarginsOf(s);
    AddMargins(margins, x, zx, own, pool);
    shape.in = margins.padded;
    shape.pad_begin = {0, 0, 0};
    x = own;
  } else {
    std::memset(own, zx, static_cast<size_t>(taps.depth));
  }
  const PixelRows pixels(shape, taps, x, taps.padded ? nullptr : own);
  RunTasks(
      weights, s.batch * s.out_size(), epilogue, y, scratch, pool, outer,
      [&](int64_t begin, int64_t end, int64_t group, const uint8_t** rows) {
        pixels.Find(begin, end, group * s.in_channels, rows);
      });
}

size_t Int8GemmScratchBytes(int64_t rows, int64_t depth, int threads) {
  const size_t copy =
      depth % 4 == 0 ? 0 : static_cast<size_t>(rows * RoundUp(depth, 4));
  return PointerBytes(1, threads) + copy;
}

void Int8Gemm(int64_t rows, int64_t depth, const uint8_t* x,
              const PackedInt8& weights, const Int8Epilogue& epilogue, void* y,
              std::byte* scratch, ThreadPool& pool,
              absl::Span<const Int8Outer> outer) {
  const int64_t stride = RoundUp(depth, 4);
  if (stride != depth) {
    uint8_t* const copy =
        reinterpret_cast<uint8_t*>(scratch + PointerBytes(1, pool.threads()));
    for (int64_t r = 0; r < rows; ++r) {
      std::memcpy(copy + r * stride, x + r * depth, static_cast<size_t>(depth));
      std::memset(copy + r * stride + depth, 0,
                  static_cast<size_t>(stride - depth));
    }
    x = copy;
  }
  RunTasks(
      weights, rows, epilogue, y, scratch, pool, outer,
      [&](int64_t begin, int64_t end, int64_t /*group*/, const uint8_t** at) {
        for (int64_t r = begin; r < end; ++r) {
          at[r - begin] = x + r * stride;
        }
      });
}

}  // namespace hone
