// Queries, keys, values and outputs of attention in either of ONNX's layouts:
// [batch, heads, rows, size] or [batch, rows, heads * size].
#ifndef HONE_KERNELS_EXEC_OPS_ATTENTION_HEAD_LAYOUT_H_
#define HONE_KERNELS_EXEC_OPS_ATTENTION_HEAD_LAYOUT_H_

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/attention/attention.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/shapes.h"

namespace hone {

struct HeadExtents {
  int64_t batch = 0, heads = 0, rows = 0, size = 0;

  // `heads` counts the heads of rank 3. InvalidArgument: another rank, or heads
  // that do not divide the last extent.
  static absl::StatusOr<HeadExtents> Of(const Node& node,
                                        const TensorView& view, int64_t heads) {
    const Dims& d = view.dims;
    if (d.size() == 4) return HeadExtents{d[0], d[1], d[2], d[3]};
    if (d.size() != 3 || heads < 1 || d[2] % heads != 0) {
      return NodeError(node, "extents of query, key or value",
                       absl::StrCat("rank 4, or rank 3 of ", heads, " heads"),
                       DimsToString(d));
    }
    return HeadExtents{d[0], heads, d[1], d[2] / heads};
  }
};

template <typename T>
HeadRows<T> HeadsOf(T* data, const Dims& dims, int64_t heads, int64_t size) {
  HeadRows<T> rows;
  rows.data = data;
  if (dims.size() == 4) {
    rows.row = size;
    rows.head = dims[2] * size;
    rows.batch = heads * rows.head;
  } else {
    rows.row = heads * size;
    rows.head = size;
    rows.batch = dims[1] * rows.row;
  }
  return rows;
}

// An input as T, its own memory where it has that type.
template <typename T>
class Rows {
 public:
  static absl::StatusOr<Rows> Of(absl::string_view label,
                                 const TensorView& view) {
    Rows rows;
    rows.dims_ = view.dims;
    if (view.dtype == DTypeOf<T>()) {
      rows.direct_ = view.As<T>();
      return rows;
    }
    HONE_RETURN_IF_ERROR(rows.Convert(label, view, &rows.own_));
    return rows;
  }

  // `past` [batch, heads, rows, size], then `now` in either layout, as [batch,
  // heads, rows, size]. Just `now` when there is no past.
  static absl::StatusOr<Rows> Joined(absl::string_view label,
                                     const TensorView& past,
                                     const TensorView& now) {
    HONE_ASSIGN_OR_RETURN(Rows rows, Of(label, now));
    if (!past.present()) return rows;
    std::vector<T> before;
    HONE_RETURN_IF_ERROR(rows.Convert(label, past, &before));
    const int64_t batch = past.dims[0], heads = past.dims[1];
    const int64_t first = past.dims[2], size = past.dims[3];
    const HeadRows<const T> from = rows.Heads(heads, size);
    const int64_t more = now.dims.size() == 4 ? now.dims[2] : now.dims[1];
    std::vector<T> all;
    all.reserve(static_cast<size_t>(batch * heads * (first + more) * size));
    for (int64_t b = 0; b < batch; ++b) {
      for (int64_t h = 0; h < heads; ++h) {
        const T* head = before.data() + (b * heads + h) * first * size;
        all.insert(all.end(), head, head + first * size);
        for (int64_t r = 0; r < more; ++r) {
          const T* row = from.At(b, h, r);
          all.insert(all.end(), row, row + size);
        }
      }
    }
    rows.direct_ = nullptr;
    rows.own_ = std::move(all);
    rows.dims_ = {batch, heads, first + more, size};
    return rows;
  }

  const T* data() const { return direct_ != nullptr ? direct_ : own_.data(); }
  HeadRows<const T> Heads(int64_t heads, int64_t size) const {
    return HeadsOf<const T>(data(), dims_, heads, size);
  }

  // All rows as [batch, heads, rows, size]; nothing for an output left out.
  absl::Status WriteTo(absl::string_view label, int64_t heads,
                       const MutableTensorView& to) const {
    if (to.data == nullptr) return absl::OkStatus();
    const bool by_head = dims_.size() == 4;
    const Dims dims =
        by_head ? dims_ : Dims{dims_[0], heads, dims_[1], dims_[2] / heads};
    HONE_RETURN_IF_ERROR(ExpectDims(label, "output extents", dims, to.dims));
    const HeadRows<const T> from = Heads(heads, dims[3]);
    return VisitDType(Floats(), label, to.dtype, [&](auto type) {
      using U = typename decltype(type)::type;
      U* out = to.As<U>();
      for (int64_t i = 0; i < dims[0] * dims[1] * dims[2]; ++i) {
        const T* row =
            from.At(i / dims[2] / heads, i / dims[2] % heads, i % dims[2]);
        for (int64_t e = 0; e < dims[3]; ++e) *out++ = static_cast<U>(row[e]);
      }
      return absl::OkStatus();
    });
  }

 private:
  static absl::Status Convert(absl::string_view label, const TensorView& view,
                              std::vector<T>* to) {
    return VisitDType(Floats(), label, view.dtype, [&](auto type) {
      using U = typename decltype(type)::type;
      const U* from = view.As<U>();
      to->resize(static_cast<size_t>(view.size));
      for (int64_t i = 0; i < view.size; ++i) {
        (*to)[static_cast<size_t>(i)] = static_cast<T>(from[i]);
      }
      return absl::OkStatus();
    });
  }

  Dims dims_;
  const T* direct_ = nullptr;
  std::vector<T> own_;
};

// An output as T. One that is left out has no data.
template <typename T>
class RowsOut {
 public:
  explicit RowsOut(const MutableTensorView& view) : view_(view) {
    if (view.data == nullptr) return;
    if (view.dtype == DTypeOf<T>()) {
      data_ = view.As<T>();
    } else {
      own_.resize(static_cast<size_t>(view.size));
      data_ = own_.data();
    }
  }
  T* data() { return data_; }
  HeadRows<T> Heads(int64_t heads, int64_t size) {
    return HeadsOf<T>(data_, view_.dims, heads, size);
  }
  // Rounds into the output unless that has type T.
  absl::Status Finish(absl::string_view label) const {
    if (view_.data == nullptr || own_.empty()) return absl::OkStatus();
    return VisitDType(Floats(), label, view_.dtype, [&](auto type) {
      using U = typename decltype(type)::type;
      U* to = view_.As<U>();
      for (size_t i = 0; i < own_.size(); ++i) to[i] = static_cast<U>(own_[i]);
      return absl::OkStatus();
    });
  }

 private:
  const MutableTensorView view_;
  T* data_ = nullptr;
  std::vector<T> own_;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ATTENTION_HEAD_LAYOUT_H_
