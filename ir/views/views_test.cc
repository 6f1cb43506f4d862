// Parameters by opset, attribute or input, and their defaults.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ir/dtype/dtype.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/text/parse_model.h"
#include "ir/views/attributes.h"
#include "ir/views/axis_view.h"
#include "ir/views/clip_view.h"
#include "ir/views/gemm_view.h"
#include "ir/views/normalization_view.h"
#include "ir/views/pad_view.h"
#include "ir/views/quantize_view.h"
#include "ir/views/recurrent_view.h"
#include "ir/views/reduce_view.h"
#include "ir/views/reshape_view.h"
#include "ir/views/resize_view.h"
#include "ir/views/slice_view.h"
#include "ir/views/softmax_view.h"
#include "ir/views/split_view.h"
#include "ir/views/squeeze_view.h"

namespace hone {
namespace {

using Ints = std::vector<int64_t>;

// A node, the last of a graph of constants, with its constant inputs.
class Parsed {
 public:
  explicit Parsed(absl::string_view statements)
      : model_(*ParseModel(absl::StrCat("g () => () {", statements, "}"))),
        index_(model_.graph),
        constants_(ConstantInputsOf(node(), index_)) {}
  const Node& node() const { return model_.graph.nodes.back(); }
  ConstantInputs constants() const { return constants_; }

