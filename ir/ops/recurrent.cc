// Recurrent networks.
#include "absl/types/span.h"
#include "ir/ops/families.h"
#include "ir/ops/op_info.h"

namespace hone {
namespace {

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
    {"", "GRU", 7, 3, 6, 0, 2, kGRU7Attributes},
    {"", "GRU", 14, 3, 6, 0, 2, kGRU14Attributes},
    {"", "LSTM", 7, 3, 8, 0, 3, kLSTM7Attributes},
    {"", "LSTM", 14, 3, 8, 0, 3, kLSTM14Attributes},
    {"", "RNN", 7, 3, 6, 0, 2, kRNN7Attributes},
    {"", "RNN", 14, 3, 6, 0, 2, kRNN14Attributes},
};

}  // namespace

absl::Span<const OpInfo> RecurrentOps() { return kOps; }

}  // namespace hone
