using System.Runtime.InteropServices;
using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch.Interop;

/// <summary>native/reductions.cpp.</summary>
internal static partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int mnc_sum(Tensor self, ReadOnlySpan<long> dims, long count, [MarshalAs(UnmanagedType.U1)] bool keep, int dtype, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_mean(Tensor self, ReadOnlySpan<long> dims, long count, [MarshalAs(UnmanagedType.U1)] bool keep, int dtype, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_var(Tensor self, ReadOnlySpan<long> dims, long count, [MarshalAs(UnmanagedType.U1)] bool unbiased, [MarshalAs(UnmanagedType.U1)] bool keep, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_std(Tensor self, ReadOnlySpan<long> dims, long count, [MarshalAs(UnmanagedType.U1)] bool unbiased, [MarshalAs(UnmanagedType.U1)] bool keep, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_norm(Tensor self, ReadOnlySpan<long> dims, long count, [MarshalAs(UnmanagedType.U1)] bool keep, double p, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_logsumexp(Tensor self, long dim, [MarshalAs(UnmanagedType.U1)] bool keep, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_softmax(Tensor self, long dim, int dtype, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_log_softmax(Tensor self, long dim, int dtype, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_cumsum(Tensor self, long dim, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_max(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_min(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_any(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_all(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_max_dim(Tensor self, long dim, [MarshalAs(UnmanagedType.U1)] bool keep, out nint values, out nint indexes);

    [LibraryImport(Library)]
    internal static partial int mnc_min_dim(Tensor self, long dim, [MarshalAs(UnmanagedType.U1)] bool keep, out nint values, out nint indexes);

    [LibraryImport(Library)]
    internal static partial int mnc_topk(Tensor self, long k, long dim, [MarshalAs(UnmanagedType.U1)] bool largest, [MarshalAs(UnmanagedType.U1)] bool sorted, out nint values, out nint indexes);

    [LibraryImport(Library)]
    internal static partial int mnc_sort(Tensor self, long dim, [MarshalAs(UnmanagedType.U1)] bool descending, out nint values, out nint indexes);

    [LibraryImport(Library)]
    internal static partial int mnc_argmax(Tensor self, ReadOnlySpan<long> dim, [MarshalAs(UnmanagedType.U1)] bool keep, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_argmin(Tensor self, ReadOnlySpan<long> dim, [MarshalAs(UnmanagedType.U1)] bool keep, out nint result);
}
