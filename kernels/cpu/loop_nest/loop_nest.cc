#include "kernels/cpu/loop_nest/loop_nest.h"

#include <utility>

namespace hone {

Extents RowMajorStrides(absl::Span<const int64_t> dims) {
  Extents strides(dims.size());
  int64_t step = 1;
  for (size_t i = dims.size(); i-- > 0;) {
    strides[i] = step;
    step *= dims[i];
  }
  return strides;
}

bool BroadcastsTo(absl::Span<const int64_t> dims,
                  absl::Span<const int64_t> target) {
  if (dims.size() > target.size()) return false;
  const size_t missing = target.size() - dims.size();
  for (size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] != 1 && dims[i] != target[missing + i]) return false;
  }
  return true;
}

Extents BroadcastStrides(absl::Span<const int64_t> dims,
                         absl::Span<const int64_t> target) {
  const Extents dense = RowMajorStrides(dims);
  Extents strides(target.size(), 0);
  const size_t missing = target.size() - dims.size();
  for (size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] != 1) strides[missing + i] = dense[i];
  }
  return strides;
}

LoopNest::LoopNest(absl::Span<const int64_t> dims, std::vector<Extents> strides)
    : dims_(dims.begin(), dims.end()), strides_(std::move(strides)) {
  CountRows();
}

void LoopNest::Coalesce() {
  Extents dims;
  std::vector<Extents> strides(strides_.size());
  for (size_t l = 0; l < dims_.size(); ++l) {
    if (dims_[l] == 1) continue;
    bool merges = !dims.empty();
    for (size_t a = 0; a < strides_.size() && merges; ++a) {
      merges = strides[a].back() == strides_[a][l] * dims_[l];
    }
    if (merges) {
      dims.back() *= dims_[l];
      for (size_t a = 0; a < strides_.size(); ++a) {
        strides[a].back() = strides_[a][l];
      }
      continue;
    }
    dims.push_back(dims_[l]);
    for (size_t a = 0; a < strides_.size(); ++a) {
      strides[a].push_back(strides_[a][l]);
    }
  }
  dims_ = std::move(dims);
  strides_ = std::move(strides);
  CountRows();
}

void LoopNest::CountRows() {
  rows_ = 1;
  for (size_t l = 0; l + 1 < dims_.size(); ++l) rows_ *= dims_[l];
  if (inner() == 0) rows_ = 0;
}

}  // namespace hone
