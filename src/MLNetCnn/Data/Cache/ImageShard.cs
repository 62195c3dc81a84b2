using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using MLNetCnn.Imaging;

namespace MLNetCnn.Data;

/// <summary>
/// A split's part of a shard as it is written, after the parts that are there: every image, whenever it comes, goes to its own place
/// in the file. Images are decoded in batches on all cores while the next batch is read; no more than two batches are ever in memory.
/// </summary>
internal sealed class ImageShard : IImageSink, IDisposable
{
    /// <summary>The longest encoded image, in bytes.</summary>
    private const long MostFileBytes = 256L << 20;

    private readonly string _path;
    private readonly string _split;
    private readonly long _start;
    private readonly ImageShape _shape;
    private readonly ResizingKind _resizing;
    private readonly SafeFileHandle _file;
    private readonly string?[] _names;
    private readonly string?[] _problems;
    private readonly string?[] _damage;
    private readonly int[] _sizes;
    private readonly Action<int> _progress;
    private readonly CancellationToken _cancellation;
    private ShardBatch _filling;
    private ShardBatch _spare;
    private Task _storing = Task.CompletedTask;
    private int _stored;

    /// <param name="path">The files to write, without ending.</param>
    /// <param name="split">What messages call the part.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="shape">The size to give them.</param>
    /// <param name="resizing">How another aspect ratio is treated.</param>
    /// <param name="progress">Told the number of images done.</param>
    /// <param name="cancellation">Stops it.</param>
    public ImageShard(string path, string split, int count, ImageShape shape, ResizingKind resizing, Action<int> progress, CancellationToken cancellation)
    {
        (_path, _split, _shape, _resizing, _progress, _cancellation) = (path, split, shape, resizing, progress, cancellation);
        (_names, _problems, _damage, _sizes) = (new string?[count], new string?[count], new string?[count], new int[2 * count]);
        (_filling, _spare) = (new ShardBatch(shape), new ShardBatch(shape));
        _file = File.OpenHandle(path + ".pixels", FileMode.OpenOrCreate, FileAccess.ReadWrite);
        _start = RandomAccess.GetLength(_file);
    }

    public void Add(int place, string name, Func<Stream> open, long size)
    {
        _names[place] = name;
        if (size > MostFileBytes)
        {
            _problems[place] = string.Create(CultureInfo.InvariantCulture, $": has {size} bytes, an image has at most {MostFileBytes}");
            return;
        }

        MakeRoom((int)size, shape: null);
        try
        {
            var target = _filling.Reserve(place, (int)size);
            var read = open().ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
            if (read < target.Length)
            {
                _filling.TakeBack();
                _problems[place] = string.Create(CultureInfo.InvariantCulture, $": has only {read} of its declared {size} bytes");
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            _filling.TakeBack();
            _problems[place] = $": {error.Message.TrimEnd('.')}";
        }
    }

    public void AddPixels(int place, string name, ReadOnlySpan<byte> pixels, ImageShape shape)
    {
        _names[place] = name;
        MakeRoom(pixels.Length, shape);
        pixels.CopyTo(_filling.Reserve(place, pixels.Length));
    }

    /// <summary>Closes the gaps that unreadable images left, and writes what belongs to the pixels: labels, names and original sizes.</summary>
    /// <param name="labels">The class of the image at every place.</param>
    /// <param name="leftOut">Told the images that could not be read, or not whole.</param>
    /// <returns>The number of images in the shard.</returns>
    public int Complete(IReadOnlyList<int> labels, LeftOut leftOut)
    {
        Flush();
        Settle();
        var kept = new List<int>(_names.Length);
        for (var place = 0; place < _names.Length; place++)
        {
            if (_names[place] is null)
            {
                leftOut.Add($"{_split} image {place}", " was gone when it was to be read");
            }
            else if (_problems[place] is { } problem)
            {
                leftOut.Add(_names[place]!, problem);
            }
            else
            {
                kept.Add(place);
                if (_damage[place] is { } damage)
                {
                    leftOut.AddDamaged(_names[place]!, damage);
                }
            }
        }

        CloseGaps(kept);
        RandomAccess.SetLength(_file, Offset(kept.Count));
        File.AppendAllBytes(_path + ".labels", MemoryMarshal.AsBytes<int>(kept.Select(place => labels[place]).ToArray()));
        File.AppendAllBytes(_path + ".sizes", MemoryMarshal.AsBytes<int>(kept.SelectMany(place => new[] { _sizes[2 * place], _sizes[(2 * place) + 1] }).ToArray()));
        File.AppendAllLines(_path + ".names", kept.Select(place => LeftOut.OneLine(_names[place]!)));
        return kept.Count;
    }

    public void Dispose()
    {
        // A batch that is being stored still uses the file.
        ((IAsyncResult)_storing).AsyncWaitHandle.WaitOne();
        _file.Dispose();
    }

    private long Offset(int place) => _start + ((long)place * _shape.Size);

    private void MakeRoom(int bytes, ImageShape? shape)
    {
        if (!_filling.HasRoom(bytes, shape))
        {
            if (_filling.Places.Count > 0)
            {
                Flush();
            }

            _filling.Shape = shape;
        }
    }

    private void Flush()
    {
        _cancellation.ThrowIfCancellationRequested();
        Settle();
        (_filling, _spare) = (_spare, _filling);
        var full = _spare;
        _storing = Task.Run(() => Store(full), CancellationToken.None);
    }

    private void Settle()
    {
        try
        {
            _storing.GetAwaiter().GetResult();
        }
        catch (IOException error)
        {
            throw ImageCache.Unwritable(_path, error);
        }
        finally
        {
            _storing = Task.CompletedTask;
        }
    }

    private void Store(ShardBatch batch)
    {
        batch.Decode(_resizing, _problems, _damage, _sizes);
        for (var start = 0; start < batch.Places.Count;)
        {
            var end = start + 1;
            while (end < batch.Places.Count && batch.Places[end] == batch.Places[end - 1] + 1)
            {
                end++;
            }

            RandomAccess.Write(_file, batch.Pixels(start, end), Offset(batch.Places[start]));
            start = end;
        }

        _stored += batch.Places.Count;
        batch.Clear();
        _progress(_stored);
    }

    private void CloseGaps(List<int> kept)
    {
        var image = new byte[_shape.Size];
        for (var place = 0; place < kept.Count; place++)
        {
            if (kept[place] != place)
            {
                RandomAccess.Read(_file, image, Offset(kept[place]));
                RandomAccess.Write(_file, image, Offset(place));
            }
        }
    }
}
