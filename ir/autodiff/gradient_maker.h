// What the rule of one operator works with: the node, the gradients of its
// outputs, and a maker of nodes.
//
//   // y = a * b
//   make.GiveSummed(0, make.Add("Mul", {make.OutGradient(0), make.In(1)}));
#ifndef HONE_IR_AUTODIFF_GRADIENT_MAKER_H_
#define HONE_IR_AUTODIFF_GRADIENT_MAKER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/rewrite/name_allocator.h"
#include "ir/rewrite/node_maker.h"
#include "ir/shape_inference/shape_inference.h"

namespace hone {

class GradientMaker : public NodeMaker {
 public:
  // `gradients`: one per output, "" for none. `wanted`: one per input.
  GradientMaker(const Node& node, int64_t opset, const InferredTypes& types,
                NameAllocator& names, std::vector<Node>& out,
                std::vector<std::string> gradients, std::vector<bool> wanted)
      : NodeMaker(node, opset, types, names, out),
        gradients_(std::move(gradients)),
        wanted_(std::move(wanted)),
        given_(wanted_.size()) {}

  const std::string& OutGradient(size_t index) const {
    return gradients_[index];
  }
  bool OutHasGradient(size_t index) const {
    return index < gradients_.size() && !gradients_[index].empty();
  }
  bool Wants(size_t index) const {
    return index < wanted_.size() && wanted_[index];
  }
  // The input's gradient, of the input's extents.
  void Give(size_t index, std::string gradient);
  // The same, of extents that the input's broadcast to.
  void GiveSummed(size_t index, const std::string& gradient) {
    if (Wants(index)) Give(index, SumTo(gradient, In(index)));
  }
  const std::vector<std::string>& given() const { return given_; }

  // `x`, of output 0's extents, to which `like` broadcasts, summed to like's.
  std::string SumTo(const std::string& x, const std::string& like);
  // The same for an x of other extents, found out when it runs.
  std::string SumAcross(const std::string& x, const std::string& like);
  // A scalar of output 0's floating type.
  std::string Number(double value);
  std::string Mul(const std::string& a, const std::string& b) {
    return Add("Mul", {a, b});
  }
  // x * value.
  std::string Scaled(const std::string& x, double value) {
    return Mul(x, Number(value));
  }
  std::string Square(const std::string& x) { return Mul(x, x); }
  // Number(value) at the extents of `like`.
  std::string Filled(double value, const std::string& like);
  std::string ShapeOf(const std::string& x) { return Add("Shape", {x}); }
  // Extents [begin, end) of x; to the last when `end` is not given. int64 [n].
  std::string Extents(const std::string& x, int64_t begin,
                      std::optional<int64_t> end = std::nullopt);
  // x with the extents of `like`, or those that `shape` (int64 [n]) holds.
  std::string ReshapedLike(const std::string& x, const std::string& like) {
    return Reshaped(x, ShapeOf(like));
  }
  std::string Reshaped(const std::string& x, const std::string& shape);
  // Sums and means that keep their axes, extent 1.
  std::string KeptSum(const std::string& x, std::vector<int64_t> axes);
  std::string KeptMean(const std::string& x, std::vector<int64_t> axes);
  // x where the condition holds, else 0.
  std::string Masked(const std::string& condition, const std::string& x) {
    return Add("Where", {condition, x, Number(0)});
  }

 private:
  // The axes of a broadcast value that were not `like`'s, and how many of them
  // stand before like's own; nullopt: not known before a run.
  struct Broadcast {
    std::vector<int64_t> axes;
    int64_t leading = 0;
  };
  std::optional<Broadcast> BroadcastOf(const std::string& like) const;

  std::vector<std::string> gradients_;
  std::vector<bool> wanted_;
  std::vector<std::string> given_;
};

}  // namespace hone

#endif  // HONE_IR_AUTODIFF_GRADIENT_MAKER_H_
