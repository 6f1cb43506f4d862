#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ir/simplify/graph_edit.h"
#include "ir/simplify/passes.h"
#include "ir/views/pad_view.h"

namespace hone {
namespace {

// Begins, then ends, of the spatial axes; empty: the Pad is another.
std::vector<int64_t> SpatialPads(const GraphEdit& edit, const Node& pad,
                                 bool pads_with_lowest) {
  const std::vector<const Tensor*> constants = edit.Constants(pad);
  const auto view = PadView::Of(pad, edit.Opset(), constants);
  const Shape* shape = edit.ShapeOf(pad.inputs[0]);
  if (!view.ok() || view->mode != PadView::Mode::kConstant ||
      !view->pads.has_value() || !view->axes.has_value() ||
      !view->value.has_value() || shape == nullptr || shape->size() < 3) {
    return {};
  }
  const double value = *view->value;
  if (pads_with_lowest ? !(std::isinf(value) && value < 0)
                       : value != 0 || std::signbit(value)) {
    return {};
  }
  const auto axes = view->Resolve(pad, static_cast<int64_t>(shape->size()));
  if (!axes.ok()) return {};
  std::vector<int64_t> begins, ends;
  for (size_t i = 0; i < axes->size(); ++i) {
    const PadView::Axis& axis = (*axes)[i];
    if (axis.begin < 0 || axis.end < 0) return {};
    if (i < 2) {
      if (axis.begin != 0 || axis.end != 0) return {};
      continue;
    }
    begins.push_back(axis.begin);
    ends.push_back(axis.end);
  }
  begins.insert(begins.end(), ends.begin(), ends.end());
  return begins;
}

void Fuse(GraphEdit& edit, int i) {
  const Node& node = edit.node(i);
  const bool max_pool = node.Is("MaxPool");
  const bool average =
      node.Is("AveragePool") && node.IntAttribute("count_include_pad", 0) != 0;
  if (!node.Is("Conv") && !max_pool && !average) return;
  const std::string auto_pad = node.StringAttribute("auto_pad", "NOTSET");
  // Padding counts as windows' beginnings in ceil mode too, but ONNX's
  // extents then differ.
  if ((auto_pad != "NOTSET" && auto_pad != "VALID") ||
      node.IntAttribute("ceil_mode", 0) != 0 || !node.Output(1).empty()) {
    return;
  }
  const int producer = edit.Producer(node.inputs[0], "Pad");
  if (producer < 0 || !edit.OnlyReader(node.inputs[0])) return;
  const Node pad = edit.node(producer);
  const std::vector<int64_t> more = SpatialPads(edit, pad, max_pool);
  if (more.empty()) return;
  std::vector<int64_t> pads = node.IntsAttribute("pads");
  if (auto_pad == "VALID") pads.clear();
  pads.resize(more.size(), 0);
  const std::vector<int64_t> kernel = node.IntsAttribute("kernel_shape");
  for (size_t k = 0; k < pads.size(); ++k) {
    pads[k] += more[k];
    // Runtimes refuse pooling windows that see padding alone.
    if (!node.Is("Conv") && (k % (pads.size() / 2) >= kernel.size() ||
                             pads[k] >= kernel[k % (pads.size() / 2)])) {
      return;
    }
  }
  Node fused = node;
  fused.inputs[0] = pad.inputs[0];
  fused.RemoveAttribute("auto_pad");
  fused.SetAttribute(Attribute::Ints("pads", pads));
  edit.SetNode(i, std::move(fused));
  edit.Say(pad, "fused",
           absl::StrCat("into ", NodeLabel(edit.node(i)), " (",
                        edit.node(i).op_type, ")"));
}

}  // namespace

void FusePad(GraphEdit& edit) {
  for (int i = 0; i < edit.size(); ++i) {
    if (edit.Alive(i) && !edit.node(i).inputs.empty()) Fuse(edit, i);
  }
}

}  // namespace hone
