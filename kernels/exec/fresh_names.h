// Names that no value of a graph has.
#ifndef HONE_KERNELS_EXEC_FRESH_NAMES_H_
#define HONE_KERNELS_EXEC_FRESH_NAMES_H_

#include <cstdint>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"

namespace hone {

class FreshNames {
 public:
  // Avoids the values of `graph` and of its subgraphs.
  explicit FreshNames(const Graph& graph);

  // "STEM/NUMBER", never the same again.
  std::string Make(absl::string_view stem);

 private:
  void Collect(const Graph& graph);

  std::set<std::string> names_;
  int64_t next_ = 0;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_FRESH_NAMES_H_
