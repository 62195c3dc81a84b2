// The life of a tensor: its properties, and its data in and out.
#include "abi.h"

#include <cstring>

using mnc::Handle;

MNC_API void mnc_tensor_dispose(Handle self) {
    mnc::release(self);
}

// A second handle on the same tensor.
MNC_API int mnc_tensor_alias(Handle self, Handle* result) {
    return mnc::returning(result, [&] { return *self; });
}

MNC_API int mnc_tensor_dim(Handle self, int64_t* result) {
    return mnc::guarded([&] { *result = self->dim(); });
}

MNC_API int mnc_tensor_shape(Handle self, int64_t* sizes, int64_t count) {
    return mnc::guarded([&] { std::memcpy(sizes, self->sizes().data(), sizeof(int64_t) * static_cast<size_t>(count)); });
}

MNC_API int mnc_tensor_strides(Handle self, int64_t* strides, int64_t count) {
    return mnc::guarded([&] { std::memcpy(strides, self->strides().data(), sizeof(int64_t) * static_cast<size_t>(count)); });
}

MNC_API int mnc_tensor_size(Handle self, int64_t dim, int64_t* result) {
    return mnc::guarded([&] { *result = self->size(dim); });
}

MNC_API int mnc_tensor_numel(Handle self, int64_t* result) {
    return mnc::guarded([&] { *result = self->numel(); });
}

MNC_API int mnc_tensor_dtype(Handle self, int32_t* result) {
    return mnc::guarded([&] { *result = static_cast<int32_t>(self->scalar_type()); });
}

MNC_API int mnc_tensor_device(Handle self, int32_t* type, int32_t* index) {
    return mnc::guarded([&] {
        *type = static_cast<int32_t>(self->device().type());
        *index = self->device().has_index() ? self->device().index() : 0;
    });
}

MNC_API int mnc_tensor_is_contiguous(Handle self, int32_t format, bool* result) {
    return mnc::guarded([&] { *result = self->is_contiguous(static_cast<at::MemoryFormat>(format)); });
}

MNC_API int mnc_tensor_data_ptr(Handle self, void** result) {
    return mnc::guarded([&] {
        TORCH_CHECK(self->device().is_cpu(), "the data of a tensor on ", self->device(), " can't be read in place: call cpu() first");
        TORCH_CHECK(self->is_contiguous(), "the data of a tensor that is not contiguous can't be read in place: call contiguous() first");
        *result = self->data_ptr();
    });
}

// Copies the elements in row-major order, whatever the device and the strides.
MNC_API int mnc_tensor_copy_to(Handle self, void* destination) {
    return mnc::guarded([&] {
        auto source = self->detach().cpu().contiguous();
        if (source.numel() > 0) std::memcpy(destination, source.data_ptr(), source.nbytes());
    });
}

MNC_API int mnc_tensor_item(Handle self, mnc::Scalar* result) {
    return mnc::guarded([&] {
        auto value = self->item();
        result->is_floating = value.isFloatingPoint();
        if (value.isFloatingPoint()) {
            result->floating = value.toDouble();
        } else {
            result->integer = value.isBoolean() ? value.toBool() : value.toLong();
        }
    });
}

// One call changes dtype, device and layout; -1 keeps what is.
MNC_API int mnc_tensor_to(Handle self, int32_t dtype, int32_t device_type, int32_t device_index, int32_t format, bool copy,
                          bool non_blocking, Handle* result) {
    return mnc::returning(result, [&] {
        auto options = self->options();
        if (dtype >= 0) options = options.dtype(static_cast<at::ScalarType>(dtype));
        if (device_type >= 0) {
            options = options.device(at::Device(static_cast<at::DeviceType>(device_type), static_cast<at::DeviceIndex>(device_index)));
        }
        c10::optional<at::MemoryFormat> layout;
        if (format >= 0) layout = static_cast<at::MemoryFormat>(format);
        return self->to(options, non_blocking, copy, layout);
    });
}

// A copy in memory that a GPU reads by itself while the processor goes on.
MNC_API int mnc_tensor_pin_memory(Handle self, Handle* result) {
    return mnc::returning(result, [&] { return self->pin_memory(); });
}

MNC_API int mnc_tensor_contiguous(Handle self, int32_t format, Handle* result) {
    return mnc::returning(result, [&] { return self->contiguous(static_cast<at::MemoryFormat>(format)); });
}

MNC_API int mnc_tensor_clone(Handle self, Handle* result) {
    return mnc::returning(result, [&] { return self->clone(); });
}

MNC_API int mnc_tensor_copy_(Handle self, Handle source, bool non_blocking) {
    return mnc::guarded([&] { self->copy_(*source, non_blocking); });
}

// The tensor keeps its identity (and its place in an optimizer) and takes over the data of another.
MNC_API int mnc_tensor_set_data(Handle self, Handle other) {
    return mnc::guarded([&] { self->set_data(other->detach()); });
}
