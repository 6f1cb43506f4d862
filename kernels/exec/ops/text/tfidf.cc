#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/strings.h"
#include "kernels/exec/ops/text/text.h"

namespace hone {
namespace {

// Counts of n-grams, whose items may lie 1 to `skips` + 1 apart.
class Vectorizer {
 public:
  static absl::StatusOr<Vectorizer> Of(const Node& node);
  absl::Status Run(const Node& node, const KernelContext& context) const;

 private:
  // Numbers for strings; one that is in no n-gram is -1.
  absl::StatusOr<std::vector<int64_t>> ItemsOf(const Node& node,
                                               const Value& value) const;
  void Count(absl::Span<const int64_t> items, float* counts) const;
  void Weigh(float* row) const;

  int64_t least_ = 1, most_ = 1, skips_ = 0;
  bool binary_ = false, weighted_ = false;  // IDF: both; TFIDF: weighted
  bool of_strings_ = false;
  std::map<std::string, int64_t> numbers_;
  std::map<std::vector<int64_t>, size_t> grams_;  // to the output's column
  std::vector<float> weights_;
  size_t columns_ = 0;
};

absl::StatusOr<Vectorizer> Vectorizer::Of(const Node& node) {
  static constexpr absl::string_view kModes[] = {"TF", "IDF", "TFIDF"};
  Vectorizer v;
  AttributeReader read(node);
  const int64_t most = 1 << 20;
  v.least_ = read.IntIn("min_gram_length", 1, 1, most);
  v.most_ = read.IntIn("max_gram_length", 1, v.least_, most);
  v.skips_ = read.IntIn("max_skip_count", 0, 0, most);
  const size_t mode = read.Choice("mode", "TF", absl::MakeConstSpan(kModes));
  v.binary_ = mode == 1;
  v.weighted_ = mode > 0;
  const std::vector<int64_t> starts = read.Ints("ngram_counts");
  const std::vector<int64_t> columns = read.Ints("ngram_indexes");
  std::vector<int64_t> pool = read.Ints("pool_int64s");
  v.weights_ = read.Floats("weights");
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> strings,
                        StringsAttribute(node, "pool_strings"));
  v.of_strings_ = !strings.empty();
  if (v.of_strings_) {
    pool.clear();
    for (const std::string& s : strings) {
      pool.push_back(
          v.numbers_.emplace(s, static_cast<int64_t>(v.numbers_.size()))
              .first->second);
    }
  }
  for (const int64_t column : columns) {
    if (column < 0 || column > (int64_t{1} << 31)) {
      return NodeError(node, "ngram_indexes", "from 0", absl::StrCat(column));
    }
    v.columns_ = std::max(v.columns_, static_cast<size_t>(column) + 1);
  }
  size_t gram = 0;
  const auto size = static_cast<int64_t>(pool.size());
  for (size_t n = 1; n <= starts.size(); ++n) {
    const int64_t end = n < starts.size() ? starts[n] : size;
    int64_t at = starts[n - 1];
    if (at < 0 || end < at || end > size) {
      return NodeError(node, "ngram_counts", absl::StrCat("0 to ", size));
    }
    const auto step = static_cast<int64_t>(n);
    for (; at + step <= end; at += step, ++gram) {
      if (gram >= columns.size()) {
        return NodeError(node, "ngram_indexes", "one an n-gram");
      }
      if (step < v.least_ || step > v.most_) continue;
      v.grams_.emplace(
          std::vector<int64_t>(pool.begin() + at, pool.begin() + at + step),
          static_cast<size_t>(columns[gram]));
    }
  }
  if (!v.weights_.empty() && v.weights_.size() < v.columns_) {
    return NodeError(node, "weights", absl::StrCat(v.columns_),
                     absl::StrCat(v.weights_.size()));
  }
  return v;
}

absl::StatusOr<std::vector<int64_t>> Vectorizer::ItemsOf(
    const Node& node, const Value& value) const {
  std::vector<int64_t> items;
  const bool tensor = value.is_tensor();
  const DType dtype = tensor ? value.tensor().dtype() : DType::kUndefined;
  if (dtype == DType::kString && of_strings_) {
    for (const std::string& s : value.tensor().Strings()) {
      const auto found = numbers_.find(s);
      items.push_back(found == numbers_.end() ? -1 : found->second);
    }
  } else if (dtype == DType::kS64 && !of_strings_) {
    const auto values = value.tensor().Values<int64_t>();
    items.assign(values.begin(), values.end());
  } else if (dtype == DType::kS32 && !of_strings_) {
    const auto values = value.tensor().Values<int32_t>();
    items.assign(values.begin(), values.end());
  } else {
    return NodeError(node, "the input", of_strings_ ? "strings" : "integers",
                     DTypeName(dtype));
  }
  return items;
}

void Vectorizer::Count(absl::Span<const int64_t> items, float* counts) const {
  const auto size = static_cast<int64_t>(items.size());
  for (int64_t n = least_; n <= std::min(most_, size); ++n) {
    // A single item has nothing to skip.
    for (int64_t apart = 1; apart <= (n == 1 ? 1 : skips_ + 1); ++apart) {
      if ((n - 1) * apart >= size) break;
      for (int64_t first = 0; first + (n - 1) * apart < size; ++first) {
        std::vector<int64_t> gram;
        for (int64_t k = 0; k < n; ++k) {
          gram.push_back(items[static_cast<size_t>(first + k * apart)]);
        }
        const auto found = grams_.find(gram);
        if (found != grams_.end()) counts[found->second] += 1;
      }
    }
  }
}

void Vectorizer::Weigh(float* row) const {
  for (size_t c = 0; c < columns_; ++c) {
    if (binary_) row[c] = row[c] > 0 ? 1.0f : 0.0f;
    if (weighted_ && !weights_.empty()) row[c] *= weights_[c];
  }
}

absl::Status Vectorizer::Run(const Node& node,
                             const KernelContext& context) const {
  HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> items,
                        ItemsOf(node, context.values[0]));
  Dims dims = context.values[0].tensor().dims();
  if (dims.empty() || dims.size() > 2) {
    return NodeError(node, "rank of the input", "1 or 2", DimsToString(dims));
  }
  const auto length = static_cast<size_t>(dims.back());
  const size_t rows = dims.size() == 2 ? static_cast<size_t>(dims[0]) : 1;
  dims.back() = static_cast<int64_t>(columns_);
  std::vector<float> y(rows * columns_);
  for (size_t r = 0; r < rows; ++r) {
    float* row = y.data() + r * columns_;
    Count(absl::MakeConstSpan(items).subspan(r * length, length), row);
    Weigh(row);
  }
  context.results[0] = Tensor::FromVector<float>(dims, y);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeTfIdfVectorizer(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(Vectorizer vectorizer, Vectorizer::Of(*spec.node));
  return MakeFunctionKernel({"tf_idf", false, true, true},
                            [vectorizer = std::move(vectorizer),
                             node = *spec.node](const KernelContext& context) {
                              return vectorizer.Run(node, context);
                            });
}

}  // namespace hone
