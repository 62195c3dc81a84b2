namespace MLNetCnn.Imaging;

/// <summary>The labelled images that batches are made of: a selection from stored images, each at its place in [0, <see cref="Count"/>).</summary>
public sealed class AugmentationSource
{
    /// <summary>Checks the selection once, so that batches need not.</summary>
    /// <param name="images">The address of <c>uint8 [storedCount, height, width, channels]</c>; must stay valid.</param>
    /// <param name="storedCount">The number of stored images.</param>
    /// <param name="rows">Where the image of each place is stored.</param>
    /// <param name="labels">The class of the image of each place, in [0, <paramref name="classes"/>).</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="height">The images' height.</param>
    /// <param name="width">The images' width.</param>
    /// <param name="channels">1 (grey) or 3 (RGB).</param>
    /// <exception cref="ArgumentException">There are no images, or a row or label does not exist.</exception>
    public AugmentationSource(nint images, int storedCount, IReadOnlyList<int> rows, ReadOnlySpan<int> labels, int classes, int height, int width, int channels)
    {
        MLImage.CheckChannels(channels);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows.Count, 1, nameof(rows));
        (Images, Classes, Height, Width, Channels) = (images, classes, height, width, channels);
        Rows = [.. rows.Select(row => (long)row)];
        Labels = Array.ConvertAll(labels.ToArray(), label => (long)label);
        if (Labels.Length != Rows.Length)
        {
            throw new ArgumentException($"{Labels.Length} labels are given for {Rows.Length} images", nameof(labels));
        }

        if (Rows.AsSpan().IndexOfAnyExceptInRange(0, storedCount - 1) is >= 0 and var row)
        {
            throw new ArgumentException($"row {Rows[row]} is none of the {storedCount} stored images", nameof(rows));
        }

        if (Labels.AsSpan().IndexOfAnyExceptInRange(0, classes - 1) is >= 0 and var label)
        {
            throw new ArgumentException($"the label {Labels[label]} is none of {classes} classes", nameof(labels));
        }
    }

    /// <summary>The number of images.</summary>
    public int Count => Rows.Length;

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>The images' height.</summary>
    public int Height { get; }

    /// <summary>The images' width.</summary>
    public int Width { get; }

    /// <summary>1 (grey) or 3 (RGB).</summary>
    public int Channels { get; }

    internal nint Images { get; }

    internal long[] Rows { get; }

    internal long[] Labels { get; }
}
