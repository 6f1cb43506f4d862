// How a long loop learns that nobody wants its result any more.
//
//   CancelScope scope(options.cancel);      // whoever runs a kernel
//   ...
//   const CancelToken cancel = CancelToken::Current();   // the kernel's thread
//   pool.ParallelFor(tasks, [&](int64_t task, int worker) {
//     if (cancel.requested()) return;       // its output is left unfinished
//     ...
//   });
//
// A kernel that looks at what its tasks wrote must ask again before it does.
#ifndef HONE_KERNELS_THREADS_CANCEL_SCOPE_H_
#define HONE_KERNELS_THREADS_CANCEL_SCOPE_H_

#include <atomic>

namespace hone {

class CancelToken {
 public:
  CancelToken() = default;  // never requested
  explicit CancelToken(const std::atomic<bool>* flag) : flag_(flag) {}

  // Of the innermost CancelScope of this thread.
  static CancelToken Current();

  bool requested() const {
    return flag_ != nullptr && flag_->load(std::memory_order_relaxed);
  }

 private:
  const std::atomic<bool>* flag_ = nullptr;
};

// Makes `token` this thread's until the scope ends. A task that calls kernels
// opens one with the token of the thread that began the loop.
class CancelScope {
 public:
  explicit CancelScope(CancelToken token);
  explicit CancelScope(const std::atomic<bool>* flag)
      : CancelScope(CancelToken(flag)) {}
  ~CancelScope();
  CancelScope(const CancelScope&) = delete;
  CancelScope& operator=(const CancelScope&) = delete;

 private:
  const CancelToken outer_;
};

}  // namespace hone

#endif  // HONE_KERNELS_THREADS_CANCEL_SCOPE_H_
