// Views, and picking and joining parts.
#include "abi.h"

using mnc::Handle;

MNC_API int mnc_view(Handle self, const int64_t* shape, int64_t dims, Handle* result) {
    return mnc::returning(result, [&] { return self->view(mnc::ints(shape, dims)); });
}

MNC_API int mnc_reshape(Handle self, const int64_t* shape, int64_t dims, Handle* result) {
    return mnc::returning(result, [&] { return at::reshape(*self, mnc::ints(shape, dims)); });
}

MNC_API int mnc_flatten(Handle self, int64_t start, int64_t end, Handle* result) {
    return mnc::returning(result, [&] { return at::flatten(*self, start, end); });
}

MNC_API int mnc_permute(Handle self, const int64_t* order, int64_t dims, Handle* result) {
    return mnc::returning(result, [&] { return at::permute(*self, mnc::ints(order, dims)); });
}

MNC_API int mnc_transpose(Handle self, int64_t dim0, int64_t dim1, Handle* result) {
    return mnc::returning(result, [&] { return at::transpose(*self, dim0, dim1); });
}

MNC_API int mnc_unsqueeze(Handle self, int64_t dim, Handle* result) {
    return mnc::returning(result, [&] { return at::unsqueeze(*self, dim); });
}

MNC_API int mnc_squeeze(Handle self, Handle* result) {
    return mnc::returning(result, [&] { return at::squeeze(*self); });
}

MNC_API int mnc_squeeze_dim(Handle self, int64_t dim, Handle* result) {
    return mnc::returning(result, [&] { return at::squeeze(*self, dim); });
}

MNC_API int mnc_expand(Handle self, const int64_t* shape, int64_t dims, Handle* result) {
    return mnc::returning(result, [&] { return self->expand(mnc::ints(shape, dims)); });
}

MNC_API int mnc_repeat(Handle self, const int64_t* repeats, int64_t dims, Handle* result) {
    return mnc::returning(result, [&] { return self->repeat(mnc::ints(repeats, dims)); });
}

MNC_API int mnc_flip(Handle self, const int64_t* dims, int64_t count, Handle* result) {
    return mnc::returning(result, [&] { return at::flip(*self, mnc::ints(dims, count)); });
}

MNC_API int mnc_select(Handle self, int64_t dim, int64_t index, Handle* result) {
    return mnc::returning(result, [&] { return at::select(*self, dim, index); });
}

MNC_API int mnc_slice(Handle self, int64_t dim, int64_t start, int64_t end, int64_t step, Handle* result) {
    return mnc::returning(result, [&] { return at::slice(*self, dim, start, end, step); });
}

MNC_API int mnc_narrow(Handle self, int64_t dim, int64_t start, int64_t length, Handle* result) {
    return mnc::returning(result, [&] { return at::narrow(*self, dim, start, length); });
}

MNC_API int mnc_index(Handle self, Handle index, Handle* result) {
    return mnc::returning(result, [&] { return self->index({*index}); });
}

MNC_API int mnc_index_select(Handle self, int64_t dim, Handle index, Handle* result) {
    return mnc::returning(result, [&] { return at::index_select(*self, dim, *index); });
}

MNC_API int mnc_gather(Handle self, int64_t dim, Handle index, Handle* result) {
    return mnc::returning(result, [&] { return at::gather(*self, dim, *index); });
}

MNC_API int mnc_nonzero(Handle self, Handle* result) {
    return mnc::returning(result, [&] { return at::nonzero(*self); });
}

MNC_API int mnc_cat(const Handle* tensors, int64_t count, int64_t dim, Handle* result) {
    return mnc::returning(result, [&] { return at::cat(mnc::tensors(tensors, count), dim); });
}

MNC_API int mnc_stack(const Handle* tensors, int64_t count, int64_t dim, Handle* result) {
    return mnc::returning(result, [&] { return at::stack(mnc::tensors(tensors, count), dim); });
}

MNC_API int mnc_one_hot(Handle self, int64_t classes, Handle* result) {
    return mnc::returning(result, [&] { return at::one_hot(*self, classes); });
}
