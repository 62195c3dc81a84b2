// Operations element by element, with broadcasting.
#include "abi.h"
#include "activations.h"

using mnc::Handle;
using mnc::Scalar;

#define MNC_UNARY(name) \
    MNC_API int mnc_##name(Handle self, Handle* result) { return mnc::returning(result, [&] { return at::name(*self); }); }
#define MNC_UNARY_INPLACE(name) \
    MNC_API int mnc_##name##_(Handle self) { return mnc::guarded([&] { at::name##_(*self); }); }
#define MNC_BINARY(name) \
    MNC_API int mnc_##name(Handle self, Handle other, Handle* result) { return mnc::returning(result, [&] { return at::name(*self, *other); }); }
#define MNC_BINARY_SCALAR(name) \
    MNC_API int mnc_##name##_scalar(Handle self, Scalar other, Handle* result) { return mnc::returning(result, [&] { return at::name(*self, at::Scalar(other)); }); }
#define MNC_BINARY_INPLACE(name) \
    MNC_API int mnc_##name##_(Handle self, Handle other) { return mnc::guarded([&] { self->name##_(*other); }); }
#define MNC_BINARY_SCALAR_INPLACE(name) \
    MNC_API int mnc_##name##_scalar_(Handle self, Scalar other) { return mnc::guarded([&] { self->name##_(at::Scalar(other)); }); }

MNC_API int mnc_relu6(Handle self, Handle* result) {
    return mnc::returning(result, [&] { return mnc::relu6(*self); });
}

MNC_UNARY(neg)
MNC_UNARY(abs)
MNC_UNARY(exp)
MNC_UNARY(log)
MNC_UNARY(log1p)
MNC_UNARY(sqrt)
MNC_UNARY(rsqrt)
MNC_UNARY(square)
MNC_UNARY(reciprocal)
MNC_UNARY(floor)
MNC_UNARY(round)
MNC_UNARY(sign)
MNC_UNARY(isnan)
MNC_UNARY(isfinite)
MNC_UNARY(logical_not)
MNC_UNARY(relu)
MNC_UNARY(silu)
MNC_UNARY(hardswish)
MNC_UNARY(hardsigmoid)
MNC_UNARY(sigmoid)
MNC_UNARY(tanh)

MNC_UNARY_INPLACE(neg)
MNC_UNARY_INPLACE(abs)
MNC_UNARY_INPLACE(exp)
MNC_UNARY_INPLACE(sqrt)
MNC_UNARY_INPLACE(relu)
MNC_UNARY_INPLACE(relu6)
MNC_UNARY_INPLACE(silu)
MNC_UNARY_INPLACE(hardswish)
MNC_UNARY_INPLACE(hardsigmoid)
MNC_UNARY_INPLACE(sigmoid)
MNC_UNARY_INPLACE(tanh)

MNC_BINARY(mul)
MNC_BINARY(div)
MNC_BINARY(pow)
MNC_BINARY(minimum)
MNC_BINARY(maximum)
MNC_BINARY(eq)
MNC_BINARY(ne)
MNC_BINARY(lt)
MNC_BINARY(le)
MNC_BINARY(gt)
MNC_BINARY(ge)
MNC_BINARY(logical_and)
MNC_BINARY(logical_or)
MNC_BINARY(matmul)

MNC_BINARY_SCALAR(add)
MNC_BINARY_SCALAR(sub)
MNC_BINARY_SCALAR(rsub)
MNC_BINARY_SCALAR(mul)
MNC_BINARY_SCALAR(div)
MNC_BINARY_SCALAR(pow)
MNC_BINARY_SCALAR(eq)
MNC_BINARY_SCALAR(ne)
MNC_BINARY_SCALAR(lt)
MNC_BINARY_SCALAR(le)
MNC_BINARY_SCALAR(gt)
MNC_BINARY_SCALAR(ge)

