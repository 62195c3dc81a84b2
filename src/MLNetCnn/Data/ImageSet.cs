using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MLNetCnn.Imaging;

namespace MLNetCnn.Data;

/// <summary>
/// Decoded images of one size with their labels: <c>uint8 [Count, Height, Width, Channels]</c> over memory-mapped files, so that
/// memory does not grow with the data. Safe to read from several threads. A subset is a list of indices, never a copy.
/// </summary>
public sealed class ImageSet : IDisposable
{
    private readonly FixedMemory _memory;
    private readonly bool _owner;
    private readonly int[] _indices;
    private readonly int[] _labels;
    private readonly int[] _storedLabels;
    private readonly Lazy<string> _fingerprint;
    private readonly Lazy<string> _storedFingerprint;
    private readonly ImageOrigins? _origins;

    private ImageSet(FixedMemory memory, bool owner, ImageShape shape, IReadOnlyList<string> classNames, int[] indices, int[] storedLabels, Func<string> fingerprint, Lazy<string>? storedFingerprint, ImageOrigins? origins)
    {
        _memory = memory;
        _owner = owner;
        _indices = indices;
        _storedLabels = storedLabels;
        _labels = [.. indices.Select(index => storedLabels[index])];
        _fingerprint = new Lazy<string>(fingerprint);
        _storedFingerprint = storedFingerprint ?? _fingerprint;
        _origins = origins;
        Shape = shape;
        ClassNames = classNames;
    }

    /// <summary>The number of images.</summary>
    public int Count => _labels.Length;

    /// <summary>The size of every image.</summary>
    public ImageShape Shape { get; }

    /// <summary>The height of every image, in pixels.</summary>
    public int Height => Shape.Height;

    /// <summary>The width of every image, in pixels.</summary>
    public int Width => Shape.Width;

    /// <summary>1 (grey) or 3 (RGB).</summary>
    public int Channels => Shape.Channels;

    /// <summary>The classes in label order.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The class of every image, from 0.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Where each image lies among the stored ones: image <c>i</c> begins at <c>Pointer + Indices[i] × Shape.Size</c>.</summary>
    public IReadOnlyList<int> Indices => _indices;

    /// <summary>
    /// The address of the stored images, <c>uint8 [StoredCount, Height, Width, Channels]</c>, for native code: the whole set that this
    /// one may be a part of. Read-only; valid until the set that owns it is disposed.
    /// </summary>
    public unsafe nint Pointer => (nint)_memory.Start;

    /// <summary>The number of images at <see cref="Pointer"/>.</summary>
    public int StoredCount => _storedLabels.Length;

    /// <summary>SHA-256 over what the pixels and labels depend on, the choice of a subset included: a key for caches.</summary>
    public string Fingerprint => _fingerprint.Value;

    /// <summary>As <see cref="Fingerprint"/>, of all images at <see cref="Pointer"/>: what every subset of them shares.</summary>
    public string StoredFingerprint => _storedFingerprint.Value;

    /// <summary>Makes a set of images that are in memory already; they are copied.</summary>
    /// <param name="pixels"><c>[labels.Length, Height, Width, Channels]</c>.</param>
    /// <param name="labels">The class of every image, from 0.</param>
    /// <param name="shape">The images' size.</param>
    /// <param name="classNames">The classes in label order.</param>
    /// <exception cref="ArgumentException">The pixels do not fit the labels, or a label has no class.</exception>
    public static ImageSet FromPixels(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> labels, ImageShape shape, IReadOnlyList<string> classNames)
    {
        if (pixels.Length != (long)labels.Length * shape.Size)
        {
            throw new ArgumentException($"{pixels.Length} bytes given, {labels.Length} images of {shape} have {(long)labels.Length * shape.Size}", nameof(pixels));
        }

        if (labels.IndexOfAnyExceptInRange(0, classNames.Count - 1) is >= 0 and var stranger)
        {
            throw new ArgumentException($"the label {labels[stranger]} at position {stranger} is none of {classNames.Count} classes", nameof(labels));
        }

        var sum = Convert.ToHexStringLower(SHA256.HashData([.. pixels, .. MemoryMarshal.AsBytes(labels)]));
        return Whole(new FixedMemory(pixels), shape, classNames, labels.ToArray(), $"{sum} {shape} {string.Join('|', classNames)}", origins: null);
    }

