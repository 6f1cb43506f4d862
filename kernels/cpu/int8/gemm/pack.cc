#include "kernels/cpu/int8/gemm/pack.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "kernels/cpu/parallel/parallel.h"

namespace hone {
namespace {

// The most that two weights of one sign may add up to: 255 * 128 < 2^15.
constexpr int kMostPair = 128;

using Place = PackedInt8::Extras::Place;

int64_t RoundUp(int64_t n, int64_t unit) {
  return (n + unit - 1) / unit * unit;
}

// Splits the pairs of one vector's fours. rest(k, weights) takes what is left
// of the four from k on.
template <typename Rest>
void SplitFours(int8_t* vector, int64_t lanes, int64_t depth,
                const Rest& rest) {
  int8_t left[64];
  for (int64_t k = 0; k < depth; k += 4) {
    int8_t* const four = vector + k * lanes;
    bool split = false;
    std::memset(left, 0, sizeof(left));
    for (int64_t j = 0; j < lanes * 4; j += 2) {
      split |= SplitSaturatingPair(four + j, left + j);
    }
    if (split) rest(k, left);
  }
}

// Rows of a matrix of bytes, `flip` of whose bits are other than int8's.
struct Matrix {
  const uint8_t* b;
  int64_t depth, columns;
  uint8_t flip;

