#include "kernels/threads/thread_pool.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace hone {
namespace {

// Layers follow one another within microseconds; waking a sleeping thread
// costs about as much as a small layer.
constexpr std::chrono::microseconds kSpin(40);

// The gate word: loop number, whether threads may still join it, and how many
// are inside.
constexpr uint64_t kActiveMask = 0xffff;
constexpr uint64_t kOpen = 0x10000;
constexpr int kLoopShift = 17;

uint64_t LoopOf(uint64_t gate) { return gate >> kLoopShift; }

void Pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#else
  std::this_thread::yield();
#endif
}

// Spins until done() or until kSpin has passed; the last answer of done().
template <typename Done>
bool SpinUntil(const Done& done) {
  if (done()) return true;
  const auto end = std::chrono::steady_clock::now() + kSpin;
  do {
    for (int i = 0; i < 64; ++i) {
      Pause();
      if (done()) return true;
    }
  } while (std::chrono::steady_clock::now() < end);
  return done();
}

// Which pool's task this thread is in, to run nested loops in place.
thread_local const void* current_pool = nullptr;
thread_local int current_worker = 0;

}  // namespace

struct ThreadPool::State {
  explicit State(int threads) : threads(threads) {}

  const int threads;
  std::vector<std::thread> workers;

  std::mutex loop_mutex;  // held by the thread whose loop runs
  const absl::FunctionRef<void(int64_t, int)>* task = nullptr;
  int64_t tasks = 0;
  std::atomic<int64_t> next{0};

  std::atomic<uint64_t> gate{0};
  std::atomic<bool> stop{false};

  std::mutex sleep_mutex;
  std::condition_variable wake;
  std::atomic<int> sleepers{0};

  std::mutex done_mutex;
  std::condition_variable done;
  std::atomic<bool> caller_sleeps{false};

  bool CanJoin(uint64_t last_loop) const {
    const uint64_t g = gate.load();
    return stop.load() || ((g & kOpen) != 0 && LoopOf(g) != last_loop);
  }

  void RunTasks(int worker) {
    const void* const outer_pool = current_pool;
    const int outer_worker = current_worker;
    current_pool = this;
    current_worker = worker;
    for (;;) {
      const int64_t i = next.fetch_add(1, std::memory_order_relaxed);
      if (i >= tasks) break;
      (*task)(i, worker);
    }
    current_pool = outer_pool;
    current_worker = outer_worker;
  }

  void Work(int worker) {
    uint64_t last_loop = 0;
    while (!stop.load()) {
      if (!SpinUntil([&] { return CanJoin(last_loop); })) {
        std::unique_lock<std::mutex> lock(sleep_mutex);
        sleepers.fetch_add(1);
        wake.wait(lock, [&] { return CanJoin(last_loop); });
        sleepers.fetch_sub(1);
      }
      uint64_t g = gate.load();
      if ((g & kOpen) == 0 || LoopOf(g) == last_loop) continue;
      if (!gate.compare_exchange_strong(g, g + 1)) continue;
      last_loop = LoopOf(g);
      RunTasks(worker);
      const uint64_t left = gate.fetch_sub(1) - 1;
      if ((left & (kOpen | kActiveMask)) == 0 && caller_sleeps.load()) {
        std::lock_guard<std::mutex> lock(done_mutex);
        done.notify_one();
      }
    }
  }

  // The caller does not wait for threads that never came: it closes the gate
  // when no task is left and waits only for those inside.
  void CloseGate() {
    gate.fetch_and(~kOpen);
    const auto empty = [&] { return (gate.load() & kActiveMask) == 0; };
    if (SpinUntil(empty)) return;
    std::unique_lock<std::mutex> lock(done_mutex);
    caller_sleeps.store(true);
    done.wait(lock, empty);
    caller_sleeps.store(false);
  }
};

ThreadPool::ThreadPool(int threads)
    : state_(std::make_unique<State>(threads < 1 ? 1 : threads)) {
  State* const state = state_.get();
  for (int worker = 1; worker < state->threads; ++worker) {
    state->workers.emplace_back([state, worker] { state->Work(worker); });
  }
}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard<std::mutex> lock(state_->sleep_mutex);
    state_->stop.store(true);
  }
  state_->wake.notify_all();
  for (std::thread& thread : state_->workers) thread.join();
}

int ThreadPool::threads() const { return state_->threads; }

void ThreadPool::ParallelFor(int64_t tasks,
                             absl::FunctionRef<void(int64_t, int)> task) {
  State& state = *state_;
  if (current_pool == &state) {
    const int worker = current_worker;
    for (int64_t i = 0; i < tasks; ++i) task(i, worker);
    return;
  }
  if (tasks <= 0) return;
  std::lock_guard<std::mutex> lock(state.loop_mutex);
  state.task = &task;
  state.tasks = tasks;
  state.next.store(0, std::memory_order_relaxed);
  if (tasks == 1 || state.threads == 1) {
    state.RunTasks(0);
    return;
  }
  state.gate.store(((LoopOf(state.gate.load()) + 1) << kLoopShift) | kOpen);
  if (state.sleepers.load() > 0) {
    std::lock_guard<std::mutex> sleep_lock(state.sleep_mutex);
    state.wake.notify_all();
  }
  state.RunTasks(0);
  state.CloseGate();
}

}  // namespace hone
