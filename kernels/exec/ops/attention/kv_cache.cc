#include "kernels/exec/ops/attention/kv_cache.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/float_types/float_types.h"

namespace hone {
namespace {

int32_t Code(float x, float scale, int32_t low, int32_t high) {
  const float code = std::nearbyint(x / scale);
  // NaN too becomes the lowest.
  if (!(code > static_cast<float>(low))) return low;
  return code < static_cast<float>(high) ? static_cast<int32_t>(code) : high;
}

void AppendFloats(const CacheExtents& e, absl::Span<const CacheRows> samples,
                  const float* past, const float* rows, float* present) {
  for (int64_t p = 0; p < e.batch * e.heads; ++p) {
    const CacheRows& sample = samples[static_cast<size_t>(p / e.heads)];
    float* to = present + p * e.present * e.size;
    float* const end = to + e.present * e.size;
    if (sample.old > 0) {
      to = std::copy_n(past + p * e.past * e.size, sample.old * e.size, to);
    }
    to = std::copy_n(rows + p * e.rows * e.size, sample.added * e.size, to);
    std::fill(to, end, 0.0f);
  }
}

}  // namespace

absl::StatusOr<CacheFormat> CacheFormat::Of(const Node& node, DType dtype,
                                            int64_t bits,
                                            const TensorView& scale,
                                            int64_t heads, int64_t size) {
  const bool fits = bits == 0 ? dtype == DType::kF32
                    : bits == 4
                        ? dtype == DType::kU8 && size % 2 == 0
                        : dtype == DType::kS8 || dtype == DType::kF8E4M3FN;
  if (!fits) {
    return NodeError(node, "type of a cache",
                     bits == 0   ? "that of the query"
                     : bits == 4 ? "uint8, and heads of even size"
                                 : "int8 or float8e4m3fn",
                     DTypeName(dtype));
  }
  CacheFormat format;
  format.dtype_ = dtype;
  format.bits_ = bits;
  format.size_ = size;
  if (bits == 0) return format;
  if (!scale.present() || scale.dtype != DType::kF32 ||
      (scale.size != 1 && scale.size != heads * size)) {
    return NodeError(
        node, "scale of a cache",
        absl::StrCat("1 or [1, ", heads, ", 1, ", size, "] float32 numbers"),
        scale.present()
            ? absl::StrCat(DTypeName(scale.dtype), DimsToString(scale.dims))
            : "none");
  }
  const auto* values = scale.As<float>();
  format.scale_.assign(values, values + scale.size);
  for (const float value : format.scale_) {
    if (!(value > 0) || !std::isfinite(value)) {
      return NodeError(node, "scale of a cache", "positive and finite",
                       absl::StrCat(value));
    }
  }
  return format;
}

size_t CacheFormat::row_bytes() const {
  return static_cast<size_t>(width()) * (quantized() ? 1 : sizeof(float));
}

void CacheFormat::Store(const float* row, int64_t head, std::byte* to) const {
  if (!quantized()) {
    std::memcpy(to, row, row_bytes());
    return;
  }
  for (int64_t i = 0; i < width(); ++i) {
    int32_t code;
    if (bits_ == 4) {
      const int64_t at = 2 * i;
      code = (Code(row[at], ScaleOf(head, at), -8, 7) + 8) |
             (Code(row[at + 1], ScaleOf(head, at + 1), -8, 7) + 8) << 4;
    } else if (dtype_ == DType::kS8) {
      code = Code(row[i], ScaleOf(head, i), -128, 127);
    } else {
      code = EncodeSmallFloat(SmallFloat::kE4M3FN, row[i] / ScaleOf(head, i),
                              /*saturate=*/true);
    }
    to[i] = static_cast<std::byte>(code & 255);
  }
}

void CacheFormat::Load(const std::byte* from, int64_t head, float* row) const {
  if (!quantized()) {
    std::memcpy(row, from, row_bytes());
    return;
  }
  for (int64_t i = 0; i < size_; ++i) {
    const auto byte = static_cast<uint8_t>(from[bits_ == 4 ? i / 2 : i]);
    const float value =
        bits_ == 4 ? static_cast<float>(((byte >> (i % 2 * 4)) & 15) - 8)
        : dtype_ == DType::kS8 ? static_cast<float>(static_cast<int8_t>(byte))
                               : DecodeSmallFloat(SmallFloat::kE4M3FN, byte);
    row[i] = value * ScaleOf(head, i);
  }
}

int64_t RowsKept(int64_t tokens, int64_t window, int64_t capacity) {
  if (tokens <= capacity) return tokens;
  const int64_t at_once = capacity - window + 1;
  return tokens - (tokens - capacity + at_once - 1) / at_once * at_once;
}

const float* AppendRows(const CacheFormat& format, const CacheExtents& e,
                        absl::Span<const CacheRows> samples, const void* past,
                        const float* rows, void* present,
                        std::vector<float>* all) {
  const size_t bytes = format.row_bytes();
  const bool direct =
      !format.quantized() && present != nullptr && e.stride == e.present &&
      std::all_of(samples.begin(), samples.end(), [](const CacheRows& sample) {
        return sample.kept == sample.all();
      });
  if (direct) {
    AppendFloats(e, samples, static_cast<const float*>(past), rows,
                 static_cast<float*>(present));
    return static_cast<const float*>(present);
  }
  all->assign(static_cast<size_t>(e.batch * e.heads * e.stride * e.size), 0);
  std::vector<std::byte> codes;
  for (int64_t p = 0; p < e.batch * e.heads; ++p) {
    const CacheRows& sample = samples[static_cast<size_t>(p / e.heads)];
    const int64_t head = p % e.heads;
    codes.resize(static_cast<size_t>(sample.all()) * bytes);
    const auto row = [&](int64_t i) {
      return codes.data() + static_cast<size_t>(i) * bytes;
    };
    if (sample.old > 0) {
      std::memcpy(codes.data(),
                  static_cast<const std::byte*>(past) +
                      static_cast<size_t>(p * e.past) * bytes,
                  static_cast<size_t>(sample.old) * bytes);
    }
    for (int64_t i = 0; i < sample.added; ++i) {
      format.Store(rows + (p * e.rows + i) * e.size, head, row(sample.old + i));
    }
    for (int64_t i = 0; i < sample.all(); ++i) {
      format.Load(row(i), head, all->data() + (p * e.stride + i) * e.size);
    }
    if (present == nullptr) continue;
    auto* const to = static_cast<std::byte*>(present) +
                     static_cast<size_t>(p * e.present) * bytes;
    const size_t kept = static_cast<size_t>(sample.kept) * bytes;
    if (kept > 0) std::memcpy(to, row(sample.all() - sample.kept), kept);
    std::memset(to + kept, 0, static_cast<size_t>(e.present) * bytes - kept);
  }
  return all->data();
}

}  // namespace hone
