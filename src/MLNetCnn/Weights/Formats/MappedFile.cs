using System.IO.MemoryMappedFiles;

namespace MLNetCnn.Weights.Formats;

/// <summary>A file in memory, read-only; its pages are the system's own cache of it.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    public MappedFile(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>The tensor that lies, row-major, from byte <paramref name="offset"/>; the caller has checked that it ends within the file.</summary>
    public Tensor Tensor(long offset, ReadOnlySpan<long> shape, ScalarType type) => from_blob((nint)(_start + offset), shape, type, this);

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
