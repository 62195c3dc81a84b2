using System.Runtime.InteropServices;
using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch.Interop;

/// <summary>native/functional.cpp.</summary>
internal static partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int mnc_linear(Tensor input, Tensor weight, Tensor? bias, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_conv2d(Tensor input, Tensor weight, Tensor? bias, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation, long groups, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_conv_transpose2d(Tensor input, Tensor weight, Tensor? bias, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> outputPadding, long groups, ReadOnlySpan<long> dilation, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? runningMean, Tensor? runningVar, Tensor? shortcut, int rectifier, [MarshalAs(UnmanagedType.U1)] bool training, double momentum, double eps, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_layer_norm(Tensor input, ReadOnlySpan<long> shape, long dims, Tensor? weight, Tensor? bias, double eps, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_max_pool2d(Tensor input, ReadOnlySpan<long> kernel, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation, [MarshalAs(UnmanagedType.U1)] bool ceilMode, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_avg_pool2d(Tensor input, ReadOnlySpan<long> kernel, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, [MarshalAs(UnmanagedType.U1)] bool ceilMode, [MarshalAs(UnmanagedType.U1)] bool countIncludePad, long divisorOverride, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_adaptive_avg_pool2d(Tensor input, long height, long width, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_adaptive_max_pool2d(Tensor input, long height, long width, out nint result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mnc_pad(Tensor input, ReadOnlySpan<long> pad, long count, string mode, double value, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_interpolate(Tensor input, long height, long width, int mode, [MarshalAs(UnmanagedType.U1)] bool alignCorners, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_cross_entropy(Tensor input, Tensor target, Tensor? weight, long reduction, long ignoreIndex, double labelSmoothing, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_nll_loss(Tensor input, Tensor target, Tensor? weight, long reduction, long ignoreIndex, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_mse_loss(Tensor input, Tensor target, long reduction, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_l1_loss(Tensor input, Tensor target, long reduction, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_poisson_nll_loss(Tensor input, Tensor target, [MarshalAs(UnmanagedType.U1)] bool logInput, [MarshalAs(UnmanagedType.U1)] bool full, double eps, long reduction, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_bce_with_logits(Tensor input, Tensor target, Tensor? weight, Tensor? posWeight, long reduction, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_tally(Tensor totals, Tensor loss, Tensor logits, Tensor labels);
}
