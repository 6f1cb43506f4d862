#include "kernels/exec/ops/matmul/matmul_geometry.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"

namespace hone {
namespace {

// The extent of batch axis `axis` of `rank`, counted from the front, of an
// operand that may have fewer.
int64_t BatchExtent(absl::Span<const int64_t> batch, size_t rank, size_t axis) {
  const size_t missing = rank - batch.size();
  return axis < missing ? 1 : batch[axis - missing];
}

// Where the operand's matrix for each index of `batch` begins.
std::vector<int64_t> Offsets(absl::Span<const int64_t> own,
                             absl::Span<const int64_t> batch, int64_t matrix) {
  std::vector<int64_t> offsets = {0};
  int64_t stride = matrix;
  // From the last axis on: each axis repeats what is there at its own step.
  for (size_t i = batch.size(); i-- > 0;) {
    const int64_t extent = BatchExtent(own, batch.size(), i);
    const int64_t step = extent == 1 ? 0 : stride;
    const std::vector<int64_t> inner = std::move(offsets);
    offsets.clear();
    offsets.reserve(inner.size() * static_cast<size_t>(batch[i]));
    for (int64_t j = 0; j < batch[i]; ++j) {
      for (int64_t offset : inner) offsets.push_back(j * step + offset);
    }
    stride *= extent;
  }
  return offsets;
}

}  // namespace

absl::StatusOr<MatMulGeometry> MatMulGeometry::Of(const Node& node,
                                                  absl::Span<const int64_t> a,
                                                  absl::Span<const int64_t> b) {
  if (a.empty() || b.empty()) {
    return NodeError(node, "ranks of A and B", "at least 1",
                     absl::StrCat(a.size(), " and ", b.size()));
  }
  MatMulGeometry g;
  g.m = a.size() == 1 ? 1 : a[a.size() - 2];
  g.k = a.back();
  g.n = b.size() == 1 ? 1 : b.back();
  const int64_t k = b.size() == 1 ? b[0] : b[b.size() - 2];
  if (k != g.k) {
    return NodeError(node, "inner extent of B",
                     absl::StrCat(g.k, " (A ", DimsToString(a), ")"),
                     absl::StrCat(k, " (B ", DimsToString(b), ")"));
  }
  const absl::Span<const int64_t> batch_a =
      a.subspan(0, a.size() < 2 ? 0 : a.size() - 2);
  const absl::Span<const int64_t> batch_b =
      b.subspan(0, b.size() < 2 ? 0 : b.size() - 2);
  const size_t rank = std::max(batch_a.size(), batch_b.size());
  Dims batch;
  bool one_b = true;
  bool whole_a = true;
  for (size_t i = 0; i < rank; ++i) {
    const int64_t extent_a = BatchExtent(batch_a, rank, i);
    const int64_t extent_b = BatchExtent(batch_b, rank, i);
    if (extent_a != extent_b && extent_a != 1 && extent_b != 1) {
      return NodeError(node, "extents of B",
                       absl::StrCat("broadcasting with A ", DimsToString(a)),
                       DimsToString(b));
    }
    batch.push_back(extent_a == 1 ? extent_b : extent_a);
    one_b = one_b && extent_b == 1;
    whole_a = whole_a && extent_a == batch.back();
  }
  g.y = batch;
  if (a.size() > 1) g.y.push_back(g.m);
  if (b.size() > 1) g.y.push_back(g.n);
  if (one_b && whole_a) {
    for (int64_t extent : batch) g.m *= extent;
    g.a = {0};
    g.b = {0};
  } else {
    g.a = Offsets(batch_a, batch, g.m * g.k);
    g.b = Offsets(batch_b, batch, g.k * g.n);
  }
  return g;
}

}  // namespace hone
