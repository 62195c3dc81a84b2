#include "abi.h"

#include <malloc.h>

#include <atomic>

namespace mnc {

namespace {
thread_local std::string last_error;
std::atomic<int64_t> live_handles{0};
}  // namespace

void set_last_error(std::string message) noexcept {
    last_error = std::move(message);
}

Handle wrap(at::Tensor tensor) {
    auto handle = new at::Tensor(std::move(tensor));
    live_handles.fetch_add(1, std::memory_order_relaxed);
    return handle;
}

void release(Handle handle) noexcept {
    if (handle == nullptr) return;
    live_handles.fetch_sub(1, std::memory_order_relaxed);
    delete handle;
}

}  // namespace mnc

MNC_API const char* mnc_last_error() {
    return mnc::last_error.c_str();
}

MNC_API int64_t mnc_live_handles() {
    return mnc::live_handles.load(std::memory_order_relaxed);
}

MNC_API const char* mnc_torch_version() {
    return TORCH_VERSION;
}

// Called once, before the first tensor. glibc gives large blocks back to the kernel after every operation and faults them
// in again: keeping them costs memory that training needs anyway, and doubles the speed of large operations.
MNC_API int mnc_initialize(int threads) {
    return mnc::guarded([&] {
        mallopt(M_MMAP_THRESHOLD, 1 << 30);
        mallopt(M_TRIM_THRESHOLD, 1 << 30);
        mallopt(M_TOP_PAD, 256 << 20);
        at::set_num_threads(threads);
    });
}
