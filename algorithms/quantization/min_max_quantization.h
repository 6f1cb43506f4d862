// Post-training quantization to 8 bits by ranges, as an algorithm of one pass.
//
//   MinMaxQuantization algorithm(options);
//   StatsRequest wanted = algorithm.Wanted(prepared);
//   HONE_ASSIGN_OR_RETURN(Patch patch, algorithm.Apply(prepared, stats,
//   device));
//
// Wants the range of every value that PlaceQuantizers quantizes; the patch
// writes QuantizeLinear and DequantizeLinear nodes (emit.h). The model is one
// that PrepareForQuantization gave. Rows: one per node of it.
#ifndef HONE_ALGORITHMS_QUANTIZATION_MIN_MAX_QUANTIZATION_H_
#define HONE_ALGORITHMS_QUANTIZATION_MIN_MAX_QUANTIZATION_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "algorithms/contract/contract.h"
#include "algorithms/contract/patch.h"
#include "algorithms/quantization/placement.h"
#include "algorithms/quantization/post_training_options.h"
#include "algorithms/statistics/request.h"
#include "ir/graph/graph.h"
#include "kernels/exec/device.h"

namespace hone {

class MinMaxQuantization : public OnePass {
 public:
  // `kept_float`: further nodes that stay in float, by their index, and why.
  explicit MinMaxQuantization(const PostTrainingOptions& options,
                              std::map<int, std::string> kept_float = {});

  // Nothing when the ignored scope does not fit the model; Apply says why.
  StatsRequest Wanted(const Model& model) const override;
  // NotFound: stats lack a wanted value, or an entry of the ignored scope
  // matches nothing. InvalidArgument: a value to be quantized was NaN.
  absl::StatusOr<Patch> Apply(const Model& model, const Stats& stats,
                              Device& device) const override;

  // Nodes of the model that compute with integers, carriers and clamps left
  // out, ascending. NotFound: an entry of the ignored scope matches nothing.
  absl::StatusOr<std::vector<int>> Layers(const Model& model) const;

 private:
  absl::StatusOr<Placement> Place(const Model& model) const;

  PostTrainingOptions options_;
  std::map<int, std::string> kept_float_;
};

// Symmetric activations: the performance preset, and TensorRT in any preset.
bool HasSymmetricActivations(const PostTrainingOptions& options);

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_MIN_MAX_QUANTIZATION_H_
