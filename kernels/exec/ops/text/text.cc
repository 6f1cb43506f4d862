#include "kernels/exec/ops/text/text.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/cpu/text/regex.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/strings.h"
#include "kernels/exec/ops/binary/binary.h"

namespace hone {
namespace {

constexpr bool kAllocates = true;
constexpr bool kValues = true;

enum class Case { kNone, kLower, kUpper };

// One character of two bytes, where its case differs by a constant.
uint32_t ChangeCase(uint32_t c, Case to) {
  const auto shift = [&](uint32_t first, uint32_t last, uint32_t distance) {
    if (to == Case::kLower && c >= first && c <= last) return c + distance;
    if (to == Case::kUpper && c >= first + distance && c <= last + distance) {
      return c - distance;
    }
    return c;
  };
  if (c >= 0xc0 && c <= 0xfe && c != 0xd7 && c != 0xf7 && c != 0xdf) {
    return shift(0xc0, 0xde, 32);
  }
  if (c >= 0x391 && c <= 0x3c9 && c != 0x3c2) return shift(0x391, 0x3a9, 32);
  if (c >= 0x410 && c <= 0x44f) return shift(0x410, 0x42f, 32);
  if (c >= 0x400 && c <= 0x45f) return shift(0x400, 0x40f, 80);
  return c;
}

std::string InCase(std::string text, Case to) {
  if (to == Case::kNone) return text;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) {
      text[i] = to == Case::kLower ? absl::ascii_tolower(first)
                                   : absl::ascii_toupper(first);
    } else if ((first & 0xe0) == 0xc0 && i + 1 < text.size()) {
      const auto second = static_cast<unsigned char>(text[i + 1]);
      const uint32_t c =
          ChangeCase((first & 0x1fu) << 6 | (second & 0x3fu), to);
      text[i] = static_cast<char>(0xc0 | c >> 6);
      text[++i] = static_cast<char>(0x80 | (c & 0x3f));
    }
  }
  return text;
}

struct Normalizer {
  Case change = Case::kNone;
  bool sensitive = false;
  std::set<std::string> stop_words;  // in lower case unless sensitive

  absl::Status Run(const Node& node, const KernelContext& context) const {
    HONE_ASSIGN_OR_RETURN(const Tensor x, StringInput(node, context, 0));
    if (x.rank() != 1 && (x.rank() != 2 || x.dims()[0] != 1)) {
      return NodeError(node, "extents of the input", "[c] or [1, c]",
                       DimsToString(x.dims()));
    }
    std::vector<std::string> kept;
    for (const std::string& word : x.Strings()) {
      const std::string key = sensitive ? word : InCase(word, Case::kLower);
      if (stop_words.count(key) == 0) kept.push_back(InCase(word, change));
    }
    if (kept.empty()) kept.emplace_back();
    Dims dims = x.dims();
    dims.back() = static_cast<int64_t>(kept.size());
    context.results[0] = Tensor::FromStrings(dims, std::move(kept));
    return absl::OkStatus();
  }
};

// Calls f(a, b) for each pair of the broadcast strings, in order.
template <typename F>
absl::StatusOr<Dims> ForPairs(const Node& node, const KernelContext& context,
                              F f) {
  HONE_ASSIGN_OR_RETURN(const Tensor a, StringInput(node, context, 0));
  HONE_ASSIGN_OR_RETURN(const Tensor b, StringInput(node, context, 1));
  Dims dims;
  for (int back = std::max(a.rank(), b.rank()); back >= 1; --back) {
    const auto extent = [back](const Tensor& t) {
      return back <= t.rank() ? t.dims()[static_cast<size_t>(t.rank() - back)]
                              : 1;
    };
    dims.push_back(extent(a) == 1 ? extent(b) : extent(a));
  }
  if (!BroadcastsTo(a.dims(), dims) || !BroadcastsTo(b.dims(), dims)) {
    return NodeError(node, "extents that broadcast", DimsToString(a.dims()),
                     DimsToString(b.dims()));
  }
  const LoopNest nest(dims, {BroadcastStrides(a.dims(), dims),
                             BroadcastStrides(b.dims(), dims)});
  nest.ForRows(0, nest.rows(), [&](const LoopNest::Offsets& at) {
    for (int64_t i = 0; i < nest.inner(); ++i) {
      f(a.Strings()[static_cast<size_t>(at[0] + i * nest.inner_stride(0))],
        b.Strings()[static_cast<size_t>(at[1] + i * nest.inner_stride(1))]);
    }
  });
  return dims;
}

absl::Status RunConcat(const Node& node, const KernelContext& context) {
  std::vector<std::string> joined;
  HONE_ASSIGN_OR_RETURN(
      const Dims dims,
      ForPairs(node, context, [&](const std::string& a, const std::string& b) {
        joined.push_back(absl::StrCat(a, b));
      }));
  context.results[0] = Tensor::FromStrings(dims, std::move(joined));
  return absl::OkStatus();
}

