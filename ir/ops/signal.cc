// Signals, text, losses, random numbers.
#include "absl/types/span.h"
#include "ir/ops/families.h"
#include "ir/ops/op_info.h"

namespace hone {
namespace {

constexpr AttributeInfo kBlackmanWindowAttributes[] = {
    {"output_datatype", Attribute::Kind::kInt},
    {"periodic", Attribute::Kind::kInt},
};
constexpr AttributeInfo kDFT17Attributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"inverse", Attribute::Kind::kInt},
    {"onesided", Attribute::Kind::kInt},
};
constexpr AttributeInfo kDFT20Attributes[] = {
    {"inverse", Attribute::Kind::kInt},
    {"onesided", Attribute::Kind::kInt},
};
constexpr AttributeInfo kMelWeightMatrixAttributes[] = {
    {"output_datatype", Attribute::Kind::kInt},
};
constexpr AttributeInfo kMultinomialAttributes[] = {
    {"dtype", Attribute::Kind::kInt},
    {"sample_size", Attribute::Kind::kInt},
    {"seed", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kNegativeLogLikelihoodLossAttributes[] = {
    {"ignore_index", Attribute::Kind::kInt},
    {"reduction", Attribute::Kind::kString},
};
constexpr AttributeInfo kRegexFullMatchAttributes[] = {
    {"pattern", Attribute::Kind::kString},
};
constexpr AttributeInfo kSTFTAttributes[] = {
    {"onesided", Attribute::Kind::kInt},
};
constexpr AttributeInfo kStringNormalizerAttributes[] = {
    {"case_change_action", Attribute::Kind::kString},
    {"is_case_sensitive", Attribute::Kind::kInt},
    {"locale", Attribute::Kind::kString},
    {"stopwords", Attribute::Kind::kStrings},
};
constexpr AttributeInfo kStringSplitAttributes[] = {
    {"delimiter", Attribute::Kind::kString},
    {"maxsplit", Attribute::Kind::kInt},
};
constexpr AttributeInfo kTfIdfVectorizerAttributes[] = {
    {"max_gram_length", Attribute::Kind::kInt, true},
    {"max_skip_count", Attribute::Kind::kInt, true},
    {"min_gram_length", Attribute::Kind::kInt, true},
    {"mode", Attribute::Kind::kString, true},
    {"ngram_counts", Attribute::Kind::kInts, true},
    {"ngram_indexes", Attribute::Kind::kInts, true},
    {"pool_int64s", Attribute::Kind::kInts},
    {"pool_strings", Attribute::Kind::kStrings},
    {"weights", Attribute::Kind::kFloats},
};

constexpr OpInfo kOps[] = {
    {"", "BlackmanWindow", 17, 1, 1, 1, 1, kBlackmanWindowAttributes},
    {"", "DFT", 17, 1, 2, 1, 1, kDFT17Attributes},
    {"", "DFT", 20, 1, 3, 1, 1, kDFT20Attributes},
    {"", "HammingWindow", 17, 1, 1, 1, 1, kBlackmanWindowAttributes},
    {"", "HannWindow", 17, 1, 1, 1, 1, kBlackmanWindowAttributes},
    {"", "MelWeightMatrix", 17, 5, 5, 1, 1, kMelWeightMatrixAttributes},
    {"", "Multinomial", 7, 1, 1, 1, 1, kMultinomialAttributes},
    {"", "NegativeLogLikelihoodLoss", 12, 2, 3, 1, 1,
     kNegativeLogLikelihoodLossAttributes},
    {"", "RegexFullMatch", 20, 1, 1, 1, 1, kRegexFullMatchAttributes},
    {"", "STFT", 17, 2, 4, 1, 1, kSTFTAttributes},
    {"", "SoftmaxCrossEntropyLoss", 12, 2, 3, 1, 2,
     kNegativeLogLikelihoodLossAttributes},
    {"", "StringNormalizer", 10, 1, 1, 1, 1, kStringNormalizerAttributes},
    {"", "StringSplit", 20, 1, 1, 2, 2, kStringSplitAttributes},
    {"", "TfIdfVectorizer", 9, 1, 1, 1, 1, kTfIdfVectorizerAttributes},
};

}  // namespace

absl::Span<const OpInfo> SignalOps() { return kOps; }

}  // namespace hone
