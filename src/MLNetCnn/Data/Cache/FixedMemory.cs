using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace MLNetCnn.Data;

/// <summary>Numbers at a fixed address, pixels for example: a mapped file, or a pinned array.</summary>
internal sealed unsafe partial class FixedMemory : IDisposable
{
    // Pages that were looked at count as the process's own until they are handed back. The system keeps them in its cache:
    // looking at one again costs next to nothing.
    private const long HandBackAbove = 256L << 20;
    private const int DontNeed = 4;

    private static readonly TimeSpan HandBackEvery = TimeSpan.FromMilliseconds(100);

    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly Timer? _handBack;
    private readonly Lock _lock = new();
    private byte[]? _pinned;
    private byte* _start;

    /// <summary>Maps a file, read-only. The pages are the system's own cache of it, shared by all processes that map it.</summary>
    public FixedMemory(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        if (new FileInfo(path).Length is > HandBackAbove and var length && OperatingSystem.IsLinux())
        {
            _handBack = new Timer(_ => HandBack((nuint)length), null, HandBackEvery, HandBackEvery);
        }
    }

    /// <summary>Copies pixels into memory that the garbage collector does not move.</summary>
    public FixedMemory(ReadOnlySpan<byte> pixels)
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
        _handBack?.Dispose();
        lock (_lock)
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

    // A read-only mapping of a file loses nothing by it: a page that is needed again is mapped again.
    private void HandBack(nuint length)
    {
        lock (_lock)
        {
            if (_start is not null)
            {
                _ = madvise(_start, length, DontNeed);
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int madvise(void* address, nuint length, int advice);
}
