using System.Runtime.InteropServices;
using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch.Interop;

/// <summary>native/shape.cpp.</summary>
internal static partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int mnc_view(Tensor self, ReadOnlySpan<long> shape, long dims, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_reshape(Tensor self, ReadOnlySpan<long> shape, long dims, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_flatten(Tensor self, long start, long end, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_permute(Tensor self, ReadOnlySpan<long> order, long dims, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_transpose(Tensor self, long dim0, long dim1, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_unsqueeze(Tensor self, long dim, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_squeeze(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_squeeze_dim(Tensor self, long dim, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_expand(Tensor self, ReadOnlySpan<long> shape, long dims, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_repeat(Tensor self, ReadOnlySpan<long> repeats, long dims, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_flip(Tensor self, ReadOnlySpan<long> dims, long count, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_select(Tensor self, long dim, long index, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_slice(Tensor self, long dim, long start, long end, long step, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_narrow(Tensor self, long dim, long start, long length, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_index(Tensor self, Tensor index, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_index_select(Tensor self, long dim, Tensor index, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_gather(Tensor self, long dim, Tensor index, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_nonzero(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_cat(ReadOnlySpan<nint> tensors, long count, long dim, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_stack(ReadOnlySpan<nint> tensors, long count, long dim, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_one_hot(Tensor self, long classes, out nint result);
}
