// The rules of the C ABI between libtorch and C#: plain functions over opaque handles. Each returns a status (0: done,
// 1: failed, with the message kept per thread), so that no C++ exception crosses the boundary.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <string>
#include <utility>

#define MNC_API extern "C" __attribute__((visibility("default")))

// libtorch's version as one number: 1.13 is 113, 2.6 is 206.
#define MNC_TORCH_VERSION (TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR)

namespace mnc {

// An owned tensor: made by `wrap`, freed by `mnc_tensor_dispose`. C# sees a pointer.
using Handle = at::Tensor*;

void set_last_error(std::string message) noexcept;

// Counts handles, so that a test can hold the number of live ones flat.
Handle wrap(at::Tensor tensor);
void release(Handle handle) noexcept;

// An optional argument arrives as a null handle. The copy matters: c10::optional<Tensor> built from a temporary moves out of it.
inline c10::optional<at::Tensor> optional(Handle handle) {
    return handle == nullptr ? c10::optional<at::Tensor>() : c10::optional<at::Tensor>(at::Tensor(*handle));
}

inline at::IntArrayRef ints(const int64_t* values, int64_t count) {
    return at::IntArrayRef(values, static_cast<size_t>(count));
}

template <class Body>
int guarded(Body&& body) noexcept {
    try {
        body();
        return 0;
    } catch (const c10::Error& error) {
        set_last_error(error.what_without_backtrace());
    } catch (const std::exception& error) {
        set_last_error(error.what());
    } catch (...) {
        set_last_error("an unknown C++ exception");
    }
    return 1;
}

}  // namespace mnc
