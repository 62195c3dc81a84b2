using System.IO.MemoryMappedFiles;

namespace MLNetCnn.Data;

/// <summary>Pixels at a fixed address: a mapped file, or a pinned array.</summary>
internal sealed unsafe class ImageMemory : IDisposable
{
    private readonly MemoryMappedFile? file;
    private readonly MemoryMappedViewAccessor? view;
    private byte[]? pinned;
    private byte* start;

    /// <summary>Maps a file, read-only. The pages are the system's own cache of it, shared by all processes that map it.</summary>
    public ImageMemory(string path)
    {
        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
    }

    /// <summary>Copies pixels into memory that the garbage collector does not move.</summary>
    public ImageMemory(ReadOnlySpan<byte> pixels)
    {
        pinned = GC.AllocateUninitializedArray<byte>(pixels.Length, pinned: true);
        pixels.CopyTo(pinned);
        fixed (byte* address = pinned)
        {
            start = address;
        }
    }

    /// <summary>The address of the first pixel.</summary>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public byte* Start
    {
        get
        {
            ObjectDisposedException.ThrowIf(start is null, typeof(ImageSet));
            return start;
        }
    }

    public void Dispose()
    {
        if (start is null)
        {
            return;
        }

        start = null;
        pinned = null;
        view?.SafeMemoryMappedViewHandle.ReleasePointer();
        view?.Dispose();
        file?.Dispose();
    }
}
