#include "ir/ops/attention.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/ops/infer.h"
#include "ir/views/attributes.h"

namespace hone {
namespace {

struct Heads {
  Dim batch, heads, seq, size;
};

// Reads one of q, k, v in either layout.
absl::StatusOr<Heads> Read(const InferInput& in, size_t index,
                           absl::string_view heads_name) {
  HONE_RETURN_IF_ERROR(CheckRank(in, index, 3, 4));
  const Shape* shape = InputShape(in, index);
  if (shape == nullptr) return Heads();
  if (shape->size() == 4) {
    return Heads{(*shape)[0], (*shape)[1], (*shape)[2], (*shape)[3]};
  }
  AttributeReader read(*in.node);
  const int64_t heads = read.IntIn(heads_name, 0, 0, int64_t{1} << 31);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  Heads result{(*shape)[0], Dim(), (*shape)[1], Dim()};
  if (heads == 0) return result;
  result.heads = Dim::Of(heads);
  if ((*shape)[2].known()) {
    if ((*shape)[2].value % heads != 0) {
      return NodeError(*in.node, "last extent",
                       absl::StrCat("a multiple of ", heads, " heads"),
                       (*shape)[2].ToString());
    }
    result.size = Dim::Of((*shape)[2].value / heads);
  }
  return result;
}

struct Parts {
  Heads q, k, v;
  Dim total;  // keys, the past included
};

absl::StatusOr<Parts> ReadAll(const InferInput& in) {
  Parts parts;
  HONE_ASSIGN_OR_RETURN(parts.q, Read(in, 0, "q_num_heads"));
  HONE_ASSIGN_OR_RETURN(parts.k, Read(in, 1, "kv_num_heads"));
  HONE_ASSIGN_OR_RETURN(parts.v, Read(in, 2, "kv_num_heads"));
  parts.total = parts.k.seq;
  if (HasInput(in, 4)) {
    const Shape* past = InputShape(in, 4);
    parts.total = AddDims(parts.total, past != nullptr && past->size() == 4
                                           ? (*past)[2]
                                           : Dim::Unknown());
  }
  return parts;
}

}  // namespace

absl::Status InferAttention(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const Parts parts, ReadAll(in));
  const auto& [q, k, v, total] = parts;
  const int64_t rank = InputRank(in, 0);
  std::optional<Shape> y;
  if (rank == 4) {
    y = Shape{q.batch, q.heads, q.seq, v.size};
  } else if (rank == 3) {
    y = Shape{q.batch, q.seq, MulDims(q.heads, v.size)};
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  SetOutput(out, 1, InputDType(in, 1), Shape{k.batch, k.heads, total, k.size});
  SetOutput(out, 2, InputDType(in, 2), Shape{v.batch, v.heads, total, v.size});
  SetOutput(out, 3, InputDType(in, 0), Shape{q.batch, q.heads, q.seq, total});
  return absl::OkStatus();
}

std::optional<int64_t> AttentionMacs(const InferInput& in,
                                     absl::Span<const Type> /*outputs*/) {
  const absl::StatusOr<Parts> parts = ReadAll(in);
  if (!parts.ok()) return std::nullopt;
  const auto& [q, k, v, total] = *parts;
  const Dim sizes = AddDims(q.size, v.size);
  return CheckedProduct(
      {q.batch.value, q.heads.value, q.seq.value, total.value, sizes.value});
}

}  // namespace hone
