#include "kernels/exec/ops/detection/detection.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/detection/detection.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/gather/indices.h"

namespace hone {
namespace {

absl::Status RunSuppression(bool center, const Node& node,
                            const std::string& label,
                            const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
  const Dims& boxes = context.inputs[0].dims;
  const Dims& scores = context.inputs[1].dims;
  if (boxes.size() != 3 || scores.size() != 3 || boxes[2] != 4 ||
      boxes[0] != scores[0] || boxes[1] != scores[2]) {
    return NodeError(
        node, "extents of boxes and scores",
        "[n, boxes, 4], [n, classes, boxes]",
        absl::StrCat(DimsToString(boxes), ", ", DimsToString(scores)));
  }
  SuppressionOptions options;
  options.center = center;
  for (size_t i = 2; i < context.inputs.size() && i < 5; ++i) {
    HONE_ASSIGN_OR_RETURN(const std::vector<double> number,
                          ReadNumbers(label, context.inputs[i]));
    if (number.empty()) continue;
    if (i == 2) {
      options.most =
          number[0] > 0 ? static_cast<int64_t>(std::min(number[0], 1e15)) : 0;
    } else if (i == 3) {
      options.overlap = number[0];
    } else {
      options.score = number[0];
    }
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<double> b,
                        ReadNumbers(label, context.inputs[0]));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> s,
                        ReadNumbers(label, context.inputs[1]));
  const std::vector<std::array<int64_t, 3>> kept = NonMaxSuppression(
      b.data(), s.data(), boxes[0], scores[1], boxes[1], options);
  std::vector<int64_t> flat;
  for (const auto& row : kept) flat.insert(flat.end(), row.begin(), row.end());
  context.results[0] =
      Tensor::FromVector<int64_t>({static_cast<int64_t>(kept.size()), 3}, flat);
  return absl::OkStatus();
}

absl::Status RunRoiAlign(const RoiAlignOptions& options, const Node& node,
                         const std::string& label,
                         const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 3));
  const Dims& x = context.inputs[0].dims;
  const Dims& rois = context.inputs[1].dims;
  if (x.size() != 4 || rois.size() != 2 || rois[1] != 4) {
    return NodeError(node, "extents of the input and the boxes",
                     "[n, c, h, w], [boxes, 4]",
                     absl::StrCat(DimsToString(x), ", ", DimsToString(rois)));
  }
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "batch indices", {rois[0]}, context.inputs[2].dims));
  HONE_ASSIGN_OR_RETURN(std::vector<int64_t> batch,
                        IndexElements(label, context.inputs[2]));
  HONE_RETURN_IF_ERROR(WrapIndices(label, x[0], absl::MakeSpan(batch)));
  HONE_RETURN_IF_ERROR(ExpectDims(
      label, "output extents", {rois[0], x[1], options.height, options.width},
      context.outputs[0].dims));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> image,
                        ReadNumbers(label, context.inputs[0]));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> boxes,
                        ReadNumbers(label, context.inputs[1]));
  std::vector<double> y(static_cast<size_t>(context.outputs[0].size));
  RoiAlign(*context.pool, image.data(), x[1], x[2], x[3], boxes.data(),
           batch.data(), rois[0], options, y.data());
  return WriteNumbers(label, y, context.outputs[0]);
}

absl::Status RunMaxRoiPool(const std::vector<int64_t>& shape, double scale,
                           const Node& node, const std::string& label,
                           const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
  const Dims& x = context.inputs[0].dims;
  const Dims& rois = context.inputs[1].dims;
  if (x.size() != 4 || rois.size() != 2 || rois[1] != 5) {
    return NodeError(node, "extents of the input and the boxes",
                     "[n, c, h, w], [boxes, 5]",
                     absl::StrCat(DimsToString(x), ", ", DimsToString(rois)));
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<double> image,
                        ReadNumbers(label, context.inputs[0]));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> boxes,
                        ReadNumbers(label, context.inputs[1]));
  for (size_t i = 0; i < boxes.size(); i += 5) {
    if (!(boxes[i] >= 0 && boxes[i] < static_cast<double>(x[0]))) {
      return NodeError(node, "a box's sample", absl::StrCat("below ", x[0]),
                       absl::StrCat(boxes[i]));
    }
  }
  HONE_RETURN_IF_ERROR(ExpectDims(label, "output extents",
                                  {rois[0], x[1], shape[0], shape[1]},
                                  context.outputs[0].dims));
  std::vector<double> y(static_cast<size_t>(context.outputs[0].size));
  MaxRoiPool(*context.pool, image.data(), x[1], x[2], x[3], boxes.data(),
             rois[0], scale, shape[0], shape[1], y.data());
  return WriteNumbers(label, y, context.outputs[0]);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeNonMaxSuppression(
    const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const bool center = read.Bool("center_point_box", false);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  return MakeFunctionKernel(
      {"non_max_suppression", false, true},
      [center, node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunSuppression(center, node, label, context);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeRoiAlign(const KernelSpec& spec) {
  static constexpr absl::string_view kModes[] = {"avg", "max"};
  static constexpr absl::string_view kTransforms[] = {"half_pixel",
                                                      "output_half_pixel"};
  AttributeReader read(*spec.node);
  RoiAlignOptions options;
  options.height = read.IntIn("output_height", 1, 1, int64_t{1} << 31);
  options.width = read.IntIn("output_width", 1, 1, int64_t{1} << 31);
  options.samples = read.IntIn("sampling_ratio", 0, 0, 1024);
  options.scale = read.Float("spatial_scale", 1);
  options.max = read.Choice("mode", "avg", absl::MakeConstSpan(kModes)) == 1;
  // Before opset 16 there was no half pixel.
  options.half_pixel =
      spec.opset >= 16 &&
      read.Choice("coordinate_transformation_mode", "half_pixel",
                  absl::MakeConstSpan(kTransforms)) == 0;
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel({"roi_align"}, [options, node = *spec.node,
                                            label = NodeLabel(*spec.node)](
                                               const KernelContext& context) {
    return RunRoiAlign(options, node, label, context);
  });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeMaxRoiPool(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const std::vector<int64_t> shape = read.Ints("pooled_shape");
  const double scale = read.Float("spatial_scale", 1);
  if (shape.size() != 2 || shape[0] < 1 || shape[1] < 1) {
    read.Fail("pooled_shape", "two extents");
  }
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"max_roi_pool"},
      [shape, scale, node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunMaxRoiPool(shape, scale, node, label, context);
      });
}

}  // namespace hone
