using System.Runtime.InteropServices;

namespace MLNetCnn.Inference.Pooling;

/// <summary>
/// Gives back what a change of models leaves behind: the file's bytes on the managed heap, the network's on the native one. Both heaps
/// would keep them for later, and a service that replaces its model every night would look as if it leaked.
/// </summary>
internal static partial class UnusedMemory
{
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, "malloc_trim", out _))
        {
            _ = TrimNativeHeap(0);
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int TrimNativeHeap(nuint pad);
}
