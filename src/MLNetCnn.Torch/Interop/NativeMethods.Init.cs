using System.Runtime.InteropServices;
using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch.Interop;

/// <summary>native/init.cpp.</summary>
internal static partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int mnc_trunc_normal_(Tensor self, double mean, double std, double low, double high);

    [LibraryImport(Library)]
    internal static partial int mnc_fill_(Tensor self, double value);
}
