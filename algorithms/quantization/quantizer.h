// One calibrated model, ready to be quantized in several ways.
//
//   HONE_ASSIGN_OR_RETURN(
//       const Quantizer quantizer,
//       Quantizer::Calibrate(model, source, options, runner));
//   HONE_ASSIGN_OR_RETURN(QuantizedModel all, quantizer.Quantize({}));
//   HONE_ASSIGN_OR_RETURN(QuantizedModel most,
//                         quantizer.Quantize({{7, "costs most"}}));
//
// Ranges and bias shifts are measured once; leaving nodes in float costs no
// pass over the data.
#ifndef HONE_ALGORITHMS_QUANTIZATION_QUANTIZER_H_
#define HONE_ALGORITHMS_QUANTIZATION_QUANTIZER_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "algorithms/bias_correction/bias_correction.h"
#include "algorithms/quantization/post_training_options.h"
#include "algorithms/quantization/prepare.h"
#include "algorithms/runner/runner.h"
#include "algorithms/runner/sample_source.h"
#include "algorithms/statistics/statistics.h"
#include "ir/graph/graph.h"
#include "ir/report/report.h"

namespace hone {

struct QuantizedModel {
  Model model;
  Report rows;           // one per node of the given model, in its order
  Report prepared_rows;  // one per node of prepared(), in its order
};

class Quantizer {
 public:
  // One pass over SpreadSamples(source.size(), subset_size, seed), and those
  // that options.bias_correction needs. Errors: as QuantizePostTraining.
  static absl::StatusOr<Quantizer> Calibrate(const Model& model,
                                             SampleSource& source,
                                             const PostTrainingOptions& options,
                                             Runner& runner);
  // The same prepared model, calibrated with other options on the same source.
  absl::StatusOr<Quantizer> Recalibrated(const PostTrainingOptions& options,
                                         SampleSource& source,
                                         Runner& runner) const;
  // From statistics of CollectCalibration. InvalidArgument: statistics of
  // another model, or options.bias_correction, which needs samples.
  static absl::StatusOr<Quantizer> FromStatistics(
      const Model& model, const Statistics& statistics,
      const PostTrainingOptions& options);

  // `kept_float`: nodes of prepared() that stay in float, and why.
  absl::StatusOr<QuantizedModel> Quantize(
      const std::map<int, std::string>& kept_float) const;

  // Nodes of prepared() that compute with integers unless they are kept in
  // float, ascending.
  absl::StatusOr<std::vector<int>> Layers() const;

  // The float model with everything folded; unnamed nodes have taken names.
  const Model& prepared() const { return prepared_.model; }
  const PostTrainingOptions& options() const { return options_; }
  // Passes over the data that calibration took.
  int passes() const { return passes_; }

 private:
  Quantizer() = default;
  absl::Status Measure(SampleSource& source, Runner& runner);
  absl::StatusOr<Model> Emit(const std::map<int, std::string>& kept_float,
                             Report* rows) const;

  PreparedModel prepared_;
  Statistics statistics_;
  PostTrainingOptions options_;
  BiasCorrectionResult correction_;
  int threads_ = 1;
  int passes_ = 0;
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_QUANTIZER_H_
