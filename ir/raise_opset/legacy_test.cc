#include "ir/raise_opset/legacy.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "ir/graph/graph.h"
#include "ir/text/parse_model.h"

namespace hone {
namespace {

Model Parsed(int opset, const std::string& text) {
  absl::StatusOr<Model> model = ParseModel(
      "<ir_version: 3, opset_import: [\"\": " + std::to_string(opset) + "]>\n" +
      text);
  EXPECT_TRUE(model.ok()) << model.status();
  return model.ok() ? *std::move(model) : Model();
}

TEST(RaiseToOpset7, BroadcastingByAxisBecomesAnUnsqueeze) {
  Model model = Parsed(6, R"(net (float32[2, 3, 4, 5] a, float32[3] b) =>
      (float32[2, 3, 4, 5] y) {
    y = Add<broadcast = 1, axis = 1>(a, b)
  })");
  ASSERT_TRUE(RaiseToOpset7(&model).ok());
  EXPECT_EQ(model.Opset(), 7);
  ASSERT_EQ(model.graph.nodes.size(), 2u);
  EXPECT_EQ(model.graph.nodes[0].op_type, "Unsqueeze");
  EXPECT_EQ(model.graph.nodes[0].IntsAttribute("axes"),
            (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(model.graph.nodes[1].inputs[1], model.graph.nodes[0].outputs[0]);
  EXPECT_EQ(model.graph.nodes[1].FindAttribute("axis"), nullptr);
}

TEST(RaiseToOpset7, SlopesCountChannels) {
  Model model = Parsed(6, R"(net (float32[2, 3, 4] x, float32[3] s) =>
      (float32[2, 3, 4] y) {
    y = PRelu(x, s)
  })");
  ASSERT_TRUE(RaiseToOpset7(&model).ok());
  ASSERT_EQ(model.graph.nodes.size(), 2u);
  EXPECT_EQ(model.graph.nodes[0].IntsAttribute("axes"),
            (std::vector<int64_t>{1}));
}

TEST(RaiseToOpset7, SaysWhatItCannot) {
  Model model = Parsed(6, R"(net (float32[2, 3] x, float32[3] a) =>
      (float32[2, 3] y) {
    [bn] y = BatchNormalization<spatial = 0>(x, a, a, a, a)
  })");
  const absl::Status status = RaiseToOpset7(&model);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_NE(status.message().find("bn"), absl::string_view::npos);
}

TEST(RaiseToOpset7, LeavesNewerModelsAlone) {
  Model model = Parsed(7, R"(net (float32[2] x) => (float32[2] y) {
    y = Add(x, x)
  })");
  ASSERT_TRUE(RaiseToOpset7(&model).ok());
  EXPECT_EQ(model.graph.nodes.size(), 1u);
}

}  // namespace
}  // namespace hone
