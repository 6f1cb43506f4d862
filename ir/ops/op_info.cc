#include "ir/ops/op_info.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/nearest/nearest.h"
#include "ir/ops/families.h"

namespace hone {
namespace {

using Key = std::pair<absl::string_view, absl::string_view>;

constexpr absl::Span<const OpInfo> (*kFamilies[])() = {
    ConvOps,      PoolOps,      NormalizationOps,
    UnaryOps,     BinaryOps,    MatrixOps,
    ReduceOps,    ReshapeOps,   SelectOps,
    GenerateOps,  ImageOps,     QuantizeOps,
    RecurrentOps, ControlOps,   SignalOps,
    MlOps,        MicrosoftOps, MicrosoftQuantizedOps,
};

// The rows of each operator, by version.
using Table = absl::flat_hash_map<Key, std::vector<const OpInfo*>>;

const Table& GetTable() {
  static const Table* const kTable = [] {
    auto* table = new Table();
    for (const auto& family : kFamilies) {
      for (const OpInfo& op : family())
        (*table)[{op.domain, op.op_type}].push_back(&op);
    }
    for (auto& [key, rows] : *table) {
      std::sort(rows.begin(), rows.end(), [](const OpInfo* a, const OpInfo* b) {
        return a->since < b->since;
      });
    }
    return table;
  }();
  return *kTable;
}

absl::Status CheckCount(const Node& node, absl::string_view what, size_t count,
                        int low, int high) {
  if (count >= static_cast<size_t>(low) && count <= static_cast<size_t>(high)) {
    return absl::OkStatus();
  }
  std::string expected = absl::StrCat(low);
  if (high >= kVariadic) {
    expected = absl::StrCat("at least ", low);
  } else if (high > low) {
    absl::StrAppend(&expected, " to ", high);
  }
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat(node.op_type, ": number of ", what),
                   {"", NodeLabel(node), expected, absl::StrCat(count)});
}

}  // namespace

const OpInfo* FindOp(absl::string_view domain, absl::string_view op_type,
                     int64_t opset) {
  const auto found = GetTable().find(Key(domain, op_type));
  if (found == GetTable().end()) return nullptr;
  const OpInfo* in_force = nullptr;
  for (const OpInfo* row : found->second) {
    if (row->since <= opset) in_force = row;
  }
  return in_force;
}

absl::Status CheckArity(const OpInfo& op, const Node& node) {
  HONE_RETURN_IF_ERROR(CheckCount(node, "inputs", node.inputs.size(),
                                  op.min_inputs, op.max_inputs));
  return CheckCount(node, "outputs", node.outputs.size(), op.min_outputs,
                    op.max_outputs);
}

std::vector<const OpInfo*> AllOps() {
  std::vector<const OpInfo*> all;
  for (const auto& family : kFamilies) {
    for (const OpInfo& op : family()) all.push_back(&op);
  }
  return all;
}

std::string NearestOp(absl::string_view domain, absl::string_view op_type) {
  std::vector<absl::string_view> names;
  for (const OpInfo* op : AllOps()) {
    if (op->domain == domain) names.push_back(op->op_type);
  }
  return std::string(NearestName(op_type, names));
}

}  // namespace hone
