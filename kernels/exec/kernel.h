// One compiled operator, and how a Plan calls it.
//
// A folder of kernels/exec/ops adapts one family of kernels/cpu to graph nodes:
// it reads a node's typed view, checks once what the kernel requires, packs
// weights, and makes a Kernel. kernels/exec/ops/registry.cc lists the
// factories, one line an operator.
#ifndef HONE_KERNELS_EXEC_KERNEL_H_
#define HONE_KERNELS_EXEC_KERNEL_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/type/type.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

class PackedCache;  // kernels/exec/packed_cache.h

// A dense row-major array in some buffer. data is null for an absent optional
// input.
struct TensorView {
  DType dtype = DType::kUndefined;
  Dims dims;
  const void* data = nullptr;
  int64_t size = 0;  // elements

  template <typename T>
  const T* As() const {
    return static_cast<const T*>(data);
  }
  bool present() const { return dtype != DType::kUndefined; }
};

struct MutableTensorView {
  DType dtype = DType::kUndefined;
  Dims dims;
  void* data = nullptr;
  int64_t size = 0;

  template <typename T>
  T* As() const {
    return static_cast<T*>(data);
  }
};

// What one call of a kernel sees.
struct KernelContext {
  // One per node input; an absent one is not present(). Strings, sequences and
  // optionals come in `values` only.
  absl::Span<const TensorView> inputs;
  // One per node output, allocated at the extents that shape inference gave,
  // unless the kernel says allocates_outputs(); then data is null and the
  // kernel stores whole values in results[i].
  absl::Span<const MutableTensorView> outputs;
  absl::Span<const Value>
      values;  // the inputs as Values, for kernels that ask (values())
  absl::Span<Value> results;
  std::byte* scratch =
      nullptr;  // ScratchBytes() of it, 64-byte aligned, uninitialised
  ThreadPool* pool = nullptr;
  const std::atomic<bool>* cancel =
      nullptr;  // long loops return early when it is set
};

class Kernel {
 public:
  virtual ~Kernel() = default;
  // Thread-safe. Inputs and outputs do not overlap, unless in_place(): then
  // output 0 may be the very buffer of input 0.
  virtual absl::Status Run(const KernelContext& context) const = 0;
  virtual size_t ScratchBytes(absl::Span<const TensorView> /*inputs*/,
                              absl::Span<const MutableTensorView> /*outputs*/,
                              int /*threads*/) const {
    return 0;
  }
  virtual bool in_place() const { return false; }
  // For operators whose output extents depend on input contents (NonZero), or
  // whose values are no tensors.
  virtual bool allocates_outputs() const { return false; }
  virtual bool wants_values() const { return false; }
  // False for a constant input that the factory packed and Run never looks at:
  // the plan then lets the unpacked bytes go, and the view's data is null.
  virtual bool reads_input(size_t /*index*/) const { return true; }
  // What `hone inspect --plan` and `bench --ops` print, e.g.
  // "conv.direct.3x3s1".
  virtual absl::string_view name() const = 0;
  // Bytes of packed weights that this kernel holds (shared ones count in full).
  virtual size_t packed_bytes() const { return 0; }
};

// All that is known of a node when it is compiled. Inputs' extents may be
// symbolic.
struct KernelSpec {
  const Node* node = nullptr;
  int64_t opset = 0;  // of the node's domain
  std::vector<const Tensor*>
      constants;  // one per input; null when it is not a constant
  std::vector<Type>
      input_types;  // one per input; kUnknown when absent or unknown
  std::vector<Type> output_types;
  PackedCache* packed = nullptr;  // may be null: then nothing is shared
  // The definition (x_ref.h) instead of the optimized kernel: the oracle of the
  // tests.
  bool reference = false;
};

// InvalidArgument: the node is malformed. Unimplemented: a dtype or mode
// without a kernel; the message names node, domain, operator, opset and what
// was asked.
using KernelFactory =
    absl::StatusOr<std::unique_ptr<Kernel>> (*)(const KernelSpec& spec);

struct KernelRegistration {
  absl::string_view domain;
  absl::string_view op_type;
  KernelFactory make;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_KERNEL_H_