    /// <summary>The pixels of an image, <c>[Height, Width, Channels]</c>; valid until the owner is disposed.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    public unsafe ReadOnlySpan<byte> Pixels(int index) => new(_memory.Start + ((long)_indices[index] * Shape.Size), Shape.Size);

    /// <summary>A copy of an image.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    public MLImage Image(int index) => MLImage.CreateFromPixels(Width, Height, (MLPixelFormat)Channels, Pixels(index));

    /// <summary>What an image is called: its file, or where it stands in one.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    public string NameOf(int index) => _origins?.Name(_indices[index]) ?? string.Create(CultureInfo.InvariantCulture, $"image {_indices[index]}");

    /// <summary>An image's size before it was resized.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    public (int Height, int Width) OriginalSize(int index) => _origins?.Size(_indices[index]) ?? (Height, Width);

    /// <summary>
    /// SHA-256 over what the images are called below the last folder that they share, and their original sizes, in their order: the same at
    /// every size that they are brought to, and wherever they lie.
    /// </summary>
    public string NamesFingerprint
    {
        get
        {
            string[] names = [.. Enumerable.Range(0, Count).Select(NameOf)];
            var shared = names.DefaultIfEmpty("").Aggregate((one, other) => one[..one.AsSpan().CommonPrefixLength(other)]);
            var start = shared.AsSpan().LastIndexOfAny('/', ' ', '#') + 1;
            return Checksum.OfText(string.Join('\n', names.Select((name, index) => _origins?.Size(_indices[index]) is var (height, width)
                ? string.Create(CultureInfo.InvariantCulture, $"{name.AsSpan(start)} {height}x{width}")
                : name[start..])));
        }
    }

    /// <summary>The median of the images' larger sides before they were resized, in pixels.</summary>
    public int MedianOriginalSide => Enumerable.Range(0, Count).Select(index => OriginalSize(index) is var (height, width) ? Math.Max(height, width) : 0).Order().ElementAt(Count / 2);

    /// <summary>Copies images side by side, as a batch.</summary>
    /// <param name="chosen">Which images, each in [0, <see cref="Count"/>).</param>
    /// <param name="destination">Takes <c>[chosen.Length, Height, Width, Channels]</c>.</param>
    public void Gather(ReadOnlySpan<int> chosen, Span<byte> destination)
    {
        for (var i = 0; i < chosen.Length; i++)
        {
            Pixels(chosen[i]).CopyTo(destination[(i * Shape.Size)..]);
        }
    }

    /// <summary>A view of some images, in the given order; it lives as long as this set's owner.</summary>
    /// <param name="chosen">Which images, each in [0, <see cref="Count"/>); one may come several times.</param>
    public ImageSet Subset(ReadOnlySpan<int> chosen)
    {
        var subsetIndices = new int[chosen.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            subsetIndices[i] = _indices[chosen[i]];
        }

        return new ImageSet(_memory, owner: false, Shape, ClassNames, subsetIndices, _storedLabels, () =>
            Hash(Encoding.UTF8.GetBytes(Fingerprint), MemoryMarshal.AsBytes<int>(subsetIndices)), _storedFingerprint, _origins);
    }

    /// <summary>All images at <see cref="Pointer"/>, as a view that lives as long as this set's owner.</summary>
    internal ImageSet Stored() => new(
        _memory, owner: false, Shape, ClassNames, [.. Enumerable.Range(0, StoredCount)], _storedLabels, () => StoredFingerprint, _storedFingerprint, _origins);

    /// <summary>Names the images, and those of all views, otherwise than they were when they were cached.</summary>
    internal void Rename(Func<string, string> rename) => _origins?.Rename(rename);

    /// <summary>The number of images of each class, in label order.</summary>
    public int[] ClassCounts()
    {
        var counts = new int[ClassNames.Count];
        foreach (var label in _labels)
        {
            counts[label]++;
        }

        return counts;
    }

    /// <summary>Gives the memory back, where this set owns it; all its subsets end with it.</summary>
    public void Dispose()
    {
        if (_owner)
        {
            _memory.Dispose();
        }
    }

    internal static ImageSet Whole(FixedMemory memory, ImageShape shape, IReadOnlyList<string> classNames, int[] labels, string identity, ImageOrigins? origins) =>
        new(memory, owner: true, shape, classNames, [.. Enumerable.Range(0, labels.Length)], labels, () => Hash(Encoding.UTF8.GetBytes(identity), []), storedFingerprint: null, origins);

    private static string Hash(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> choice) => Convert.ToHexStringLower(SHA256.HashData([.. identity, .. choice]));
}
