using System.Runtime.InteropServices;

namespace MLNetCnn.Torch.Interop;

/// <summary>native/cuda.cpp.</summary>
internal static partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int mnc_cuda_device_count(out int result);

    [LibraryImport(Library)]
    internal static partial int mnc_cuda_is_bf16_supported(int device, [MarshalAs(UnmanagedType.U1)] out bool result);

    [LibraryImport(Library)]
    internal static partial int mnc_cuda_synchronize();

    [LibraryImport(Library)]
    internal static partial int mnc_get_backend_switches([MarshalAs(UnmanagedType.U1)] out bool matmulTf32, [MarshalAs(UnmanagedType.U1)] out bool cudnnTf32, [MarshalAs(UnmanagedType.U1)] out bool benchmark, [MarshalAs(UnmanagedType.U1)] out bool deterministic);

    [LibraryImport(Library)]
    internal static partial int mnc_set_backend_switches([MarshalAs(UnmanagedType.U1)] bool matmulTf32, [MarshalAs(UnmanagedType.U1)] bool cudnnTf32, [MarshalAs(UnmanagedType.U1)] bool benchmark, [MarshalAs(UnmanagedType.U1)] bool deterministic);
}
