// How the inputs of an elementwise operator meet, row by row.
//
//   HONE_ASSIGN_OR_RETURN(const Broadcast broadcast,
//                         Broadcast::Of(inputs, label, context, 2));
//   broadcast.ForRows(context, [&](const Broadcast::Row& row) {
//     for (int64_t i = 0; i < row.n; ++i) {
//       y[row.y + i] = a[row.at[0] + i * row.step[0]] + ...;
//     }
//   });
#ifndef HONE_KERNELS_EXEC_OPS_BINARY_BROADCAST_H_
#define HONE_KERNELS_EXEC_OPS_BINARY_BROADCAST_H_

#include <array>
#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/parallel/parallel_nest.h"
#include "kernels/exec/kernel.h"

namespace hone {

// What a node says about broadcasting, apart from extents.
struct BroadcastSpec {
  // Before opset 7 input 1's axes could be aligned at this axis of input 0.
  int64_t legacy_axis = -1;
  static absl::StatusOr<BroadcastSpec> Of(const KernelSpec& spec,
                                          AttributeReader* read);
};

class Broadcast {
 public:
  static constexpr size_t kMostInputs = LoopNest::kMaxArrays - 1;

  struct Row {
    std::array<int64_t, kMostInputs> at;    // first element of each input
    std::array<int64_t, kMostInputs> step;  // 0 or 1
    int64_t y;                              // first element of the output
    int64_t n;                              // elements
  };

  // Of the first `inputs` inputs (at most kMostInputs) towards output 0.
  // InvalidArgument: an input is absent or does not broadcast to the output.
  static absl::StatusOr<Broadcast> Of(const BroadcastSpec& spec,
                                      absl::string_view label,
                                      const KernelContext& context,
                                      size_t inputs);

  // f(row) for pieces that cover the output, in several threads.
  template <typename F>
  void ForRows(const KernelContext& context, F&& f) const {
    ForNest(*context.pool, nest_, kLightGrain,
            [&](const LoopNest::Offsets& at, int64_t n) {
              Row row;
              for (size_t i = 0; i < inputs_; ++i) {
                row.at[i] = at[i + 1];
                row.step[i] = nest_.inner_stride(i + 1);
              }
              row.y = at[0];
              row.n = n;
              f(row);
            });
  }

 private:
  Broadcast(LoopNest nest, size_t inputs)
      : nest_(std::move(nest)), inputs_(inputs) {}

  LoopNest nest_;
  size_t inputs_;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_BINARY_BROADCAST_H_
