#include "kernels/cpu/blocked/winograd.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hwy/aligned_allocator.h"
#include "kernels/cpu/blocked/blocked_product.h"
#include "kernels/cpu/blocked/blocks.h"
#include "kernels/cpu/blocked/winograd_transform.h"
#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/gemm/panels.h"
#include "kernels/threads/cancel_scope.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

constexpr int64_t kPositions = 36;
// Floats of transformed inputs and outputs that are in flight: about the
// second-level cache.
constexpr int64_t kInFlight = 1 << 18;
constexpr int64_t kMaxTiles = 112;
constexpr BlockedTap kOneTap;

int64_t CeilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

WinogradTiles TilesOf(const ConvShape& s) {
  return {s.in[1], s.in[2], s.pad_begin[1], s.pad_begin[2], s.out[1], s.out[2]};
}

// How the tiles of all images are taken; a function of the extents alone.
struct Chunks {
  explicit Chunks(const ConvShape& s)
      : block(ChannelBlock()),
        in_blocks(ChannelBlocks(s.in_channels)),
        out_blocks(ChannelBlocks(s.out_channels)),
        of_image(TilesOf(s).count()),
        all(s.batch * of_image) {
    const int64_t rows = CurrentTileShape().rows;
    const int64_t a_tile = kPositions * (in_blocks + out_blocks) * block;
    const int64_t most =
        std::clamp<int64_t>(kInFlight / a_tile / rows * rows, rows, kMaxTiles);
    count = CeilDiv(all, most);
    tiles = count == 0 ? 0 : CeilDiv(all, count);
    // A line more than fits, so that the 36 do not meet in one cache set.
    in_position = (in_blocks * tiles + 1) * block;
    out_position = (out_blocks * tiles + 1) * block;
  }

  int64_t block, in_blocks, out_blocks;
  int64_t of_image, all;  // tiles
  int64_t count = 0;      // chunks
  int64_t tiles = 0;      // of a chunk
  int64_t in_position = 0, out_position = 0;
};

// The tiles [begin, end) of all images, an image at a time: part(image, first
// tile in it, tiles, tiles before).
template <typename F>
void ForImages(int64_t of_image, int64_t begin, int64_t end, const F& part) {
  for (int64_t t = begin; t < end;) {
    const int64_t first = t % of_image;
    const int64_t count = std::min(of_image - first, end - t);
    part(t / of_image, first, count, t - begin);
    t += count;
  }
}

// A block of filters, lane by lane.
using Lanes = std::array<double, kMaxChannelBlock>;

// u = G g G^T; row i of G is (1, p, p^2) of its point over the product of the
// distances to the other finite points, the last (0 0 1).
void TurnFilters(const Lanes (&g)[9],
                 float (&u)[kPositions][kMaxChannelBlock]) {
  constexpr double kA = kWinogradA, kB = kWinogradB;
  constexpr double kA2 = kA * kA, kB2 = kB * kB;
  constexpr double kOfA = 1 / (2 * kA2 * (kA2 - kB2));
  constexpr double kOfB = 1 / (2 * kB2 * (kB2 - kA2));
  constexpr double kG[6][3] = {
      {1 / (kA2 * kB2), 0, 0},        {kOfA, kA * kOfA, kA2 * kOfA},
      {kOfA, -kA * kOfA, kA2 * kOfA}, {kOfB, kB * kOfB, kB2 * kOfB},
      {kOfB, -kB * kOfB, kB2 * kOfB}, {0, 0, 1}};
  Lanes half[6][3];
  for (size_t i = 0; i < 6; ++i) {
    for (size_t j = 0; j < 3; ++j) {
      for (size_t l = 0; l < kMaxChannelBlock; ++l) {
        half[i][j][l] = kG[i][0] * g[j][l] + kG[i][1] * g[3 + j][l] +
                        kG[i][2] * g[6 + j][l];
      }
    }
  }
  for (size_t i = 0; i < 6; ++i) {
    for (size_t j = 0; j < 6; ++j) {
      for (size_t l = 0; l < kMaxChannelBlock; ++l) {
        u[i * 6 + j][l] = static_cast<float>(half[i][0][l] * kG[j][0] +
                                             half[i][1][l] * kG[j][1] +
                                             half[i][2][l] * kG[j][2]);
      }
    }
  }
}

}  // namespace

