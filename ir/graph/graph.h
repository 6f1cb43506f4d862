// What a model is: nodes that name the values they read and write, as ONNX
// writes them.
//
//   Graph g = model.graph;                       // O(nodes): weights are
//   shared GraphIndex index(g);                         // who makes and who
//   reads each value const Node* conv = index.Producer("y");      // null for
//   an input or an initializer
//
// A Graph is a value: plain data, freely copied and edited. Nodes stay as they
// were written; typed views (ir/views) give algorithms one form of an
// operator's parameters. Names are ONNX's: "" is an absent optional input or
// output. Nodes are in topological order in a valid graph (Validate in
// ir/graph/validate.h). A subgraph (If, Loop, Scan) is an attribute and may
// read its outer scopes' values by name.
//
// Fields that only a file has (unknown protobuf fields, sparse initializers)
// are carried in `raw` members, byte for byte, for the writer.
#ifndef HONE_IR_GRAPH_GRAPH_H_
#define HONE_IR_GRAPH_GRAPH_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"

namespace hone {

struct Graph;

// A string of bytes that is one serialised protobuf message or a run of unknown
// fields.
using RawBytes = std::string;

// Serialised messages of kinds that Hone does not look into (sparse tensors,
// type protos).
struct RawMessages {
  std::vector<RawBytes> messages;
  friend bool operator==(const RawMessages& a, const RawMessages& b) {
    return a.messages == b.messages;
  }
};

struct Attribute {
  // The numbers of ONNX's AttributeProto.AttributeType.
  enum class Kind : uint8_t {
    kUndefined = 0,
    kFloat = 1,
    kInt = 2,
    kString = 3,
    kTensor = 4,
    kGraph = 5,
    kFloats = 6,
    kInts = 7,
    kStrings = 8,
    kTensors = 9,
    kGraphs = 10,
    kSparseTensor = 11,
    kSparseTensors = 12,
    kTypeProto = 13,
    kTypeProtos = 14,
  };
  using Data =
      std::variant<std::monostate, float, int64_t, std::string, Tensor,
                   std::shared_ptr<const Graph>, std::vector<float>,
                   std::vector<int64_t>, std::vector<std::string>,
                   std::vector<Tensor>,
                   std::vector<std::shared_ptr<const Graph>>, RawMessages>;

  static Attribute Float(std::string name, float value);
  static Attribute Int(std::string name, int64_t value);
  static Attribute String(std::string name, std::string value);
  static Attribute OfTensor(std::string name, Tensor value);
  static Attribute OfGraph(std::string name, Graph value);
  static Attribute Ints(std::string name, std::vector<int64_t> value);
  static Attribute Floats(std::string name, std::vector<float> value);
  static Attribute Strings(std::string name, std::vector<std::string> value);

  std::string name;
  Kind kind = Kind::kUndefined;
  Data data;
  std::string ref_attr_name;  // inside a function: the function's attribute
                              // that this one is
  std::string doc;
  RawBytes raw;  // unknown fields
};

struct Node {
  std::string op_type;
  std::string domain;  // "" is ONNX's default domain ("ai.onnx" is read as "")
  std::string name;    // may be empty; see NodeLabel
  std::string overload;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::vector<Attribute> attributes;
  std::string doc;
  std::map<std::string, std::string> metadata;
  RawBytes raw;  // unknown fields and device configurations

  const Attribute* FindAttribute(
      absl::string_view name) const;  // null when absent
  // The attribute's value, or the default when it is absent or of another kind.
  int64_t IntAttribute(absl::string_view name, int64_t otherwise) const;
  float FloatAttribute(absl::string_view name, float otherwise) const;
  std::string StringAttribute(absl::string_view name,
                              absl::string_view otherwise) const;
  std::vector<int64_t> IntsAttribute(
      absl::string_view name) const;  // empty when absent
  std::vector<float> FloatsAttribute(absl::string_view name) const;
  void SetAttribute(Attribute attribute);  // replaces one of the same name
  void RemoveAttribute(absl::string_view name);

