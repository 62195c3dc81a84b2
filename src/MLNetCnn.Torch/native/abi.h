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
static_assert(MNC_TORCH_VERSION >= 113, "libtorch is too old: 1.13 or later is needed (apt-get install libtorch-dev)");

namespace mnc {

// An owned tensor: made by `wrap`, freed by `mnc_tensor_dispose`. C# sees a pointer.
using Handle = at::Tensor*;

// A number of C#: torch.Scalar, field by field.
struct Scalar {
    int64_t is_floating;
    union {
        int64_t integer;
        double floating;
    };

    operator at::Scalar() const { return is_floating ? at::Scalar(floating) : at::Scalar(integer); }
};

// Where and as what a new tensor is made: TensorOptions of C#, field by field.
struct Options {
    int32_t dtype;
    int32_t device_type;
    int32_t device_index;
    int32_t requires_grad;

    at::Device device() const {
        return at::Device(static_cast<at::DeviceType>(device_type), static_cast<at::DeviceIndex>(device_index));
    }

    operator at::TensorOptions() const {
        return at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)).device(device());
    }
};

void set_last_error(std::string message) noexcept;

// Counts handles, so that a test can hold the number of live ones flat.
Handle wrap(at::Tensor tensor);
void release(Handle handle) noexcept;

// An optional argument arrives as a null handle. The copy matters: c10::optional<Tensor> built from a temporary moves out of it.
inline c10::optional<at::Tensor> optional(Handle handle) {
    return handle == nullptr ? c10::optional<at::Tensor>() : c10::optional<at::Tensor>(at::Tensor(*handle));
}

inline at::Tensor tensor_or_undefined(Handle handle) {
    return handle == nullptr ? at::Tensor() : *handle;
}

inline at::IntArrayRef ints(const int64_t* values, int64_t count) {
    return at::IntArrayRef(values, static_cast<size_t>(count));
}

inline std::vector<at::Tensor> tensors(const Handle* handles, int64_t count) {
    std::vector<at::Tensor> list;
    list.reserve(static_cast<size_t>(count));
    for (int64_t i = 0; i < count; i++) list.push_back(*handles[i]);
    return list;
}

// An optional dtype arrives as -1.
inline c10::optional<at::ScalarType> optional_dtype(int32_t dtype) {
    return dtype < 0 ? c10::optional<at::ScalarType>() : c10::optional<at::ScalarType>(static_cast<at::ScalarType>(dtype));
}

// The generator of the calling thread, or none for libtorch's default one (random.cpp).
c10::optional<at::Generator> generator(const at::Device& device);

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

// Most functions: one new tensor.
template <class Body>
int returning(Handle* result, Body&& body) noexcept {
    return guarded([&] { *result = wrap(body()); });
}

}  // namespace mnc
