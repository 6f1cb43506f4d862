#include "ir/views/pool_view.h"

#include <utility>
#include <vector>

#include "ir/views/attributes.h"

namespace hone {

absl::StatusOr<PoolView> PoolView::Of(const Node& node, int64_t /*opset*/) {
  AttributeReader read(node);
  PoolView view;
  std::vector<int64_t> kernel = read.Ints("kernel_shape");
  if (kernel.empty()) read.Fail("attribute kernel_shape is missing");
  if (read.ok()) view.window = Window::Read(&read, std::move(kernel));
  view.count_include_pad = read.Bool("count_include_pad", false);
  view.column_major = read.Bool("storage_order", false);
  view.p = read.Int("p", 2);
  return read.Finish(std::move(view));
}

}  // namespace hone
