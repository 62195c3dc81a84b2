#include "abi.h"

#include <dlfcn.h>
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

namespace {

// OpenBLAS built with its own pthreads keeps a second pool of threads beside libtorch's OpenMP one, and the two fight for
// the cores (three times slower on two). Its OpenMP build (openblas_get_parallel() == 2) shares libtorch's pool.
void tame_openblas() {
    auto parallel = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_parallel"));
    auto set_threads = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
    if (parallel != nullptr && set_threads != nullptr && parallel() != 2) set_threads(1);
}

// glibc gives large blocks back to the kernel after every operation and faults them in again: keeping them costs memory
// that training needs anyway, and doubles the speed of large operations.
void keep_freed_memory() {
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_TOP_PAD, 256 << 20);
}

}  // namespace
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

// Called once, before the first tensor.
MNC_API int mnc_initialize(int threads) {
    return mnc::guarded([&] {
        mnc::keep_freed_memory();
        mnc::tame_openblas();
        at::set_num_threads(threads);
    });
}

MNC_API int mnc_set_num_threads(int threads) {
    return mnc::guarded([&] { at::set_num_threads(threads); });
}

MNC_API int mnc_get_num_threads(int* threads) {
    return mnc::guarded([&] { *threads = at::get_num_threads(); });
}

// at::set_num_threads is for the process; OpenMP keeps the number per thread. libtorch writes its own into a thread when
// the thread first asks for it, so ask first.
MNC_API int mnc_set_thread_num_threads(int threads) {
    return mnc::guarded([&] {
        at::get_num_threads();
        auto set_threads = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"));
        TORCH_CHECK(set_threads != nullptr, "threads can be set per thread only in a libtorch built with OpenMP");
        set_threads(threads);
    });
}