absl::Status RunEqual(const Node& node, const KernelContext& context) {
  std::vector<std::byte> equal;
  HONE_ASSIGN_OR_RETURN(
      const Dims dims,
      ForPairs(node, context, [&](const std::string& a, const std::string& b) {
        equal.push_back(std::byte{a == b});
      }));
  absl::Span<std::byte> bytes;
  HONE_ASSIGN_OR_RETURN(Tensor y, Tensor::Allocate(DType::kBool, dims, &bytes));
  std::copy(equal.begin(), equal.end(), bytes.begin());
  context.results[0] = std::move(y);
  return absl::OkStatus();
}

// At most `most` cuts (negative: all); without a delimiter at runs of white
// space, of which those at the ends count for nothing.
std::vector<std::string> Split(absl::string_view text,
                               const std::string& delimiter, int64_t most) {
  std::vector<std::string> parts;
  if (!delimiter.empty()) {
    while (most != 0) {
      const size_t at = text.find(delimiter);
      if (at == absl::string_view::npos) break;
      parts.emplace_back(text.substr(0, at));
      text.remove_prefix(at + delimiter.size());
      --most;
    }
    parts.emplace_back(text);
    return parts;
  }
  for (;;) {
    text = absl::StripLeadingAsciiWhitespace(text);
    if (text.empty()) return parts;
    size_t end = 0;
    while (end < text.size() && !absl::ascii_isspace(text[end])) ++end;
    if (most-- == 0) end = text.size();
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

absl::Status RunSplit(const std::string& delimiter, int64_t most,
                      const Node& node, const KernelContext& context) {
  HONE_ASSIGN_OR_RETURN(const Tensor x, StringInput(node, context, 0));
  std::vector<std::vector<std::string>> rows;
  std::vector<int64_t> counts;
  size_t longest = 0;
  for (const std::string& text : x.Strings()) {
    rows.push_back(Split(text, delimiter, most));
    counts.push_back(static_cast<int64_t>(rows.back().size()));
    longest = std::max(longest, rows.back().size());
  }
  std::vector<std::string> flat;
  for (std::vector<std::string>& row : rows) {
    row.resize(longest);
    for (std::string& part : row) flat.push_back(std::move(part));
  }
  Dims dims = x.dims();
  context.results[1] = Tensor::FromVector<int64_t>(dims, counts);
  dims.push_back(static_cast<int64_t>(longest));
  context.results[0] = Tensor::FromStrings(dims, std::move(flat));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeStringNormalizer(
    const KernelSpec& spec) {
  static constexpr absl::string_view kCases[] = {"NONE", "LOWER", "UPPER"};
  AttributeReader read(*spec.node);
  Normalizer normalizer;
  normalizer.change = static_cast<Case>(
      read.Choice("case_change_action", "NONE", absl::MakeConstSpan(kCases)));
  normalizer.sensitive = read.Bool("is_case_sensitive", false);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> words,
                        StringsAttribute(*spec.node, "stopwords"));
  for (const std::string& word : words) {
    normalizer.stop_words.insert(
        normalizer.sensitive ? word : InCase(word, Case::kLower));
  }
  return MakeFunctionKernel(
      {"string_normalizer", false, kAllocates, kValues},
      [normalizer, node = *spec.node](const KernelContext& context) {
        return normalizer.Run(node, context);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeStringConcat(
    const KernelSpec& spec) {
  return MakeFunctionKernel({"string_concat", false, kAllocates, kValues},
                            [node = *spec.node](const KernelContext& context) {
                              return RunConcat(node, context);
                            });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeEqual(const KernelSpec& spec) {
  if (spec.input_types.empty() || spec.input_types[0].dtype != DType::kString) {
    return MakeCompare(spec);
  }
  return MakeFunctionKernel({"string_equal", false, kAllocates, kValues},
                            [node = *spec.node](const KernelContext& context) {
                              return RunEqual(node, context);
                            });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeStringSplit(
    const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const std::string delimiter = read.String("delimiter", "");
  const int64_t most = read.Has("maxsplit") ? read.Int("maxsplit", 0) : -1;
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  return MakeFunctionKernel(
      {"string_split", false, kAllocates, kValues},
      [delimiter, most, node = *spec.node](const KernelContext& context) {
        return RunSplit(delimiter, most, node, context);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeRegexFullMatch(
    const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const std::string pattern = read.String("pattern", "");
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_ASSIGN_OR_RETURN(const Regex regex, Regex::Parse(pattern));
  return MakeFunctionKernel(
      {"regex_full_match", false, kAllocates, kValues},
      [regex, node = *spec.node](const KernelContext& context) -> absl::Status {
        HONE_ASSIGN_OR_RETURN(const Tensor x, StringInput(node, context, 0));
        absl::Span<std::byte> bytes;
        HONE_ASSIGN_OR_RETURN(Tensor y,
                              Tensor::Allocate(DType::kBool, x.dims(), &bytes));
        for (size_t i = 0; i < bytes.size(); ++i) {
          bytes[i] = std::byte{regex.FullMatch(x.Strings()[i])};
        }
        context.results[0] = std::move(y);
        return absl::OkStatus();
      });
}

}  // namespace hone
