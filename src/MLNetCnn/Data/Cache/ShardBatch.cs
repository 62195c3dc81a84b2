using MLNetCnn.Imaging;

namespace MLNetCnn.Data;

/// <summary>Images on their way into a shard: encoded ones, or decoded ones of one size.</summary>
internal sealed class ShardBatch
{
    private const int MostPixelBytes = 16 << 20;
    private const int MostContentBytes = 32 << 20;

    private readonly ImageShape _target;
    private readonly int _mostImages;
    private readonly byte[] _pixels;
    private readonly List<int> _places = [];
    private readonly List<(int Offset, int Length)> _slices = [];
    private byte[] _content = [];
    private int _used;

    public ShardBatch(ImageShape target)
    {
        _target = target;
        _mostImages = Math.Max(1, MostPixelBytes / target.Size);
        _pixels = GC.AllocateUninitializedArray<byte>(_mostImages * target.Size);
    }

    /// <summary>The size of decoded images; null where they are encoded.</summary>
    public ImageShape? Shape { get; set; }

    /// <summary>Where its images go, in the order in which they came.</summary>
    public IReadOnlyList<int> Places => _places;

    /// <summary>Whether an image of so many bytes, of that size or encoded, can come in addition.</summary>
    public bool HasRoom(int bytes, ImageShape? shape) =>
        shape == Shape && (_places.Count == 0 || (_places.Count < _mostImages && _used + (long)bytes <= MostContentBytes));

    /// <summary>Room for an image's bytes.</summary>
    public Span<byte> Reserve(int place, int bytes)
    {
        if (_content.Length < _used + bytes)
        {
            // Rare: the first batches, and images of many megabytes.
            Array.Resize(ref _content, Math.Max(_used + bytes, Math.Min(MostContentBytes, 2 * _content.Length)));
        }

        _places.Add(place);
        _slices.Add((_used, bytes));
        _used += bytes;
        return _content.AsSpan(_used - bytes, bytes);
    }

    /// <summary>Takes the last reservation back.</summary>
    public void TakeBack()
    {
        _used = _slices[^1].Offset;
        _slices.RemoveAt(_slices.Count - 1);
        _places.RemoveAt(_places.Count - 1);
    }

    /// <summary>Brings all images to size.</summary>
    /// <param name="resizing">How another aspect ratio is treated.</param>
    /// <param name="problems">Takes why an image cannot be read, at its place.</param>
    /// <param name="damage">Takes what of an image that can be read is lost, at its place.</param>
    /// <param name="sizes">Takes heights and widths before resizing, <c>[.., 2]</c>.</param>
    public void Decode(ResizingKind resizing, string?[] problems, string?[] damage, int[] sizes)
    {
        var count = _places.Count;
        var given = new int[2 * count];
        if (Shape is { } shape)
        {
            ImageBatch.Resize(
                _content.AsSpan(0, _used), count, shape.Height, shape.Width, shape.Channels, _pixels, _target.Height, _target.Width, _target.Channels, resizing);
        }
        else
        {
            var lost = new string?[count];
            var encoded = _slices.ConvertAll(slice => new ReadOnlyMemory<byte>(_content, slice.Offset, slice.Length));
            var errors = ImageBatch.Decode(encoded, _pixels, _target.Height, _target.Width, _target.Channels, resizing, given, lost);
            for (var i = 0; i < count; i++)
            {
                problems[_places[i]] = errors[i] is { } error ? $": {error}" : null;
                damage[_places[i]] = lost[i];
            }
        }

        for (var i = 0; i < count; i++)
        {
            sizes[2 * _places[i]] = Shape?.Height ?? given[2 * i];
            sizes[(2 * _places[i]) + 1] = Shape?.Width ?? given[(2 * i) + 1];
        }
    }

    /// <summary>The pixels of some images, by their order here.</summary>
    public ReadOnlySpan<byte> Pixels(int start, int end) => _pixels.AsSpan(start * _target.Size, (end - start) * _target.Size);

    public void Clear()
    {
        _places.Clear();
        _slices.Clear();
        _used = 0;
    }
}