MNC_BINARY_INPLACE(mul)
MNC_BINARY_INPLACE(div)
MNC_BINARY_SCALAR_INPLACE(add)
MNC_BINARY_SCALAR_INPLACE(sub)
MNC_BINARY_SCALAR_INPLACE(mul)
MNC_BINARY_SCALAR_INPLACE(div)
MNC_BINARY_SCALAR_INPLACE(fill)

MNC_API int mnc_add(Handle self, Handle other, Scalar alpha, Handle* result) {
    return mnc::returning(result, [&] { return at::add(*self, *other, alpha); });
}

MNC_API int mnc_sub(Handle self, Handle other, Scalar alpha, Handle* result) {
    return mnc::returning(result, [&] { return at::sub(*self, *other, alpha); });
}

MNC_API int mnc_add_(Handle self, Handle other, Scalar alpha) {
    return mnc::guarded([&] { self->add_(*other, alpha); });
}

MNC_API int mnc_sub_(Handle self, Handle other, Scalar alpha) {
    return mnc::guarded([&] { self->sub_(*other, alpha); });
}

MNC_API int mnc_lerp_(Handle self, Handle end, Scalar weight) {
    return mnc::guarded([&] { self->lerp_(*end, at::Scalar(weight)); });
}

MNC_API int mnc_zero_(Handle self) {
    return mnc::guarded([&] { self->zero_(); });
}

// A missing bound arrives as a null pointer.
namespace {
c10::optional<at::Scalar> bound(const Scalar* value) {
    return value == nullptr ? c10::optional<at::Scalar>() : c10::optional<at::Scalar>(at::Scalar(*value));
}
}  // namespace

MNC_API int mnc_clamp(Handle self, const Scalar* min, const Scalar* max, Handle* result) {
    return mnc::returning(result, [&] { return at::clamp(*self, bound(min), bound(max)); });
}

MNC_API int mnc_clamp_(Handle self, const Scalar* min, const Scalar* max) {
    return mnc::guarded([&] { at::clamp_(*self, bound(min), bound(max)); });
}

MNC_API int mnc_where(Handle condition, Handle x, Handle y, Handle* result) {
    return mnc::returning(result, [&] { return at::where(*condition, *x, *y); });
}

MNC_API int mnc_masked_fill(Handle self, Handle mask, Scalar value, Handle* result) {
    return mnc::returning(result, [&] { return at::masked_fill(*self, *mask, at::Scalar(value)); });
}

MNC_API int mnc_masked_fill_(Handle self, Handle mask, Scalar value) {
    return mnc::guarded([&] { self->masked_fill_(*mask, at::Scalar(value)); });
}

MNC_API int mnc_leaky_relu(Handle self, double slope, Handle* result) {
    return mnc::returning(result, [&] { return at::leaky_relu(*self, slope); });
}

MNC_API int mnc_leaky_relu_(Handle self, double slope) {
    return mnc::guarded([&] { at::leaky_relu_(*self, slope); });
}

MNC_API int mnc_elu(Handle self, double alpha, Handle* result) {
    return mnc::returning(result, [&] { return at::elu(*self, alpha); });
}

MNC_API int mnc_elu_(Handle self, double alpha) {
    return mnc::guarded([&] { at::elu_(*self, alpha); });
}

MNC_API int mnc_gelu(Handle self, bool tanh, Handle* result) {
    return mnc::returning(result, [&] { return at::gelu(*self, tanh ? "tanh" : "none"); });
}

MNC_API int mnc_softplus(Handle self, double beta, double threshold, Handle* result) {
    return mnc::returning(result, [&] { return at::softplus(*self, beta, threshold); });
}

MNC_API int mnc_equal(Handle self, Handle other, bool* result) {
    return mnc::guarded([&] { *result = at::equal(*self, *other); });
}

MNC_API int mnc_allclose(Handle self, Handle other, double rtol, double atol, bool equal_nan, bool* result) {
    return mnc::guarded([&] { *result = at::allclose(*self, *other, rtol, atol, equal_nan); });
}
