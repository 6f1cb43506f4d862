// Recurrent networks.
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/ops/families.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/ops/traits.h"
#include "ir/views/recurrent_view.h"

namespace hone {
namespace {

absl::Status InferRecurrent(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const RecurrentView view,
                        RecurrentView::Of(*in.node, in.opset));
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 3, 3));
  HONE_RETURN_IF_ERROR(CheckRank(in, 2, 3, 3));
  Dim seq;
  Dim batch;
  if (const Shape* x = InputShape(in, 0)) {
    seq = (*x)[view.batch_first ? 1 : 0];
    batch = (*x)[view.batch_first ? 0 : 1];
  }
  Dim hidden = view.hidden_size > 0 ? Dim::Of(view.hidden_size) : Dim();
  if (const Shape* r = InputShape(in, 2); r != nullptr && !hidden.known())
    hidden = (*r)[in.node->op_type == "DynamicQuantizeLSTM" ? 1 : 2];
  const Dim dirs = Dim::Of(view.directions());
  const DType dtype = InputDType(in, 0);
  if (view.batch_first) {
    SetOutput(out, 0, dtype, Shape{batch, seq, dirs, hidden});
  } else {
    SetOutput(out, 0, dtype, Shape{seq, dirs, batch, hidden});
  }
  for (size_t i = 1; i < 3; ++i) {
    SetOutput(out, i, dtype,
              view.batch_first ? Shape{batch, dirs, hidden}
                               : Shape{dirs, batch, hidden});
  }
  return absl::OkStatus();
}

// Every step of every sample multiplies by all of w and r.
std::optional<int64_t> RecurrentMacs(const InferInput& in,
                                     absl::Span<const Type> /*outputs*/) {
  const Shape* x = InputShape(in, 0);
  const Shape* w = InputShape(in, 1);
  const Shape* r = InputShape(in, 2);
  if (x == nullptr || w == nullptr || r == nullptr || x->size() != 3) {
    return std::nullopt;
  }
  const Dim weights =
      AddDims(ProductOf(*w, 0, w->size()), ProductOf(*r, 0, r->size()));
  return CheckedProduct({(*x)[0].value, (*x)[1].value, weights.value});
}

constexpr AttributeInfo kGRU7Attributes[] = {
    {"activation_alpha", Attribute::Kind::kFloats},
    {"activation_beta", Attribute::Kind::kFloats},
    {"activations", Attribute::Kind::kStrings},
    {"clip", Attribute::Kind::kFloat},
    {"direction", Attribute::Kind::kString},
    {"hidden_size", Attribute::Kind::kInt},
    {"linear_before_reset", Attribute::Kind::kInt},
};
constexpr AttributeInfo kGRU14Attributes[] = {
    {"activation_alpha", Attribute::Kind::kFloats},
    {"activation_beta", Attribute::Kind::kFloats},
    {"activations", Attribute::Kind::kStrings},
    {"clip", Attribute::Kind::kFloat},
    {"direction", Attribute::Kind::kString},
    {"hidden_size", Attribute::Kind::kInt},
    {"layout", Attribute::Kind::kInt},
    {"linear_before_reset", Attribute::Kind::kInt},
};
constexpr AttributeInfo kLSTM7Attributes[] = {
    {"activation_alpha", Attribute::Kind::kFloats},
    {"activation_beta", Attribute::Kind::kFloats},
    {"activations", Attribute::Kind::kStrings},
    {"clip", Attribute::Kind::kFloat},
    {"direction", Attribute::Kind::kString},
    {"hidden_size", Attribute::Kind::kInt},
    {"input_forget", Attribute::Kind::kInt},
};
constexpr AttributeInfo kLSTM14Attributes[] = {
    {"activation_alpha", Attribute::Kind::kFloats},
    {"activation_beta", Attribute::Kind::kFloats},
    {"activations", Attribute::Kind::kStrings},
    {"clip", Attribute::Kind::kFloat},
    {"direction", Attribute::Kind::kString},
    {"hidden_size", Attribute::Kind::kInt},
    {"input_forget", Attribute::Kind::kInt},
    {"layout", Attribute::Kind::kInt},
};
constexpr AttributeInfo kRNN7Attributes[] = {
    {"activation_alpha", Attribute::Kind::kFloats},
    {"activation_beta", Attribute::Kind::kFloats},
    {"activations", Attribute::Kind::kStrings},
    {"clip", Attribute::Kind::kFloat},
    {"direction", Attribute::Kind::kString},
    {"hidden_size", Attribute::Kind::kInt},
};
constexpr AttributeInfo kRNN14Attributes[] = {
    {"activation_alpha", Attribute::Kind::kFloats},
    {"activation_beta", Attribute::Kind::kFloats},
    {"activations", Attribute::Kind::kStrings},
    {"clip", Attribute::Kind::kFloat},
    {"direction", Attribute::Kind::kString},
    {"hidden_size", Attribute::Kind::kInt},
    {"layout", Attribute::Kind::kInt},
};

constexpr OpInfo kOps[] = {
    {"com.microsoft",
     "DynamicQuantizeLSTM",
     1,
     12,
     12,
     0,
     3,
     kLSTM7Attributes,
     InferRecurrent,
     {},
     RecurrentMacs},
    {"",
     "GRU",
     7,
     3,
     6,
     0,
     2,
     kGRU7Attributes,
     InferRecurrent,
     {},
     RecurrentMacs},
    {"",
     "GRU",
     14,
     3,
     6,
     0,
     2,
     kGRU14Attributes,
     InferRecurrent,
     {},
     RecurrentMacs},
    {"",
     "LSTM",
     7,
     3,
     8,
     0,
     3,
     kLSTM7Attributes,
     InferRecurrent,
     {},
     RecurrentMacs},
    {"",
     "LSTM",
     14,
     3,
     8,
     0,
     3,
     kLSTM14Attributes,
     InferRecurrent,
     {},
     RecurrentMacs},
    {"",
     "RNN",
     7,
     3,
     6,
     0,
     2,
     kRNN7Attributes,
     InferRecurrent,
     {},
     RecurrentMacs},
    {"",
     "RNN",
     14,
     3,
     6,
     0,
     2,
     kRNN14Attributes,
     InferRecurrent,
     {},
     RecurrentMacs},
};

}  // namespace

absl::Span<const OpInfo> RecurrentOps() { return kOps; }

}  // namespace hone
