// Makes the nodes that stand for one node, or that one node gives rise to.
//
//   const std::string x = make.Add("DequantizeLinear", {make.In(0), ...});
//   make.AddAs(make.Out(0), "QuantizeLinear", {make.Add("Relu", {x}), ...});
#ifndef HONE_IR_REWRITE_NODE_MAKER_H_
#define HONE_IR_REWRITE_NODE_MAKER_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/rewrite/name_allocator.h"
#include "ir/shape_inference/shape_inference.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"

namespace hone {

class NodeMaker {
 public:
  using Names = std::vector<std::string>;
  using Attributes = std::vector<Attribute>;

  // `opset` is the default domain's. The nodes are appended to `out`.
  NodeMaker(const Node& node, int64_t opset, const InferredTypes& types,
            NameAllocator& names, std::vector<Node>& out)
      : node_(node), opset_(opset), types_(types), names_(names), out_(out) {}

  const Node& node() const { return node_; }
  int64_t opset() const { return opset_; }
  // "" when it is left out.
  std::string In(size_t index) const;
  std::string Out(size_t index) const;
  // kUnknown, kUndefined, nullopt: not known.
  const Type& TypeOf(absl::string_view value) const {
    return types_.TypeOf(value);
  }
  DType DTypeOf(absl::string_view value) const;
  std::optional<int64_t> RankOf(absl::string_view value) const;
  // -1 when it is not known.
  int64_t ExtentOf(absl::string_view value, int64_t axis) const;
  // The call's attributes of these names, those that it has.
  Attributes Keep(std::initializer_list<absl::string_view> names) const;

  // A node with one output, whose name it returns. Inputs left out at the end
  // may be "".
  std::string Add(absl::string_view op_type, Names inputs,
                  Attributes attributes = {}, absl::string_view domain = "");
  Names AddMany(absl::string_view op_type, Names inputs, size_t outputs,
                Attributes attributes = {}, absl::string_view domain = "");
  // With the given outputs. Nothing happens when all are "".
  void AddAs(Names outputs, absl::string_view op_type, Names inputs,
             Attributes attributes = {}, absl::string_view domain = "");
  void AddAs(std::string output, absl::string_view op_type, Names inputs,
             Attributes attributes = {}, absl::string_view domain = "") {
    AddAs(Names{std::move(output)}, op_type, std::move(inputs),
          std::move(attributes), domain);
  }
  std::string Constant(Tensor tensor);
  std::string Ints(std::vector<int64_t> values);  // [n]
  // One element of a floating type, else Unimplemented.
  absl::StatusOr<std::string> Scalar(DType dtype, float value);

  // What changed its form between opsets.
  std::string Unsqueeze(const std::string& x, int64_t axis);
  std::string Transpose(const std::string& x, std::vector<int64_t> perm);
  // From channels last to channels first and back.
  std::string ChannelsFirst(const std::string& x, int64_t rank);
  std::string ChannelsLast(const std::string& x, int64_t rank);

  // Unimplemented, with the node's name.
  absl::Status Unimplemented(absl::string_view what) const;

 private:
  const Node& node_;
  const int64_t opset_;
  const InferredTypes& types_;
  NameAllocator& names_;
  std::vector<Node>& out_;
};

}  // namespace hone

#endif  // HONE_IR_REWRITE_NODE_MAKER_H_
