using System.Runtime.InteropServices;

namespace MLNetCnn.Torch.Interop;

/// <summary>native/cuda.cpp.</summary>
internal static partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int mnc_cuda_device_count(out int result);

    [LibraryImport(Library)]
    internal static partial int mnc_cuda_synchronize();
}
