using System.IO.MemoryMappedFiles;

namespace MLNetCnn.Data;

/// <summary>Pixels at a fixed address: a mapped file, or a pinned array.</summary>
internal sealed unsafe class ImageMemory : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private byte[]? _pinned;
    private byte* _start;

    /// <summary>Maps a file, read-only. The pages are the system's own cache of it, shared by all processes that map it.</summary>
    public ImageMemory(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>Copies pixels into memory that the garbage collector does not move.</summary>
    public ImageMemory(ReadOnlySpan<byte> pixels)
    {
        _pinned = GC.AllocateUninitializedArray<byte>(pixels.Length, pinned: true);
        pixels.CopyTo(_pinned);
        fixed (byte* address = _pinned)
        {
            _start = address;
        }
    }

    /// <summary>The address of the first pixel.</summary>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public byte* Start
    {
        get
        {
            ObjectDisposedException.ThrowIf(_start is null, typeof(ImageSet));
            return _start;
        }
    }

    public void Dispose()
    {
        if (_start is null)
        {
            return;
        }

        _start = null;
        _pinned = null;
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _file?.Dispose();
    }
}