 private:
  Model model_;
  GraphIndex index_;
  std::vector<const Tensor*> constants_;
};

TEST(ReduceViewTest, AxesMovedToAnInput) {
  const Parsed by_attribute("y = ReduceMean<axes = [-1, 0]>(x)");
  auto view = *ReduceView::Of(by_attribute.node(), 17, {});
  EXPECT_EQ(*view.Resolve(by_attribute.node(), 3), Ints({0, 2}));
  EXPECT_FALSE(view.Resolve(by_attribute.node(), 1).ok());
  const Parsed by_input(
      "a = constant int64[1] {1} y = ReduceMean<keepdims = 0>(x, a)");
  view = *ReduceView::Of(by_input.node(), 18, by_input.constants());
  EXPECT_EQ(*view.axes, Ints({1}));
  EXPECT_FALSE(view.keepdims);
  const Parsed dynamic("y = ReduceSum(x, a)");
  EXPECT_FALSE(ReduceView::Of(dynamic.node(), 13, dynamic.constants())
                   ->axes.has_value());
  // The same input at an opset that has only the attribute: all axes.
  view = *ReduceView::Of(Parsed("y = ReduceMean(x)").node(), 17, {});
  EXPECT_EQ(*view.Resolve(dynamic.node(), 2), Ints({0, 1}));
  const Parsed noop("y = ReduceSum<noop_with_empty_axes = 1>(x)");
  view = *ReduceView::Of(noop.node(), 13, {});
  EXPECT_TRUE(view.Resolve(noop.node(), 2)->empty());
}

TEST(SoftmaxViewTest, FlattensBeforeOpset13) {
  const Parsed softmax("y = Softmax(x)");
  auto split = *SoftmaxView::Of(softmax.node(), 12)
                    ->Resolve(softmax.node(), {2, 3, 4, 5});
  EXPECT_EQ(split.outer, 2);
  EXPECT_EQ(split.extent, 60);
  EXPECT_EQ(split.inner, 1);
  const Parsed by_axis("y = Softmax<axis = 1>(x)");
  split = *SoftmaxView::Of(by_axis.node(), 13)
               ->Resolve(by_axis.node(), {2, 3, 4, 5});
  EXPECT_EQ(split.outer, 2);
  EXPECT_EQ(split.extent, 3);
  EXPECT_EQ(split.inner, 20);
}

TEST(ClipViewTest, BoundsByOpset) {
  const Parsed by_input("m = constant float32[] {6} y = Clip(x, \"\", m)");
  const auto view = *ClipView::Of(by_input.node(), 13, by_input.constants());
  EXPECT_EQ(*view.min, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(*view.max, 6);
  const Parsed by_attribute("y = Clip<min = 0.5>(x)");
  EXPECT_EQ(*ClipView::Of(by_attribute.node(), 10, {})->min, 0.5);
  EXPECT_EQ(static_cast<float>(*ClipView::Of(by_attribute.node(), 10, {})->max),
            std::numeric_limits<float>::max());
  const Parsed dynamic("y = Clip(x, m)");
  EXPECT_FALSE(
      ClipView::Of(dynamic.node(), 13, dynamic.constants())->min.has_value());
  const Parsed wrong("m = constant float32[2] {1, 2} y = Clip(x, m)");
  EXPECT_FALSE(ClipView::Of(wrong.node(), 13, wrong.constants()).ok());
}

TEST(PadViewTest, AxesAndValues) {
  const Parsed pad(
      "p = constant int64[2] {1, -2} v = constant float16[] {0.5} "
      "a = constant int64[1] {-1} y = Pad<mode = \"edge\">(x, p, v, a)");
  const auto view = *PadView::Of(pad.node(), 18, pad.constants());
  EXPECT_EQ(view.mode, PadView::Mode::kEdge);
  EXPECT_EQ(*view.value, 0.5);
  const auto axes = *view.Resolve(pad.node(), 3);
  EXPECT_EQ(axes[0].begin, 0);
  EXPECT_EQ(axes[2].begin, 1);
  EXPECT_EQ(axes[2].end, -2);
  const Parsed old("y = Pad<pads = [0, 1, 0, 2]>(x)");
  EXPECT_EQ((*PadView::Of(old.node(), 10, {})->Resolve(old.node(), 2))[1].end,
            2);
  EXPECT_FALSE(PadView::Of(old.node(), 10, {})->Resolve(old.node(), 3).ok());
}

std::string Clamped(int64_t start, int64_t end, int64_t step, int64_t extent) {
  const SliceView::Axis axis = SliceView::Clamp(start, end, step, extent);
  return absl::StrCat(axis.start, "+", axis.count);
}

TEST(SliceViewTest, ClampsAsPythonDoes) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  EXPECT_EQ(Clamped(0, kMax, 1, 5), "0+5");
  EXPECT_EQ(Clamped(1, 4, 2, 5), "1+2");
  EXPECT_EQ(Clamped(-2, kMax, 1, 5), "3+2");
  EXPECT_EQ(Clamped(-9, -1, 1, 5), "0+4");
  EXPECT_EQ(Clamped(4, 2, 1, 5), "4+0");
  EXPECT_EQ(Clamped(-1, kMin, -1, 5), "4+5");
  EXPECT_EQ(Clamped(kMax, -3, -2, 5), "4+1");
  EXPECT_EQ(Clamped(3, 0, -1, 5), "3+3");
  EXPECT_EQ(Clamped(0, kMax, 1, 0), "0+0");
  EXPECT_EQ(Clamped(-1, kMin, -1, 0), "0+0");
  EXPECT_EQ(Clamped(4, kMin, kMin, 5), "4+1");
}

TEST(SliceViewTest, DefaultsAndErrors) {
  const Parsed slice(
      "b = constant int32[1] {1} e = constant int32[1] {3} y = Slice(x, b, e)");
  const auto view = *SliceView::Of(slice.node(), 13, slice.constants());
  ASSERT_TRUE(view.known());
  const auto axes = *view.Resolve(slice.node(), {9, 7});
  EXPECT_EQ(axes[0].count, 2);
  EXPECT_EQ(axes[1].count, 7);
  const Parsed zero(
      "b = constant int64[1] {1} s = constant int64[1] {0} "
      "y = Slice(x, b, b, s, s)");
  EXPECT_FALSE(SliceView::Of(zero.node(), 13, zero.constants())
                   ->Resolve(zero.node(), {9})
                   .ok());
  const Parsed old("y = Slice<starts = [0], ends = [2], axes = [1]>(x)");
  EXPECT_EQ(
      (*SliceView::Of(old.node(), 9, {})->Resolve(old.node(), {9, 7}))[1].count,
      2);
}

TEST(ReshapeViewTest, InfersOneExtent) {
  const Parsed reshape("s = constant int64[3] {0, -1, 2} y = Reshape(x, s)");
  const auto view = *ReshapeView::Of(reshape.node(), 17, reshape.constants());
  EXPECT_EQ(*view.Resolve(reshape.node(), {3, 8}), Dims({3, 4, 2}));
  EXPECT_EQ(*view.Resolve(reshape.node(), {0, 8}), Dims({0, 0, 2}));
  EXPECT_FALSE(view.Resolve(reshape.node(), {3, 7}).ok());
  EXPECT_FALSE(view.Resolve(reshape.node(), {}).ok());
  const Parsed zero(
      "s = constant int64[2] {0, 4} y = Reshape<allowzero = 1>(x, s)");
  EXPECT_EQ(*ReshapeView::Of(zero.node(), 17, zero.constants())
                 ->Resolve(zero.node(), {0, 9}),
            Dims({0, 4}));
}

TEST(SplitViewTest, EqualAndGivenParts) {
  const Parsed split("a, b, c = Split<num_outputs = 3>(x)");
  const auto view = *SplitView::Of(split.node(), 18, split.constants());
  EXPECT_EQ(*view.Resolve(split.node(), 7), Ints({3, 3, 1}));
  EXPECT_FALSE(
      SplitView::Of(split.node(), 13, {})->Resolve(split.node(), 7).ok());
  const Parsed given("s = constant int64[2] {1, 4} a, b = Split(x, s)");
  const auto sizes = *SplitView::Of(given.node(), 13, given.constants());
  EXPECT_EQ(*sizes.Resolve(given.node(), 5), Ints({1, 4}));
  EXPECT_FALSE(sizes.Resolve(given.node(), 6).ok());
  EXPECT_FALSE(
      SplitView::Of(Parsed("a = Split<num_outputs = 3>(x)").node(), 18, {})
          .ok());
}

TEST(SqueezeViewTest, AxesByOpset) {
  EXPECT_TRUE(SqueezeView::Of(Parsed("y = Squeeze(x)").node(), 13, {})->all);
  const Parsed old("y = Unsqueeze<axes = [0, -1]>(x)");
  EXPECT_EQ(*UnsqueezeView::Of(old.node(), 11, {})->Resolve(old.node(), 2),
            Ints({0, 3}));
  const Parsed twice("a = constant int64[2] {0, -3} y = Unsqueeze(x, a)");
  EXPECT_FALSE(UnsqueezeView::Of(twice.node(), 13, twice.constants())
                   ->Resolve(twice.node(), 1)
                   .ok());
}

TEST(ResizeViewTest, ScalesAndSizes) {
  const Parsed scales(
      "s = constant float32[4] {1, 1, 2, 0.5} "
      "y = Resize<mode = \"linear\", "
      "coordinate_transformation_mode = \"align_corners\">(x, \"\", s)");
  auto view = *ResizeView::Of(scales.node(), 13, scales.constants());
  EXPECT_EQ(view.mode, ResizeView::Mode::kLinear);
  EXPECT_EQ(view.coordinates, ResizeView::Coordinates::kAlignCorners);
  auto axes = *view.Resolve(scales.node(), {1, 3, 5, 5});
  EXPECT_EQ(axes[2].output, 10);
  EXPECT_EQ(axes[3].output, 2);
  const Parsed sizes(
      "z = constant int64[2] {20, 30} y = Resize<axes = [2, 3], "
      "keep_aspect_ratio_policy = \"not_larger\">(x, \"\", \"\", z)");
  view = *ResizeView::Of(sizes.node(), 18, sizes.constants());
  axes = *view.Resolve(sizes.node(), {1, 3, 10, 10});
  EXPECT_EQ(axes[2].output, 20);
  EXPECT_EQ(axes[3].output, 20);
  EXPECT_EQ(axes[0].output, 1);
  // Upsample and the first Resize round down from asymmetric coordinates.
  view = *ResizeView::Of(Parsed("y = Upsample<scales = [1.0, 2.0]>(x)").node(),
                         7, {});
  EXPECT_EQ(view.coordinates, ResizeView::Coordinates::kAsymmetric);
  EXPECT_EQ(view.rounding, ResizeView::Rounding::kFloor);
  EXPECT_EQ(view.scales.size(), 2u);
  const Parsed bad("s = constant float32[1] {-1} y = Resize(x, \"\", s)");
  EXPECT_FALSE(ResizeView::Of(bad.node(), 13, bad.constants())
                   ->Resolve(bad.node(), {4})
                   .ok());
}

TEST(QuantizeViewTest, GranularityAndDTypes) {
  const Parsed node("y = QuantizeLinear<axis = 0, output_dtype = 3>(x, s)");
  auto view = *QuantizeView::Of(node.node(), 21);
  EXPECT_EQ(view.GranularityOf(0, 1), QuantizeView::Granularity::kPerTensor);
  EXPECT_EQ(view.GranularityOf(1, 1), QuantizeView::Granularity::kPerTensor);
  EXPECT_EQ(view.GranularityOf(1, 8), QuantizeView::Granularity::kPerAxis);
  EXPECT_EQ(view.QuantizedDType(DType::kUndefined), DType::kS8);
  EXPECT_EQ(view.QuantizedDType(DType::kU16), DType::kU16);
  view.block_size = 4;
  EXPECT_EQ(view.GranularityOf(2, 8), QuantizeView::Granularity::kBlocked);
  EXPECT_EQ(QuantizeView().QuantizedDType(DType::kUndefined), DType::kU8);
  EXPECT_EQ(QuantizeView().DequantizedDType(DType::kF16), DType::kF16);
  EXPECT_FALSE(
      QuantizeView::Of(
          Parsed("y = QuantizeLinear<output_dtype = 99>(x, s)").node(), 21)
          .ok());
}

TEST(AxisViewTest, DefaultsAndErrors) {
  EXPECT_FALSE(ConcatView::Of(Parsed("y = Concat(x)").node(), 17).ok());
  const Parsed transpose("y = Transpose(x)");
  EXPECT_EQ(
      *TransposeView::Of(transpose.node(), 17)->Resolve(transpose.node(), 3),
      Ints({2, 1, 0}));
  const Parsed twice("y = Transpose<perm = [0, 0]>(x)");
  EXPECT_FALSE(
      TransposeView::Of(twice.node(), 17)->Resolve(twice.node(), 2).ok());
  EXPECT_EQ(*TopKView::Of(Parsed("v, i = TopK<k = 3>(x)").node(), 7, {})->k, 3);
  const Parsed cumsum("a = constant int32[] {-1} y = CumSum(x, a)");
  EXPECT_EQ(*CumSumView::Of(cumsum.node(), 14, cumsum.constants())->axis, -1);
  const Parsed flatten("y = Flatten<axis = 2>(x)");
  EXPECT_EQ(*FlattenView::Of(flatten.node(), 17)->Resolve(flatten.node(), 2),
            2);
}

TEST(NormalizationViewTest, TrainingByOpset) {
  const Parsed old("y, m, v = BatchNormalization(x, s, b, a, c)");
  EXPECT_TRUE(BatchNormalizationView::Of(old.node(), 9)->training);
  EXPECT_FALSE(BatchNormalizationView::Of(old.node(), 14)->training);
  EXPECT_FLOAT_EQ(BatchNormalizationView::Of(old.node(), 14)->epsilon, 1e-5f);
  EXPECT_FALSE(LrnView::Of(Parsed("y = LRN(x)").node(), 13).ok());
  const Parsed group("y = GroupNormalization<num_groups = 2>(x, s, b)");
  EXPECT_FALSE(GroupNormalizationView::Of(group.node(), 18)->per_channel);
  EXPECT_TRUE(GroupNormalizationView::Of(group.node(), 21)->per_channel);
}

TEST(RecurrentViewTest, FillsActivationsPerDirection) {
  const Parsed lstm(
      "y = LSTM<direction = \"bidirectional\", "
      "hidden_size = 4>(x, w, r)");
  const auto view = *RecurrentView::Of(lstm.node(), 14);
  EXPECT_EQ(view.gates, 4);
  EXPECT_EQ(view.directions(), 2);
  ASSERT_EQ(view.activations.size(), 6u);
  EXPECT_EQ(view.activations[3], "Sigmoid");
  EXPECT_FALSE(view.clip.has_value());
  EXPECT_FALSE(
      RecurrentView::Of(
          Parsed("y = GRU<activations = [\"Tanh\"]>(x, w, r)").node(), 14)
          .ok());
}

TEST(AttributeReaderTest, RefusesReferences) {
  const absl::StatusOr<Model> model = ParseModel(
      "g () => () {} function f<a> (x) => (y) { y = Gemm<alpha: float = @a>"
      "(x, x) }");
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(GemmView::Of(model->functions[0].nodes[0], 17).status().message(),
            "node Gemm -> y: attribute alpha: expected a value, found a "
            "reference to the function's attribute a");
}

}  // namespace
}  // namespace hone
