#include "ir/views/window.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/text/parse_model.h"
#include "ir/views/conv_view.h"
#include "ir/views/pool_view.h"

namespace hone {
namespace {

Node NodeOf(absl::string_view op) {
  absl::StatusOr<Model> model =
      ParseModel(absl::StrCat("g () => () { [n] y = ", op, " }"));
  EXPECT_TRUE(model.ok()) << model.status();
  return model.ok() ? model->graph.nodes[0] : Node();
}

// "begin,end,output" of a one-axis Conv with kernel 3.
std::string ConvAxis(absl::string_view attributes, int64_t extent) {
  const Node node = NodeOf(absl::StrCat("Conv<", attributes, ">(x, w)"));
  const auto view = ConvView::Of(node, 17, {1, 1, 3});
  if (!view.ok()) return std::string(view.status().message());
  const auto axis = view->window.ResolveAxis(node, 0, extent);
  if (!axis.ok()) return std::string(axis.status().message());
  return absl::StrCat(axis->pad_begin, ",", axis->pad_end, ",", axis->output);
}

TEST(ConvViewTest, ResolvesPads) {
  EXPECT_EQ(ConvAxis("group = 1", 8), "0,0,6");
  EXPECT_EQ(ConvAxis("pads = [1, 2]", 8), "1,2,9");
  EXPECT_EQ(ConvAxis("strides = [2]", 8), "0,0,3");
  EXPECT_EQ(ConvAxis("dilations = [2]", 8), "0,0,4");
  EXPECT_EQ(ConvAxis("auto_pad = \"VALID\"", 8), "0,0,6");
  EXPECT_EQ(ConvAxis("auto_pad = \"SAME_UPPER\"", 8), "1,1,8");
  EXPECT_EQ(ConvAxis("auto_pad = \"SAME_UPPER\", strides = [2]", 8), "0,1,4");
  EXPECT_EQ(ConvAxis("auto_pad = \"SAME_LOWER\", strides = [2]", 8), "1,0,4");
  EXPECT_EQ(ConvAxis("auto_pad = \"SAME_LOWER\", strides = [4]", 8), "0,0,2");
}

TEST(ConvViewTest, ErrorsNameTheNode) {
  EXPECT_EQ(ConvAxis("group = 1", 2),
            "node n: window larger than the padded input: expected an extent "
            "of at least 3 on spatial axis 0, found 2");
  EXPECT_EQ(ConvAxis("kernel_shape = [5]", 8),
            "node n: kernel_shape: expected 3, found 5");
  EXPECT_EQ(ConvAxis("strides = [0]", 8),
            "node n: attribute strides: expected numbers in [1, 2147483648), "
            "found 0");
  EXPECT_EQ(ConvAxis("pads = [1]", 8),
            "node n: attribute pads: expected 2 numbers, found 1");
  EXPECT_EQ(ConvAxis("group = \"x\"", 8),
            "node n: attribute group: expected an int, found kind 3");
  EXPECT_EQ(ConvAxis("auto_pad = \"SAME\"", 8),
            "node n: attribute auto_pad: expected one of NOTSET, SAME_UPPER, "
            "SAME_LOWER, VALID, found SAME");
  EXPECT_TRUE(absl::StrContains(ConvAxis("group = 1", int64_t{1} << 62 | 1),
                                "out of range"));
  EXPECT_FALSE(
      ConvView::Of(NodeOf("Conv(x, w)"), 17, {}).ok());  // no extents at all
  EXPECT_TRUE(
      ConvView::Of(NodeOf("Conv<kernel_shape = [3]>(x, w)"), 17, {}).ok());
}

std::string TransposeAxis(absl::string_view attributes, int64_t extent) {
  const Node node =
      NodeOf(absl::StrCat("ConvTranspose<", attributes, ">(x, w)"));
  const auto view = ConvTransposeView::Of(node, 17, {1, 1, 3});
  if (!view.ok()) return std::string(view.status().message());
  const auto axis = view->ResolveAxis(node, 0, extent);
  if (!axis.ok()) return std::string(axis.status().message());
  return absl::StrCat(axis->pad_begin, ",", axis->pad_end, ",", axis->output);
}

TEST(ConvTransposeViewTest, ResolvesPads) {
  EXPECT_EQ(TransposeAxis("strides = [2]", 4), "0,0,9");
  EXPECT_EQ(
      TransposeAxis("strides = [2], pads = [1, 1], output_padding = [1]", 4),
      "1,1,8");
  EXPECT_EQ(TransposeAxis("strides = [2], output_shape = [8]", 4), "1,0,8");
  EXPECT_EQ(TransposeAxis("strides = [2], output_shape = [1, 1, 8], "
                          "auto_pad = \"SAME_UPPER\"",
                          4),
            "0,1,8");
  EXPECT_EQ(TransposeAxis("strides = [2], auto_pad = \"SAME_LOWER\"", 4),
            "1,0,8");
  EXPECT_TRUE(absl::StrContains(TransposeAxis("pads = [9, 9]", 4), "pads"));
  EXPECT_TRUE(
      absl::StrContains(TransposeAxis("output_padding = [-1]", 4), "-1"));
}

TEST(PoolViewTest, CeilModeDropsAWindowThatStartsInThePadding) {
  const Node node = NodeOf(
      "AveragePool<kernel_shape = [2], strides = [3], ceil_mode = 1, "
      "pads = [0, 1], count_include_pad = 1>(x)");
  const absl::StatusOr<PoolView> view = PoolView::Of(node, 17);
  ASSERT_TRUE(view.ok());
  EXPECT_TRUE(view->count_include_pad);
  EXPECT_EQ(view->window.ResolveAxis(node, 0, 7)->output, 3);
  // Starts 0, 3, 6: 6 is in the padding of an input of 6.
  EXPECT_EQ(view->window.ResolveAxis(node, 0, 6)->output, 2);
  EXPECT_FALSE(PoolView::Of(NodeOf("MaxPool(x)"), 17).ok());
}

}  // namespace
}  // namespace hone
