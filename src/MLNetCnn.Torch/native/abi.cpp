#include "abi.h"

#include <dlfcn.h>
#include <link.h>
#include <malloc.h>

#include <atomic>
#include <cstring>
#include <vector>

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

// A function of the OpenBLAS that libtorch brought along: loaded with local scope, it is not among the process's own symbols.
template <class Function>
Function openblas(const char* name) {
    std::vector<std::string> candidates;
    dl_iterate_phdr(
        [](dl_phdr_info* library, size_t, void* found) {
            if (strstr(library->dlpi_name, "blas") != nullptr) static_cast<std::vector<std::string>*>(found)->emplace_back(library->dlpi_name);
            return 0;
        },
        &candidates);
    for (const auto& candidate : candidates) {
        if (void* library = dlopen(candidate.c_str(), RTLD_LAZY | RTLD_NOLOAD)) {
            auto function = reinterpret_cast<Function>(dlsym(library, name));
            dlclose(library);
            if (function != nullptr) return function;
        }
    }
    return nullptr;
}

constexpr int kOpenMp = 2;

int openblas_parallel() {
    auto parallel = openblas<int (*)()>("openblas_get_parallel");
    return parallel == nullptr ? -1 : parallel();
}

// OpenBLAS built with its own pthreads keeps a second pool of threads beside libtorch's OpenMP one, and the two fight for
// the cores (three times slower on two). Its OpenMP build shares libtorch's pool.
void tame_openblas() {
    auto set_threads = openblas<void (*)(int)>("openblas_set_num_threads");
    if (set_threads != nullptr && openblas_parallel() != kOpenMp) set_threads(1);
}

// glibc gives large blocks back to the kernel after every operation and faults them in again: keeping them costs memory
// that training needs anyway, and doubles the speed of large operations.
void keep_freed_memory() {
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_TOP_PAD, 256 << 20);
    // Blocks in fast bins are merged whenever a large one is freed, which is after every operation: the per-thread cache is enough.
    mallopt(M_MXFAST, 0);
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

// How the BLAS shares its work between threads: 0 not at all, 1 with threads of its own, 2 with OpenMP, -1 unknown.
MNC_API int mnc_blas_threading() {
    return mnc::openblas_parallel();
}

// The processor that OpenBLAS has chosen its kernels for; null where the BLAS is another. Stays valid.
MNC_API const char* mnc_blas_core() {
    const auto name = mnc::openblas<const char* (*)()>("openblas_get_corename");
    return name == nullptr ? nullptr : name();
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
