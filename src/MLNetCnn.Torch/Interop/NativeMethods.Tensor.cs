using System.Runtime.InteropServices;
using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch.Interop;

/// <summary>native/tensor.cpp.</summary>
internal static partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial void mnc_tensor_dispose(nint self);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_alias(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_dim(Tensor self, out long result);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_shape(Tensor self, Span<long> sizes, long count);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_strides(Tensor self, Span<long> strides, long count);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_size(Tensor self, long dim, out long result);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_numel(Tensor self, out long result);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_dtype(Tensor self, out ScalarType result);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_device(Tensor self, out DeviceType type, out int index);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_is_contiguous(Tensor self, memory_format format, [MarshalAs(UnmanagedType.U1)] out bool result);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_data_ptr(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static unsafe partial int mnc_tensor_copy_to(Tensor self, void* destination);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_item(Tensor self, out Scalar result);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_to(Tensor self, int dtype, int deviceType, int deviceIndex, int format, [MarshalAs(UnmanagedType.U1)] bool copy, [MarshalAs(UnmanagedType.U1)] bool nonBlocking, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_pin_memory(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_contiguous(Tensor self, memory_format format, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_clone(Tensor self, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_copy_(Tensor self, Tensor source, [MarshalAs(UnmanagedType.U1)] bool nonBlocking);

    [LibraryImport(Library)]
    internal static partial int mnc_tensor_set_data(Tensor self, Tensor other);
}
