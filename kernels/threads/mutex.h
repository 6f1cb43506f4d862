// A mutex with Clang's thread-safety annotations, over std::mutex.
//
//   Mutex mutex_;
//   int count_ ABSL_GUARDED_BY(mutex_) = 0;
//   ...
//   const MutexLock lock(&mutex_);
//   ++count_;
//
// Not absl::Mutex: Debian's library is built without ThreadSanitizer, which
// then takes what such a mutex guards for races.
#ifndef HONE_KERNELS_THREADS_MUTEX_H_
#define HONE_KERNELS_THREADS_MUTEX_H_

#include <condition_variable>
#include <mutex>

#include "absl/base/thread_annotations.h"

namespace hone {

class ABSL_LOCKABLE Mutex {
 public:
  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() { mutex_.lock(); }
  void Unlock() ABSL_UNLOCK_FUNCTION() { mutex_.unlock(); }

 private:
  friend class ConditionVariable;
  std::mutex mutex_;
};

class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex* mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex)
      : mutex_(mutex) {
    mutex_->Lock();
  }
  ~MutexLock() ABSL_UNLOCK_FUNCTION() { mutex_->Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex* const mutex_;
};

class ConditionVariable {
 public:
  // Wait until another thread's NotifyAll finds `condition()` true, which is
  // called with the mutex held.
  template <typename Condition>
  void Wait(Mutex* mutex, const Condition& condition)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    std::unique_lock<std::mutex> held(mutex->mutex_, std::adopt_lock);
    variable_.wait(held, condition);
    held.release();  // the caller's MutexLock goes on holding it
  }
  void NotifyAll() { variable_.notify_all(); }

 private:
  std::condition_variable variable_;
};

}  // namespace hone

#endif  // HONE_KERNELS_THREADS_MUTEX_H_
