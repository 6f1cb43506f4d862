// Parameters of LSTM, GRU and RNN.
//
// x [seq, batch, in], w [dirs, gates * hidden, in], r [dirs, gates * hidden,
// hidden] -> y [seq, dirs, batch, hidden], y_h (and LSTM's y_c) [dirs, batch,
// hidden]. With layout 1, batch comes first: x [batch, seq, in], y [batch, seq,
// dirs, hidden], y_h [batch, dirs, hidden].
#ifndef HONE_IR_VIEWS_RECURRENT_VIEW_H_
#define HONE_IR_VIEWS_RECURRENT_VIEW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"

namespace hone {

struct RecurrentView {
  enum class Direction { kForward, kReverse, kBidirectional };

  Direction direction = Direction::kForward;
  int64_t gates = 1;        // LSTM 4 (i o f c), GRU 3 (z r h), RNN 1
  int64_t hidden_size = 0;  // 0: not written
  bool batch_first = false;
  bool linear_before_reset = false;  // GRU
  bool input_forget = false;         // LSTM
  std::optional<float> clip;
  // Per direction and gate function; defaults filled in (Sigmoid, Tanh, ...).
  std::vector<std::string> activations;
  std::vector<float> activation_alpha;  // as written
  std::vector<float> activation_beta;

  int64_t directions() const {
    return direction == Direction::kBidirectional ? 2 : 1;
  }

  static absl::StatusOr<RecurrentView> Of(const Node& node, int64_t opset);
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_RECURRENT_VIEW_H_
