using System.Runtime.InteropServices;

namespace MLNetCnn.Torch.Interop;

/// <summary>native/replicas.cpp.</summary>
internal static partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int mnc_share_parameters(ReadOnlySpan<nint> replica, ReadOnlySpan<nint> network, long count);

    [LibraryImport(Library)]
    internal static partial int mnc_take_gradients(ReadOnlySpan<nint> network, ReadOnlySpan<nint> replica, long count);
}
