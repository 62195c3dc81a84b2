using System.Runtime.InteropServices;
using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch.Interop;

/// <summary>native/pointwise.cpp.</summary>
internal static partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int mnc_neg(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_abs(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_exp(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_log(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_log1p(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_sqrt(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_rsqrt(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_square(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_reciprocal(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_floor(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_round(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_sign(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_isnan(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_isfinite(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_logical_not(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_relu(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_relu6(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_silu(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_hardswish(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_hardsigmoid(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_sigmoid(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_tanh(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_neg_(Tensor self);

    [LibraryImport(Library)]
    internal static partial int mnc_abs_(Tensor self);

    [LibraryImport(Library)]
    internal static partial int mnc_exp_(Tensor self);

    [LibraryImport(Library)]
    internal static partial int mnc_sqrt_(Tensor self);

    [LibraryImport(Library)]
    internal static partial int mnc_relu_(Tensor self);

    [LibraryImport(Library)]
    internal static partial int mnc_relu6_(Tensor self);

    [LibraryImport(Library)]
    internal static partial int mnc_silu_(Tensor self);

    [LibraryImport(Library)]
    internal static partial int mnc_hardswish_(Tensor self);

    [LibraryImport(Library)]
    internal static partial int mnc_hardsigmoid_(Tensor self);

    [LibraryImport(Library)]
    internal static partial int mnc_sigmoid_(Tensor self);

    [LibraryImport(Library)]
    internal static partial int mnc_tanh_(Tensor self);

    [LibraryImport(Library)]
    internal static partial int mnc_mul(Tensor self, Tensor other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_div(Tensor self, Tensor other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_pow(Tensor self, Tensor other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_minimum(Tensor self, Tensor other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_maximum(Tensor self, Tensor other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_eq(Tensor self, Tensor other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_ne(Tensor self, Tensor other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_lt(Tensor self, Tensor other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_le(Tensor self, Tensor other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_gt(Tensor self, Tensor other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_ge(Tensor self, Tensor other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_logical_and(Tensor self, Tensor other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_logical_or(Tensor self, Tensor other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_matmul(Tensor self, Tensor other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_add_scalar(Tensor self, Scalar other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_sub_scalar(Tensor self, Scalar other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_rsub_scalar(Tensor self, Scalar other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_mul_scalar(Tensor self, Scalar other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_div_scalar(Tensor self, Scalar other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_pow_scalar(Tensor self, Scalar other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_eq_scalar(Tensor self, Scalar other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_ne_scalar(Tensor self, Scalar other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_lt_scalar(Tensor self, Scalar other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_le_scalar(Tensor self, Scalar other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_gt_scalar(Tensor self, Scalar other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_ge_scalar(Tensor self, Scalar other, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_mul_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial int mnc_div_(Tensor self, Tensor other);

    [LibraryImport(Library)]
    internal static partial int mnc_add_scalar_(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial int mnc_sub_scalar_(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial int mnc_mul_scalar_(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial int mnc_div_scalar_(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial int mnc_fill_scalar_(Tensor self, Scalar other);

    [LibraryImport(Library)]
    internal static partial int mnc_add(Tensor self, Tensor other, Scalar alpha, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_sub(Tensor self, Tensor other, Scalar alpha, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_add_(Tensor self, Tensor other, Scalar alpha);

    [LibraryImport(Library)]
    internal static partial int mnc_sub_(Tensor self, Tensor other, Scalar alpha);

    [LibraryImport(Library)]
    internal static partial int mnc_lerp_(Tensor self, Tensor end, Scalar weight);

    [LibraryImport(Library)]
    internal static partial int mnc_zero_(Tensor self);

    [LibraryImport(Library)]
    internal static unsafe partial int mnc_clamp(Tensor self, Scalar* min, Scalar* max, out nint result);

    [LibraryImport(Library)]
    internal static unsafe partial int mnc_clamp_(Tensor self, Scalar* min, Scalar* max);

    [LibraryImport(Library)]
    internal static partial int mnc_where(Tensor condition, Tensor x, Tensor y, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_masked_fill(Tensor self, Tensor mask, Scalar value, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_masked_fill_(Tensor self, Tensor mask, Scalar value);

    [LibraryImport(Library)]
    internal static partial int mnc_leaky_relu(Tensor self, double slope, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_leaky_relu_(Tensor self, double slope);

    [LibraryImport(Library)]
    internal static partial int mnc_elu(Tensor self, double alpha, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_elu_(Tensor self, double alpha);

    [LibraryImport(Library)]
    internal static partial int mnc_gelu(Tensor self, [MarshalAs(UnmanagedType.U1)] bool tanh, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_softplus(Tensor self, double beta, double threshold, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_equal(Tensor self, Tensor other, [MarshalAs(UnmanagedType.U1)] out bool result);

    [LibraryImport(Library)]
    internal static partial int mnc_allclose(Tensor self, Tensor other, double rtol, double atol, [MarshalAs(UnmanagedType.U1)] bool equalNan, [MarshalAs(UnmanagedType.U1)] out bool result);
}
