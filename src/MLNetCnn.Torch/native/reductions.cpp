// Sums, means, maxima and the like. No dimensions means all of them.
#include "abi.h"

using mnc::Handle;
using mnc::Scalar;

MNC_API int mnc_sum(Handle self, const int64_t* dims, int64_t count, bool keep, int32_t dtype, Handle* result) {
    return mnc::returning(result, [&] {
        auto type = mnc::optional_dtype(dtype);
        return count == 0 ? at::sum(*self, type) : at::sum(*self, mnc::ints(dims, count), keep, type);
    });
}

MNC_API int mnc_mean(Handle self, const int64_t* dims, int64_t count, bool keep, int32_t dtype, Handle* result) {
    return mnc::returning(result, [&] {
        auto type = mnc::optional_dtype(dtype);
        return count == 0 ? at::mean(*self, type) : at::mean(*self, mnc::ints(dims, count), keep, type);
    });
}

MNC_API int mnc_var(Handle self, const int64_t* dims, int64_t count, bool unbiased, bool keep, Handle* result) {
    return mnc::returning(result, [&] { return count == 0 ? at::var(*self, unbiased) : at::var(*self, mnc::ints(dims, count), unbiased, keep); });
}

MNC_API int mnc_std(Handle self, const int64_t* dims, int64_t count, bool unbiased, bool keep, Handle* result) {
    return mnc::returning(result, [&] { return count == 0 ? at::std(*self, unbiased) : at::std(*self, mnc::ints(dims, count), unbiased, keep); });
}

MNC_API int mnc_norm(Handle self, const int64_t* dims, int64_t count, bool keep, double p, Handle* result) {
    return mnc::returning(result, [&] { return count == 0 ? at::norm(*self, p) : at::norm(*self, p, mnc::ints(dims, count), keep); });
}

MNC_API int mnc_logsumexp(Handle self, int64_t dim, bool keep, Handle* result) {
    return mnc::returning(result, [&] { return at::logsumexp(*self, dim, keep); });
}

MNC_API int mnc_softmax(Handle self, int64_t dim, int32_t dtype, Handle* result) {
    return mnc::returning(result, [&] { return at::softmax(*self, dim, mnc::optional_dtype(dtype)); });
}

MNC_API int mnc_log_softmax(Handle self, int64_t dim, int32_t dtype, Handle* result) {
    return mnc::returning(result, [&] { return at::log_softmax(*self, dim, mnc::optional_dtype(dtype)); });
}

MNC_API int mnc_cumsum(Handle self, int64_t dim, Handle* result) {
    return mnc::returning(result, [&] { return at::cumsum(*self, dim); });
}

MNC_API int mnc_max(Handle self, Handle* result) {
    return mnc::returning(result, [&] { return at::max(*self); });
}

MNC_API int mnc_min(Handle self, Handle* result) {
    return mnc::returning(result, [&] { return at::min(*self); });
}

MNC_API int mnc_any(Handle self, Handle* result) {
    return mnc::returning(result, [&] { return at::any(*self); });
}

MNC_API int mnc_all(Handle self, Handle* result) {
    return mnc::returning(result, [&] { return at::all(*self); });
}

// The two tensors of a function that gives values and where they were.
namespace {
void both(std::tuple<at::Tensor, at::Tensor> pair, Handle* values, Handle* indexes) {
    *values = mnc::wrap(std::move(std::get<0>(pair)));
    *indexes = mnc::wrap(std::move(std::get<1>(pair)));
}
}  // namespace

MNC_API int mnc_max_dim(Handle self, int64_t dim, bool keep, Handle* values, Handle* indexes) {
    return mnc::guarded([&] { both(at::max(*self, dim, keep), values, indexes); });
}

MNC_API int mnc_min_dim(Handle self, int64_t dim, bool keep, Handle* values, Handle* indexes) {
    return mnc::guarded([&] { both(at::min(*self, dim, keep), values, indexes); });
}

MNC_API int mnc_topk(Handle self, int64_t k, int64_t dim, bool largest, bool sorted, Handle* values, Handle* indexes) {
    return mnc::guarded([&] { both(at::topk(*self, k, dim, largest, sorted), values, indexes); });
}

MNC_API int mnc_sort(Handle self, int64_t dim, bool descending, Handle* values, Handle* indexes) {
    return mnc::guarded([&] { both(at::sort(*self, /*stable=*/true, dim, descending), values, indexes); });
}

MNC_API int mnc_argmax(Handle self, const int64_t* dim, bool keep, Handle* result) {
    return mnc::returning(result, [&] { return at::argmax(*self, dim == nullptr ? c10::optional<int64_t>() : c10::optional<int64_t>(*dim), keep); });
}

MNC_API int mnc_argmin(Handle self, const int64_t* dim, bool keep, Handle* result) {
    return mnc::returning(result, [&] { return at::argmin(*self, dim == nullptr ? c10::optional<int64_t>() : c10::optional<int64_t>(*dim), keep); });
}
