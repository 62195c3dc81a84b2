// New tensors.
#include "abi.h"

#include <cstring>

using mnc::Handle;

namespace {
at::Tensor finish(at::Tensor tensor, const mnc::Options& options) {
    return options.requires_grad ? tensor.set_requires_grad(true) : tensor;
}
}  // namespace

MNC_API int mnc_empty(const int64_t* shape, int64_t dims, mnc::Options options, int32_t format, Handle* result) {
    return mnc::returning(result, [&] {
        auto layout = static_cast<at::MemoryFormat>(format);
        return finish(at::empty(mnc::ints(shape, dims), at::TensorOptions(options).memory_format(layout)), options);
    });
}

MNC_API int mnc_zeros(const int64_t* shape, int64_t dims, mnc::Options options, Handle* result) {
    return mnc::returning(result, [&] { return finish(at::zeros(mnc::ints(shape, dims), options), options); });
}

MNC_API int mnc_full(const int64_t* shape, int64_t dims, mnc::Scalar value, mnc::Options options, Handle* result) {
    return mnc::returning(result, [&] { return finish(at::full(mnc::ints(shape, dims), value, options), options); });
}

MNC_API int mnc_arange(mnc::Scalar start, mnc::Scalar stop, mnc::Scalar step, mnc::Options options, Handle* result) {
    return mnc::returning(result, [&] { return finish(at::arange(start, stop, step, options), options); });
}

MNC_API int mnc_linspace(double start, double stop, int64_t steps, mnc::Options options, Handle* result) {
    return mnc::returning(result, [&] { return finish(at::linspace(start, stop, steps, options), options); });
}

MNC_API int mnc_eye(int64_t rows, mnc::Options options, Handle* result) {
    return mnc::returning(result, [&] { return finish(at::eye(rows, options), options); });
}

MNC_API int mnc_rand(const int64_t* shape, int64_t dims, mnc::Options options, Handle* result) {
    return mnc::returning(result, [&] {
        return finish(at::rand(mnc::ints(shape, dims), mnc::generator(options.device()), options), options);
    });
}

MNC_API int mnc_randn(const int64_t* shape, int64_t dims, mnc::Options options, Handle* result) {
    return mnc::returning(result, [&] {
        return finish(at::randn(mnc::ints(shape, dims), mnc::generator(options.device()), options), options);
    });
}

MNC_API int mnc_randint(int64_t low, int64_t high, const int64_t* shape, int64_t dims, mnc::Options options, Handle* result) {
    return mnc::returning(result, [&] {
        return finish(at::randint(low, high, mnc::ints(shape, dims), mnc::generator(options.device()), options), options);
    });
}

MNC_API int mnc_randperm(int64_t count, mnc::Options options, Handle* result) {
    return mnc::returning(result, [&] { return finish(at::randperm(count, mnc::generator(options.device()), options), options); });
}

// Copies values of C# (of dtype `source`) into a tensor of its own.
MNC_API int mnc_from_values(const void* values, int32_t source, const int64_t* shape, int64_t dims, mnc::Options options, Handle* result) {
    return mnc::returning(result, [&] {
        auto tensor = at::empty(mnc::ints(shape, dims), static_cast<at::ScalarType>(source));
        if (tensor.numel() > 0) std::memcpy(tensor.data_ptr(), values, tensor.nbytes());
        return finish(tensor.to(at::TensorOptions(options)), options);
    });
}

// A tensor over memory of C#. `released(owner)` is called when libtorch, and every view and graph, has let go of it.
MNC_API int mnc_from_blob(void* data, const int64_t* shape, int64_t dims, int32_t dtype, void* owner, void (*released)(void*), Handle* result) {
    return mnc::returning(result, [&] {
        auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype));
        return at::from_blob(data, mnc::ints(shape, dims), [=](void*) { released(owner); }, options);
    });
}

MNC_API int mnc_zeros_like(Handle self, int32_t dtype, Handle* result) {
    return mnc::returning(result, [&] { return at::zeros_like(*self, self->options().dtype(mnc::optional_dtype(dtype).value_or(self->scalar_type()))); });
}

MNC_API int mnc_ones_like(Handle self, int32_t dtype, Handle* result) {
    return mnc::returning(result, [&] { return at::ones_like(*self, self->options().dtype(mnc::optional_dtype(dtype).value_or(self->scalar_type()))); });
}

MNC_API int mnc_empty_like(Handle self, int32_t dtype, Handle* result) {
    return mnc::returning(result, [&] { return at::empty_like(*self, self->options().dtype(mnc::optional_dtype(dtype).value_or(self->scalar_type()))); });
}