  // `lanes` bytes of row k from `column` on; what lies outside is 0 as int8.
  const uint8_t* Row(int64_t k, int64_t column, int64_t lanes,
                     uint8_t* own) const {
    const int64_t inside =
        k < depth ? std::min(lanes, columns - column) : int64_t{0};
    if (inside == lanes) return b + k * columns + column;
    std::memset(own, flip, static_cast<size_t>(lanes));
    if (inside > 0) {
      std::memcpy(own, b + k * columns + column, static_cast<size_t>(inside));
    }
    return own;
  }
};

// One vector of kLanes columns: fours of bytes, or pairs of int16; sums[kLanes]
// of its columns.
template <int kLanes>
void InterleaveMatrix(const Matrix& m, bool pairs, int64_t column, int64_t k4,
                      int8_t* out, int32_t* sums) {
  uint8_t own[4][kLanes];
  uint32_t total[kLanes] = {};
  for (int64_t k = 0; k < k4; k += 4) {
    const uint8_t* row[4];
    for (int j = 0; j < 4; ++j) row[j] = m.Row(k + j, column, kLanes, own[j]);
    uint8_t bytes[4][kLanes];
    for (int j = 0; j < 4; ++j) {
      for (int c = 0; c < kLanes; ++c) {
        bytes[j][c] = row[j][c] ^ m.flip;
        total[c] +=
            static_cast<uint32_t>(int32_t{static_cast<int8_t>(bytes[j][c])});
      }
    }
    if (pairs) {
      int16_t to[2][kLanes][2];
      for (int c = 0; c < kLanes; ++c) {
        for (int j = 0; j < 4; ++j) {
          to[j / 2][c][j % 2] = static_cast<int8_t>(bytes[j][c]);
        }
      }
      std::memcpy(out, to, sizeof(to));
      out += sizeof(to);
      continue;
    }
    uint32_t to[kLanes];
    for (int c = 0; c < kLanes; ++c) {
      to[c] = uint32_t{bytes[0][c]} | uint32_t{bytes[1][c]} << 8 |
              uint32_t{bytes[2][c]} << 16 | uint32_t{bytes[3][c]} << 24;
    }
    std::memcpy(out, to, sizeof(to));
    out += sizeof(to);
  }
  std::memcpy(sums, total, sizeof(total));
}

void InterleaveMatrix(const Matrix& m, const Int8Layout& layout, int64_t column,
                      int64_t k4, int8_t* out, int32_t* sums) {
  const bool pairs = layout.kind == Int8Layout::Kind::kPairs;
  switch (layout.lanes) {
    case 16:
      return InterleaveMatrix<16>(m, pairs, column, k4, out, sums);
    case 8:
      return InterleaveMatrix<8>(m, pairs, column, k4, out, sums);
    case 4:
      return InterleaveMatrix<4>(m, pairs, column, k4, out, sums);
    case 2:
      return InterleaveMatrix<2>(m, pairs, column, k4, out, sums);
    default:
      for (int64_t c = 0; c < layout.lanes; ++c) sums[c] = 0;
      for (int64_t k = 0; k < k4; ++k) {
        for (int64_t c = 0; c < layout.lanes; ++c) {
          uint8_t own;
          const int8_t value =
              static_cast<int8_t>(*m.Row(k, column + c, 1, &own) ^ m.flip);
          sums[c] += value;
          const int64_t step = pairs ? 2 : 4;
          const int64_t at = (k / step * layout.lanes + c) * step + k % step;
          if (pairs) {
            const int16_t wide = value;
            std::memcpy(out + 2 * at, &wide, 2);
          } else {
            out[at] = value;
          }
        }
      }
  }
}

// Where OfMatrix puts what, in bytes.
struct StorageLayout {
  StorageLayout(int64_t depth, int64_t columns, const Int8Layout& layout) {
    k4 = RoundUp(depth, 4);
    vectors = (columns + layout.lanes - 1) / layout.lanes;
    const int64_t wide = layout.kind == Int8Layout::Kind::kPairs ? 2 : 1;
    sums = RoundUp(vectors * layout.lanes * k4 * wide, 64);
    extras = sums + RoundUp(vectors * layout.lanes * 4, 64);
    places = rest = end = extras;
    if (layout.kind != Int8Layout::Kind::kSaturating4) return;
    places =
        extras + RoundUp(vectors * int64_t{sizeof(PackedInt8::Extras)}, 64);
    rest = places + RoundUp(vectors * k4 / 4 * int64_t{sizeof(Place)}, 64);
    end = rest + RoundUp(vectors * k4 * layout.lanes, 64);
  }
  int64_t k4, vectors;
  int64_t sums, extras, places, rest, end;
};

}  // namespace

bool SplitSaturatingPair(int8_t* w, int8_t* rest) {
  const int sum = w[0] + w[1];
  if ((w[0] < 0) != (w[1] < 0) || (sum <= kMostPair && sum >= -kMostPair)) {
    return false;
  }
  const int kept = (sum > 0 ? kMostPair : -kMostPair) - w[0];
  rest[1] = static_cast<int8_t>(w[1] - kept);
  w[1] = static_cast<int8_t>(kept);
  return true;
}

std::string Int8Layout::name() const {
  const char* const kinds[] = {"dot4.", "saturating4.", "pairs."};
  return kinds[static_cast<int>(kind)] + std::to_string(lanes);
}

PackedInt8::PackedInt8(const int8_t* w, int64_t groups, int64_t columns,
                       int64_t taps, int64_t depth, Int8Layout layout)
    : groups_(groups),
      columns_(columns),
      taps_(taps),
      depth_(depth),
      layout_(layout) {
  const size_t bytes =
      static_cast<size_t>(groups_ * vectors() * vector_bytes());
  owned_.data = hwy::AllocateAligned<int8_t>(std::max<size_t>(bytes, 1));
  data_ = owned_.data.get();
  const size_t all = static_cast<size_t>(groups_ * vectors());
  if (layout_.kind == Int8Layout::Kind::kSaturating4) {
    owned_.extras.resize(all);
    owned_.places.resize(all);
    owned_.rest.resize(all);
    extras_ = owned_.extras.data();
  }
  const int64_t k = taps_ * depth_;
  std::vector<int32_t>& sums = owned_.sums;
  sums.resize(static_cast<size_t>(groups_ * columns_));
  for (size_t c = 0; c < sums.size(); ++c) {
    uint32_t sum = 0;
    const int8_t* const column = w + static_cast<int64_t>(c) * k;
    for (int64_t i = 0; i < k; ++i) {
      sum += static_cast<uint32_t>(int32_t{column[i]});
    }
    sums[c] = static_cast<int32_t>(sum);
  }
  sums_ = sums.data();
  for (int64_t g = 0; g < groups_; ++g) {
    for (int64_t v = 0; v < vectors(); ++v) {
      PackVector(w + g * columns_ * k, g, v,
                 owned_.data.get() + (g * vectors() + v) * vector_bytes());
    }
  }
  bytes_ = bytes + sums.size() * sizeof(int32_t);
  for (const Extras& extras : owned_.extras) {
    bytes_ +=
        extras.weights.size() + extras.places.size() * sizeof(Extras::Place);
  }
}

PackedInt8::PackedInt8(int64_t depth, int64_t columns, Int8Layout layout)
    : groups_(1),
      columns_(columns),
      taps_(1),
      depth_(RoundUp(depth, 4)),
      layout_(layout) {}

size_t PackedInt8::StorageBytes(int64_t depth, int64_t columns,
                                Int8Layout layout) {
  return static_cast<size_t>(StorageLayout(depth, columns, layout).end);
}

PackedInt8 PackedInt8::OfMatrix(const void* b, bool is_signed, int64_t depth,
                                int64_t columns, Int8Layout layout,
                                std::byte* storage, ThreadPool& pool) {
  const StorageLayout at(depth, columns, layout);
  PackedInt8 packed(depth, columns, layout);
  int8_t* const data = reinterpret_cast<int8_t*>(storage);
  int32_t* const sums = reinterpret_cast<int32_t*>(storage + at.sums);
  Extras* const extras = layout.kind == Int8Layout::Kind::kSaturating4
                             ? reinterpret_cast<Extras*>(storage + at.extras)
                             : nullptr;
  packed.data_ = data;
  packed.sums_ = sums;
  packed.extras_ = extras;
  packed.bytes_ = static_cast<size_t>(at.end);
  const Matrix matrix = {static_cast<const uint8_t*>(b), depth, columns,
                         static_cast<uint8_t>(is_signed ? 0 : 0x80)};
  const auto pack = [&](int64_t v) {
    int8_t* const out = data + v * packed.vector_bytes();
    InterleaveMatrix(matrix, layout, v * layout.lanes, at.k4, out,
                     sums + v * layout.lanes);
    if (extras == nullptr) return;
    Place* const places =
        reinterpret_cast<Place*>(storage + at.places) + v * (at.k4 / 4);
    int8_t* const rest =
        reinterpret_cast<int8_t*>(storage + at.rest) + v * at.k4 * layout.lanes;
    size_t count = 0;
    const size_t four = static_cast<size_t>(layout.lanes * 4);
    SplitFours(out, layout.lanes, at.k4, [&](int64_t k, const int8_t* left) {
      places[count] = {0, static_cast<int32_t>(k)};
      std::memcpy(rest + count * four, left, four);
      ++count;
    });
    new (extras + v) Extras{{places, count}, {rest, count * four}};
  };
  ForRanges(pool, at.vectors,
            GrainFor(kLightGrain, std::max<int64_t>(1, at.k4 * layout.lanes)),
            [&](int64_t begin, int64_t end) {
              for (int64_t v = begin; v < end; ++v) pack(v);
            });
  return packed;
}

void PackedInt8::PackVector(const int8_t* w, int64_t group, int64_t vector,
                            int8_t* out) {
  const int64_t k = taps_ * depth_;
  const int64_t lanes = layout_.lanes;
  const int64_t first = vector * lanes;
  const int64_t columns = std::min(lanes, columns_ - first);
  std::memset(out, 0, static_cast<size_t>(vector_bytes()));
  if (layout_.kind == Int8Layout::Kind::kPairs) {
    int16_t* const pairs = reinterpret_cast<int16_t*>(out);
    for (int64_t c = 0; c < columns; ++c) {
      const int8_t* const from = w + (first + c) * k;
      for (int64_t i = 0; i < k; ++i) {
        pairs[(i / 2 * lanes + c) * 2 + i % 2] = from[i];
      }
    }
    return;
  }
  for (int64_t c = 0; c < columns; ++c) {
    const int8_t* const from = w + (first + c) * k;
    for (int64_t i = 0; i < k; i += 4) {
      std::memcpy(out + (i / 4 * lanes + c) * 4, from + i, 4);
    }
  }
  if (layout_.kind != Int8Layout::Kind::kSaturating4) return;
  const size_t at = static_cast<size_t>(group * vectors() + vector);
  std::vector<Extras::Place>& places = owned_.places[at];
  std::vector<int8_t>& rest = owned_.rest[at];
  SplitFours(out, lanes, k, [&](int64_t i, const int8_t* left) {
    places.push_back(
        {static_cast<int32_t>(i / depth_), static_cast<int32_t>(i % depth_)});
    rest.insert(rest.end(), left, left + lanes * 4);
  });
  owned_.extras[at] = {places, rest};
}

}  // namespace hone
