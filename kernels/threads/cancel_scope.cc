#include "kernels/threads/cancel_scope.h"

namespace hone {
namespace {

thread_local CancelToken current;

}  // namespace

CancelToken CancelToken::Current() { return current; }

CancelScope::CancelScope(CancelToken token) : outer_(current) {
  current = token;
}

CancelScope::~CancelScope() { current = outer_; }

}  // namespace hone