  // "" when `index` is past the end or the input is absent.
  absl::string_view Input(size_t index) const;
  absl::string_view Output(size_t index) const;
  bool Is(absl::string_view type) const {
    return domain.empty() && op_type == type;
  }
};

// How messages and reports name a node: its name, or "Conv -> y" by its first
// output.
std::string NodeLabel(const Node& node);

struct ValueInfo {
  std::string name;
  Type type;
  std::string doc;
  std::map<std::string, std::string> metadata;
  RawBytes raw;
};

struct Initializer {
  std::string name;
  Tensor tensor;
  std::string doc;
  std::map<std::string, std::string> metadata;
  RawBytes raw;
};

struct Graph {
  std::string name;
  std::string doc;
  std::vector<Node> nodes;
  std::vector<ValueInfo> inputs;  // before IR version 4 also lists initializers
  std::vector<ValueInfo> outputs;
  std::vector<ValueInfo> value_infos;
  std::vector<Initializer> initializers;
  std::vector<RawBytes> sparse_initializers;
  std::vector<RawBytes> quantization_annotations;
  std::map<std::string, std::string> metadata;
  RawBytes raw;

  const Initializer* FindInitializer(
      absl::string_view name) const;  // O(initializers)
  // Replaces the tensor of that name, or appends it.
  void SetInitializer(absl::string_view name, Tensor tensor);
  // A name that nothing in this graph or its subgraphs has: stem, stem_1,
  // stem_2, ...
  std::string FreshName(absl::string_view stem) const;
};

struct Function {
  std::string name;
  std::string domain;
  std::string overload;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::vector<std::string> attributes;  // names without a default
  std::vector<Attribute> attributes_with_default;
  std::vector<Node> nodes;
  std::map<std::string, int64_t> opsets;
  std::vector<ValueInfo> value_infos;
  std::string doc;
  std::map<std::string, std::string> metadata;
  RawBytes raw;
};

struct Model {
  int64_t ir_version = 8;
  std::map<std::string, int64_t>
      opsets;  // by domain; "" is ONNX's default domain
  std::string producer_name;
  std::string producer_version;
  std::string domain;
  int64_t model_version = 0;
  std::string doc;
  Graph graph;
  std::vector<Function> functions;
  std::map<std::string, std::string> metadata;
  RawBytes raw;  // unknown fields, training information, device configurations

  // The version imported for `domain`, 0 when it is not imported.
  int64_t Opset(absl::string_view domain = "") const;
};

// Producers, consumers, initializers and inputs of one graph scope, by value
// name. Holds pointers into `graph`, which must outlive it unchanged. A value
// read only inside a subgraph lists the node that has that subgraph among its
// consumers.
class GraphIndex {
 public:
  explicit GraphIndex(const Graph& graph);

  const Node* Producer(absl::string_view value) const;
  int ProducerIndex(
      absl::string_view value) const;  // index into graph.nodes, or -1
  // Indices into graph.nodes, ascending, one per reading node.
  const std::vector<int>& Consumers(absl::string_view value) const;
  const Tensor* InitializerTensor(absl::string_view value) const;
  // An initializer, or the value of a Constant node; null when it is not a
  // constant.
  const Tensor* ConstantTensor(absl::string_view value) const;
  bool IsGraphInput(absl::string_view value) const;
  bool IsGraphOutput(absl::string_view value) const;
  // From a value_info, input or output of the graph; null when nothing is
  // declared.
  const Type* DeclaredType(absl::string_view value) const;

 private:
  const Graph* graph_;
  absl::flat_hash_map<absl::string_view, int> producers_;
  absl::flat_hash_map<absl::string_view, std::vector<int>> consumers_;
  absl::flat_hash_map<absl::string_view, const Tensor*> initializers_;
  absl::flat_hash_map<absl::string_view, Tensor> constants_;
  absl::flat_hash_map<absl::string_view, const Type*> types_;
  absl::flat_hash_map<absl::string_view, bool> inputs_;
  absl::flat_hash_map<absl::string_view, bool> outputs_;
};

// The tensor that a Constant node holds, whichever of its attributes it uses
// (value, value_float(s), value_int(s), value_string(s)); nullopt for any other
// node and for sparse values.
std::optional<Tensor> ConstantNodeTensor(const Node& node);

// Calls visit(name) for every value name that `node` reads, its subgraphs'
// reads of outer values included.
void ForEachRead(const Node& node,
                 const std::function<void(absl::string_view)>& visit);

}  // namespace hone

#endif  // HONE_IR_GRAPH_GRAPH_H_
