using System.Runtime.InteropServices;
using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch.Interop;

/// <summary>native/inference.</summary>
internal static partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int mnc_inference_create(nint trace, ReadOnlySpan<nint> parameters, long count, TensorOptions options, out nint graph);

    [LibraryImport(Library)]
    internal static partial int mnc_inference_run(nint graph, Tensor input, out nint result);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mnc_inference_fuses();

    [LibraryImport(Library)]
    internal static partial void mnc_inference_dispose(nint graph);
}
