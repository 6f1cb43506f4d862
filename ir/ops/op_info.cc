#include "ir/ops/op_info.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/ops/families.h"

namespace hone {
namespace {

using Key = std::pair<absl::string_view, absl::string_view>;

constexpr absl::Span<const OpInfo> (*kFamilies[])() = {
    ConvOps,      PoolOps,     NormalizationOps, UnaryOps,
    BinaryOps,    MatrixOps,   ReduceOps,        ReshapeOps,
    SelectOps,    GenerateOps, ImageOps,         QuantizeOps,
    RecurrentOps, ControlOps,  SignalOps,        MicrosoftOps,
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

size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
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
  // Names of file size would take quadratic time, and are near nothing.
  constexpr size_t kLongestName = 64;
  if (op_type.size() > kLongestName) return "";
  std::string nearest;
  size_t least = std::max<size_t>(op_type.size() / 3, 1) + 1;
  for (const OpInfo* op : AllOps()) {
    if (op->domain != domain) continue;
    const size_t distance = EditDistance(op->op_type, op_type);
    if (distance < least) {
      least = distance;
      nearest = std::string(op->op_type);
    }
  }
  return nearest;
}

}  // namespace hone