WinogradWeights::WinogradWeights(const float* w, int64_t out_channels,
                                 int64_t in_channels)
    : out_blocks_(ChannelBlocks(out_channels)) {
  const int64_t lanes = ChannelBlock();
  const int64_t depth = ChannelBlocks(in_channels) * lanes;
  floats_ = depth * out_blocks_ * lanes;
  data_ = hwy::AllocateAligned<float>(
      std::max<size_t>(1, static_cast<size_t>(kPositions * floats_)));
  for (int64_t block = 0; block < out_blocks_; ++block) {
    // Panels of two blocks, the last of one where they are odd.
    const int64_t panel = block / 2 * 2;
    const int64_t width = std::min<int64_t>(2, out_blocks_ - panel) * lanes;
    float* const to = data_.get() + panel * lanes * depth + block % 2 * lanes;
    const int64_t valid = std::min(lanes, out_channels - block * lanes);
    const float* const from = w + block * lanes * in_channels * 9;
    for (int64_t c = 0; c < depth; ++c) {
      Lanes g[9] = {};
      for (int64_t l = 0; l < valid && c < in_channels; ++l) {
        for (int64_t j = 0; j < 9; ++j) {
          g[j][static_cast<size_t>(l)] = from[(l * in_channels + c) * 9 + j];
        }
      }
      float u[kPositions][kMaxChannelBlock];
      TurnFilters(g, u);
      for (int64_t i = 0; i < kPositions; ++i) {
        std::copy_n(u[i], lanes, to + i * floats_ + c * width);
      }
    }
  }
}

bool WinogradApplies(const ConvShape& s) {
  return s.groups == 1 && s.in[0] == 1 && s.kernel == Spatial{1, 3, 3} &&
         s.stride == Spatial{1, 1, 1} && s.dilation == Spatial{1, 1, 1} &&
         s.out[0] == 1 && s.pad_begin[0] == 0;
}

bool WinogradPays(const ConvShape& s) {
  const int64_t block = ChannelBlock();
  return s.in_channels >= 2 * block && s.out_channels >= 2 * block &&
         s.batch * TilesOf(s).count() >= CurrentTileShape().rows;
}

size_t WinogradScratchBytes(const ConvShape& s) {
  const Chunks chunks(s);
  return static_cast<size_t>(kPositions *
                             (chunks.in_position + chunks.out_position)) *
         sizeof(float);
}

void WinogradConv(const ConvShape& s, const float* x, const WinogradWeights& w,
                  const ConvEpilogue& epilogue, float* y, std::byte* scratch,
                  ThreadPool& pool) {
  if (s.batch * s.out_channels * s.out_size() == 0) return;
  const Chunks c(s);
  const WinogradTiles tiles = TilesOf(s);
  float* const v = reinterpret_cast<float*>(scratch);
  float* const m = v + kPositions * c.in_position;
  const CancelToken cancel = CancelToken::Current();
  const int64_t panels = BlockedPanels(c.out_blocks);
  for (int64_t chunk = 0; chunk < c.count; ++chunk) {
    if (cancel.requested()) return;
    const int64_t begin = chunk * c.tiles;
    const int64_t end = std::min(c.all, begin + c.tiles);
    pool.ParallelFor(c.in_blocks, [&](int64_t b, int) {
      ForImages(
          c.of_image, begin, end,
          [&](int64_t image, int64_t first, int64_t count, int64_t at) {
            WinogradInput(
                tiles, x + (image * c.in_blocks + b) * s.in_size() * c.block,
                first, count, v + (b * c.tiles + at) * c.block, c.in_position);
          });
    });
    pool.ParallelFor(kPositions, [&](int64_t i, int) {
      if (cancel.requested()) return;
      BlockedProduct p;
      p.x = v + i * c.in_position;
      p.x_plane = c.tiles * c.block;
      p.planes = c.in_blocks;
      p.taps = &kOneTap;
      p.tap_count = 1;
      p.w = w.data(i);
      p.out_blocks = c.out_blocks;
      p.runs = RowPanels(end - begin, CurrentTileShape().rows);
      p.rows = 1;
      p.y = m + i * c.out_position;
      p.y_plane = c.tiles * c.block;
      MultiplyBlocked(p, 0, p.run_count(), 0, panels);
    });
    pool.ParallelFor(c.out_blocks, [&](int64_t b, int) {
      ForImages(c.of_image, begin, end,
                [&](int64_t image, int64_t first, int64_t count, int64_t at) {
                  const int64_t plane =
                      (image * c.out_blocks + b) * s.out_size() * c.block;
                  WinogradOutput(
                      tiles, m + (b * c.tiles + at) * c.block, first, count,
                      c.out_position,
                      epilogue.bias == nullptr ? nullptr
                                               : epilogue.bias + b * c.block,
                      epilogue.residual == nullptr ? nullptr
                                                   : epilogue.residual + plane,
                      epilogue.activation, y + plane);
                });
    });
  }
}

}  // namespace hone
