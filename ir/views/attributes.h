// Reads a node's attributes and constant inputs for a typed view, remembering
// the first error.
//
//   AttributeReader read(node);
//   view.axis = read.Int("axis", -1);
//   view.axes = read.InputInts(1, constants);
//   return read.Finish(std::move(view));   // StatusOr: the first error, if any
//
// An absent attribute gives the default. One of another kind, or one that
// refers to an attribute of an enclosing function (its value is not in the
// node), is an error that names the node.
#ifndef HONE_IR_VIEWS_ATTRIBUTES_H_
#define HONE_IR_VIEWS_ATTRIBUTES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"

namespace hone {

// One per node input: its tensor where that is a constant, else null. A shorter
// span means null for the rest.
using ConstantInputs = absl::Span<const Tensor* const>;

// The constant inputs of `node` as `index` knows them; valid as long as it is.
std::vector<const Tensor*> ConstantInputsOf(const Node& node,
                                            const GraphIndex& index);

// "node LABEL: WHAT: expected EXPECTED, found FOUND", InvalidArgument.
absl::Status NodeError(const Node& node, absl::string_view what,
                       absl::string_view expected = {},
                       absl::string_view found = {});

// The elements of an integer tensor of at most one axis. InvalidArgument:
// another dtype or rank.
absl::StatusOr<std::vector<int64_t>> IntegerElements(const Tensor& tensor);
// The one element of a tensor of any dtype that ir/elements reads.
// InvalidArgument: another dtype, or not exactly one element.
absl::StatusOr<double> ScalarElement(const Tensor& tensor);

// `axis` counted from the front: adds rank to a negative one. InvalidArgument:
// not in [-rank, rank).
absl::StatusOr<int64_t> FrontAxis(const Node& node, int64_t axis, int64_t rank);
// The same for a list, sorted. InvalidArgument: an axis twice.
absl::StatusOr<std::vector<int64_t>> FrontAxes(const Node& node,
                                               absl::Span<const int64_t> axes,
                                               int64_t rank);

class AttributeReader {
 public:
  explicit AttributeReader(const Node& node) : node_(node) {}

  bool Has(absl::string_view name) const;
  int64_t Int(absl::string_view name, int64_t otherwise);
  bool Bool(absl::string_view name, bool otherwise);
  // Also fails outside [low, high].
  int64_t IntIn(absl::string_view name, int64_t otherwise, int64_t low,
                int64_t high);
  float Float(absl::string_view name, float otherwise);
  std::string String(absl::string_view name, absl::string_view otherwise);
  std::vector<int64_t> Ints(absl::string_view name);  // empty when absent
  std::vector<float> Floats(absl::string_view name);

  // The position of the string attribute in `choices`; fails on another value.
  size_t Choice(absl::string_view name, absl::string_view otherwise,
                absl::Span<const absl::string_view> choices);

  // False for an input left out.
  bool HasInput(size_t index) const { return !node_.Input(index).empty(); }
  // nullopt when the input is absent or not constant.
  std::optional<std::vector<int64_t>> InputInts(size_t index,
                                                ConstantInputs constants);
  std::optional<double> InputScalar(size_t index, ConstantInputs constants);

  void Fail(absl::string_view what, absl::string_view expected = {},
            absl::string_view found = {});
  void Fail(const absl::Status& status);
  bool ok() const { return status_.ok(); }

  template <typename View>
  absl::StatusOr<View> Finish(View view) {
    if (!status_.ok()) return status_;
    return view;
  }

 private:
  template <typename T>
  const T* Find(absl::string_view name, absl::string_view kind);

  const Node& node_;
  absl::Status status_;
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_ATTRIBUTES_H_
