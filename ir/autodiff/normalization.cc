// Normalizations: y = scale * (x - mean) / sqrt(var + epsilon) + bias. With
// n = (x - mean) / sqrt(var + epsilon), g = dy * scale and E the mean over what
// the statistics are taken of, where they are x's own:
//   dx = (g - E g - n E(g n)) / sqrt(var + epsilon)
// (Ioffe and Szegedy 2015, arXiv:1502.03167, section 3).
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ir/autodiff/gradient_maker.h"
#include "ir/autodiff/rules.h"
#include "ir/error/error.h"
#include "ir/views/attributes.h"
#include "ir/views/normalization_view.h"

namespace hone {
namespace {

// 1 / sqrt(var + epsilon)
std::string InverseDeviation(GradientMaker& make, const std::string& var,
                             float epsilon) {
  const std::string sum =
      make.Add("Add", {var, make.Number(static_cast<double>(epsilon))});
  return make.Add("Reciprocal", {make.Add("Sqrt", {sum})});
}

struct Normalized {
  std::string inverse;  // 1 / sqrt(var + epsilon)
  std::string n;
};

// By the statistics of x over `axes`; without a mean for RMSNormalization.
Normalized Normalize(GradientMaker& make, const std::vector<int64_t>& axes,
                     float epsilon, bool centred) {
  std::string x = make.In(0);
  if (centred) x = make.Add("Sub", {x, make.KeptMean(x, axes)});
  Normalized out;
  out.inverse =
      InverseDeviation(make, make.KeptMean(make.Square(x), axes), epsilon);
  out.n = make.Mul(x, out.inverse);
  return out;
}

void GiveX(GradientMaker& make, const Normalized& by, const std::string& g,
           const std::vector<int64_t>& axes, bool centred) {
  std::string dx = g;
  if (centred) dx = make.Add("Sub", {dx, make.KeptMean(g, axes)});
  const std::string along = make.KeptMean(make.Mul(g, by.n), axes);
  dx = make.Add("Sub", {dx, make.Mul(by.n, along)});
  make.Give(0, make.Mul(dx, by.inverse));
}

// Channels are axis 1: [c] as [c, 1, ...].
std::string PerChannel(GradientMaker& make, const std::string& x,
                       int64_t rank) {
  std::vector<int64_t> shape(static_cast<size_t>(rank - 1), 1);
  shape[0] = -1;
  return make.Add("Reshape", {x, make.Ints(shape)});
}

// Every axis from `first` on but 1.
std::vector<int64_t> AxesFrom(int64_t first, int64_t rank) {
  std::vector<int64_t> axes;
  for (int64_t i = first; i < rank; ++i) {
    if (i != 1) axes.push_back(i);
  }
  return axes;
}

// Sums over all but channels, as [c].
std::string ChannelSum(GradientMaker& make, const std::string& x,
                       int64_t rank) {
  return make.Add("ReduceSum", {x, make.Ints(AxesFrom(0, rank))},
                  {Attribute::Int("keepdims", 0)});
}

absl::StatusOr<int64_t> KnownRank(GradientMaker& make) {
  const std::optional<int64_t> rank = make.RankOf(make.In(0));
  if (!rank.has_value() || *rank < 2) {
    return make.Unimplemented("gradient at an input of unknown rank");
  }
  return *rank;
}

// `statistics`: the axes that x's own are taken over; empty: inputs 3 and 4.
absl::Status PerChannelNormalization(GradientMaker& make, int64_t rank,
                                     const std::vector<int64_t>& statistics,
                                     float epsilon) {
  const std::string dy = make.OutGradient(0);
  const std::string g = make.Mul(dy, PerChannel(make, make.In(1), rank));
  Normalized by;
  if (statistics.empty()) {
    by.inverse =
        InverseDeviation(make, PerChannel(make, make.In(4), rank), epsilon);
    const std::string centred =
        make.Add("Sub", {make.In(0), PerChannel(make, make.In(3), rank)});
    by.n = make.Mul(centred, by.inverse);
    make.Give(0, make.Mul(g, by.inverse));
    if (make.Wants(3)) {
      const std::string sum = ChannelSum(make, make.Mul(g, by.inverse), rank);
      make.Give(3, make.Add("Neg", {sum}));
    }
    if (make.Wants(4)) {
      const std::string each =
          make.Mul(make.Mul(g, by.n), make.Square(by.inverse));
      make.Give(4, make.Scaled(ChannelSum(make, each, rank), -0.5));
    }
  } else {
    by = Normalize(make, statistics, epsilon, true);
    GiveX(make, by, g, statistics, true);
  }
  if (make.Wants(1)) {
    make.Give(1, ChannelSum(make, make.Mul(dy, by.n), rank));
  }
  if (make.Wants(2)) make.Give(2, ChannelSum(make, dy, rank));
  return absl::OkStatus();
}

absl::Status NoGradientOfStatistics(GradientMaker& make) {
  for (size_t i = 1; i < make.node().outputs.size(); ++i) {
    if (make.OutHasGradient(i)) {
      return make.Unimplemented("gradient of the statistics");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status GradientOfBatchNormalization(GradientMaker& make) {
  HONE_RETURN_IF_ERROR(NoGradientOfStatistics(make));
  HONE_ASSIGN_OR_RETURN(const BatchNormalizationView view,
                        BatchNormalizationView::Of(make.node(), make.opset()));
  HONE_ASSIGN_OR_RETURN(const int64_t rank, KnownRank(make));
  return PerChannelNormalization(
      make, rank, view.training ? AxesFrom(0, rank) : std::vector<int64_t>(),
      view.epsilon);
}

absl::Status GradientOfInstanceNormalization(GradientMaker& make) {
  HONE_ASSIGN_OR_RETURN(
      const InstanceNormalizationView view,
      InstanceNormalizationView::Of(make.node(), make.opset()));
  HONE_ASSIGN_OR_RETURN(const int64_t rank, KnownRank(make));
  if (rank < 3) return make.Unimplemented("gradient without a plane");
  return PerChannelNormalization(make, rank, AxesFrom(2, rank), view.epsilon);
}

absl::Status GradientOfLayerNormalization(GradientMaker& make) {
  HONE_RETURN_IF_ERROR(NoGradientOfStatistics(make));
  HONE_ASSIGN_OR_RETURN(const LayerNormalizationView view,
                        LayerNormalizationView::Of(make.node(), make.opset()));
  const std::optional<int64_t> rank = make.RankOf(make.In(0));
  if (!rank.has_value()) {
    return make.Unimplemented("gradient at an input of unknown rank");
  }
  HONE_ASSIGN_OR_RETURN(const int64_t first,
                        FrontAxis(make.node(), view.axis, *rank));
  std::vector<int64_t> axes;
  for (int64_t i = first; i < *rank; ++i) axes.push_back(i);
  const bool centred = make.node().op_type == "LayerNormalization";
  const std::string dy = make.OutGradient(0);
  const Normalized by = Normalize(make, axes, view.epsilon, centred);
  if (make.Wants(0)) {
    GiveX(make, by, make.Mul(dy, make.In(1)), axes, centred);
  }
  if (make.Wants(1)) make.GiveSummed(1, make.Mul(dy, by.n));
  make.GiveSummed(2, dy);
  return absl::OkStatus();
}

}  // namespace hone
