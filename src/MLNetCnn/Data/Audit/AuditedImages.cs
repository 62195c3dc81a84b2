using MLNetCnn.Imaging;

namespace MLNetCnn.Data;

/// <summary>All images of a dataset under one numbering, through all splits.</summary>
internal sealed class AuditedImages
{
    private const int BatchBytes = 16 << 20;

    private readonly List<(DatasetSplit Split, ImageSet Set, int First)> _parts = [];

    public AuditedImages(ImageDataset dataset)
    {
        foreach (var (split, set) in new[] { (DatasetSplit.Train, dataset.Train), (DatasetSplit.Validation, dataset.Validation), (DatasetSplit.Test, dataset.Test) })
        {
            if (set is not null)
            {
                _parts.Add((split, set, Count));
                Count += set.Count;
            }
        }
    }

    public int Count { get; private set; }

    public DatasetSplit Split(int index) => PartOf(index).Split;

    public int Label(int index) => PartOf(index) is var (_, set, first) ? set.Labels[index - first] : -1;

    public string NameOf(int index) => PartOf(index) is var (_, set, first) ? set.NameOf(index - first) : "";

    public (int Height, int Width) OriginalSize(int index) => PartOf(index) is var (_, set, first) ? set.OriginalSize(index - first) : default;

    public ReadOnlySpan<byte> Pixels(int index)
    {
        var (_, set, first) = PartOf(index);
        return set.Pixels(index - first);
    }

    /// <summary>Describes all images, batch by batch.</summary>
    public ImageDescription[] Describe(IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        var descriptions = new List<ImageDescription>(Count);
        foreach (var (_, set, _) in _parts)
        {
            var batch = Math.Max(1, BatchBytes / set.Shape.Size);
            var pixels = new byte[batch * set.Shape.Size];
            for (var start = 0; start < set.Count; start += batch)
            {
                cancellation.ThrowIfCancellationRequested();
                var count = Math.Min(batch, set.Count - start);
                set.Gather([.. Enumerable.Range(start, count)], pixels);
                descriptions.AddRange(ImageLikeness.Describe(pixels, count, set.Height, set.Width, set.Channels));
                progress?.Report(new DataProgress("looking at the images", descriptions.Count, Count));
            }
        }

        return [.. descriptions];
    }

    private (DatasetSplit Split, ImageSet Set, int First) PartOf(int index) => _parts.Last(part => part.First <= index);
}
