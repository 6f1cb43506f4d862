#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ir/autodiff/gradient_maker.h"
#include "ir/autodiff/rules.h"
#include "ir/error/error.h"
#include "ir/type/type.h"
#include "ir/views/gemm_view.h"

namespace hone {
namespace {

// x with its last two axes exchanged.
std::string Exchanged(GradientMaker& make, const std::string& x, int64_t rank) {
  std::vector<int64_t> perm(static_cast<size_t>(rank));
  std::iota(perm.begin(), perm.end(), 0);
  std::swap(perm[perm.size() - 1], perm[perm.size() - 2]);
  return make.Transpose(x, std::move(perm));
}

// Whether both inputs are known to have the same extents before the matrix.
bool SameBatch(const GradientMaker& make, int64_t batch) {
  const Type& a = make.TypeOf(make.In(0));
  const Type& b = make.TypeOf(make.In(1));
  if (a.shape->size() != b.shape->size()) return false;
  for (size_t i = 0; i < static_cast<size_t>(batch); ++i) {
    const Dim& dim = (*a.shape)[i];
    if (dim != (*b.shape)[i] || !(dim.known() || dim.symbolic())) return false;
  }
  return true;
}

}  // namespace

// Y = A B: dA = dY B^T, dB = A^T dY, over the last two axes.
absl::Status GradientOfMatMul(GradientMaker& make) {
  const std::optional<int64_t> rank_a = make.RankOf(make.In(0));
  const std::optional<int64_t> rank_b = make.RankOf(make.In(1));
  if (!rank_a.has_value() || !rank_b.has_value()) {
    return make.Unimplemented("gradient at an input of unknown rank");
  }
  // A vector is a row on the left, a column on the right.
  std::string a = make.In(0), b = make.In(1), dy = make.OutGradient(0);
  if (*rank_b == 1) {
    b = make.Unsqueeze(b, 1);
    dy = make.Unsqueeze(dy, -1);
  }
  if (*rank_a == 1) {
    a = make.Unsqueeze(a, 0);
    dy = make.Unsqueeze(dy, -2);
  }
  const int64_t matrix_a = std::max<int64_t>(*rank_a, 2);
  const int64_t matrix_b = std::max<int64_t>(*rank_b, 2);
  const int64_t batch = std::max(matrix_a, matrix_b) - 2;
  // `product` has all of the batch's axes, the input perhaps fewer.
  const auto give = [&](size_t index, int64_t rank, const std::string& product,
                        const std::string& matrix) {
    if (rank == 2 && batch > 0) {
      std::vector<int64_t> axes(static_cast<size_t>(batch));
      std::iota(axes.begin(), axes.end(), 0);
      make.Give(index,
                make.ReshapedLike(make.KeptSum(product, axes), make.In(index)));
    } else if (rank == 2) {
      make.Give(index, make.ReshapedLike(product, make.In(index)));
    } else {
      make.Give(index, SameBatch(make, batch)
                           ? product
                           : make.SumAcross(product, matrix));
    }
  };
  if (make.Wants(0)) {
    give(0, matrix_a, make.Add("MatMul", {dy, Exchanged(make, b, matrix_b)}),
         a);
  }
  if (make.Wants(1)) {
    give(1, matrix_b, make.Add("MatMul", {Exchanged(make, a, matrix_a), dy}),
         b);
  }
  return absl::OkStatus();
}

// Y = alpha A' B' + beta C.
absl::Status GradientOfGemm(GradientMaker& make) {
  HONE_ASSIGN_OR_RETURN(const GemmView view,
                        GemmView::Of(make.node(), make.opset()));
  const std::string dy = make.OutGradient(0);
  const auto product = [&](const std::string& left, bool trans_left,
                           const std::string& right, bool trans_right) {
    return make.Add("Gemm", {left, right},
                    {Attribute::Float("alpha", view.alpha),
                     Attribute::Int("transA", trans_left ? 1 : 0),
                     Attribute::Int("transB", trans_right ? 1 : 0)});
  };
  if (make.Wants(0)) {
    make.Give(0, view.trans_a ? product(make.In(1), view.trans_b, dy, true)
                              : product(dy, false, make.In(1), !view.trans_b));
  }
  if (make.Wants(1)) {
    make.Give(1, view.trans_b ? product(dy, true, make.In(0), view.trans_a)
                              : product(make.In(0), !view.trans_a, dy, false));
  }
  if (make.Wants(2)) {
    make.GiveSummed(2, view.beta == 1
                           ? dy
                           : make.Scaled(dy, static_cast<double>(view.beta)));
  }
  return absl::OkStatus();
}

}  // namespace hone
