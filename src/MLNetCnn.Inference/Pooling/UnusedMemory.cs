using System.Runtime.InteropServices;

namespace MLNetCnn.Inference.Pooling;

/// <summary>
/// Gives back what a change of models leaves behind: the file's bytes on the managed heap, the network's on the native one. Both heaps
/// would keep them for later, and a service that replaces its model every night would look as if it leaked.
/// </summary>
internal static partial class UnusedMemory
{
    // Parameters of mallopt(3).
    private const int MmapThreshold = -3;
    private const int LargeBlock = 1 << 20;

    private static readonly bool IsGlibc = NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, "malloc_trim", out _);

    /// <summary>
    /// Keeps large native blocks out of malloc's arenas, one of which each thread has: a model's weights that lie there leave holes when
    /// the model goes, and each new one lands in the arena of another thread. Left alone, glibc raises its limit of 128 KiB up to 32 MiB
    /// as such blocks are freed.
    /// </summary>
    public static void KeepLargeBlocksApart()
    {
        if (IsGlibc)
        {
            _ = SetMallocOption(MmapThreshold, LargeBlock);
        }
    }

    /// <summary>Collects what managed code no longer uses, and returns free pages of both heaps to the system.</summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (IsGlibc)
        {
            _ = TrimNativeHeap(0);
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetMallocOption(int option, int value);

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int TrimNativeHeap(nuint pad);
}
