using System.Runtime.InteropServices;
using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch.Interop;

/// <summary>native/autograd.cpp.</summary>
internal static partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int mnc_requires_grad(Tensor self, [MarshalAs(UnmanagedType.U1)] out bool result);

    [LibraryImport(Library)]
    internal static partial int mnc_set_requires_grad(Tensor self, [MarshalAs(UnmanagedType.U1)] bool value);

    [LibraryImport(Library)]
    internal static partial int mnc_is_leaf(Tensor self, [MarshalAs(UnmanagedType.U1)] out bool result);

    [LibraryImport(Library)]
    internal static partial int mnc_retain_grad(Tensor self);

    [LibraryImport(Library)]
    internal static partial int mnc_grad(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_set_grad(Tensor self, Tensor? grad);

    [LibraryImport(Library)]
    internal static partial int mnc_zero_grad(ReadOnlySpan<nint> tensors, long count, [MarshalAs(UnmanagedType.U1)] bool setToNone);

    [LibraryImport(Library)]
    internal static partial int mnc_detach(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_backward(Tensor self, Tensor? gradient, [MarshalAs(UnmanagedType.U1)] bool retainGraph, [MarshalAs(UnmanagedType.U1)] bool createGraph);

    [LibraryImport(Library)]
    internal static partial int mnc_autograd_grad(ReadOnlySpan<nint> outputs, long outputCount, ReadOnlySpan<nint> inputs, long inputCount, ReadOnlySpan<nint> gradients, long gradientCount, [MarshalAs(UnmanagedType.U1)] bool retainGraph, [MarshalAs(UnmanagedType.U1)] bool createGraph, Span<nint> results);

    [LibraryImport(Library)]
    internal static partial int mnc_grad_enabled([MarshalAs(UnmanagedType.U1)] out bool result);

    [LibraryImport(Library)]
    internal static partial int mnc_set_grad_enabled([MarshalAs(UnmanagedType.U1)] bool value);

    [LibraryImport(Library)]
    internal static partial int mnc_inference_mode_enter([MarshalAs(UnmanagedType.U1)] bool enabled, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_inference_mode_leave(nint mode);

    [LibraryImport(Library)]
    internal static partial int mnc_autocast_enter(int deviceType, int dtype, [MarshalAs(UnmanagedType.U1)] bool enabled, [MarshalAs(UnmanagedType.U1)] out bool wasEnabled, out int previousDtype);

    [LibraryImport(Library)]
    internal static partial int mnc_autocast_leave(int deviceType, int dtype, [MarshalAs(UnmanagedType.U1)] bool enabled);
}
