using System.Runtime.InteropServices;
using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch.Interop;

/// <summary>native/images.cpp.</summary>
internal static partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int mnc_image_batch(Tensor images, Tensor indices, Tensor mean, Tensor std, [MarshalAs(UnmanagedType.U1)] bool channelsLast, out nint result);
}
