using MLNetCnn.Imaging;

namespace MLNetCnn.Data;

/// <summary>Finds images with the same pixels, and images that look alike.</summary>
internal sealed class DuplicateSearch(AuditedImages images, ImageDescription[] descriptions, ImageShape shape)
{
    /// <summary>The most bits of 128 in which the difference hashes of like images differ.</summary>
    public const int MostBits = 10;

    /// <summary>The largest mean difference of like images, in grey values, at <see cref="ThumbnailSide"/> pixels a side.</summary>
    public const double MostDifference = 10;

    /// <summary>The side at which like images are compared.</summary>
    public const int ThumbnailSide = 16;

    // The difference hash of an image of one colour is chance.
    private const float LeastContrast = 4;

    private const int MostPairs = 100_000;

    /// <summary>Pairs with the same pixels: each image with the first one like it.</summary>
    public List<(int First, int Second)> Same()
    {
        var pairs = new List<(int, int)>();
        foreach (var group in Enumerable.Range(0, images.Count).GroupBy(index => descriptions[index].Content).Where(group => group.Skip(1).Any()))
        {
            var first = group.First();
            pairs.AddRange(group.Skip(1).Where(index => images.Pixels(first).SequenceEqual(images.Pixels(index))).Select(index => (first, index)));
        }

        return pairs;
    }

    /// <summary>Pairs that look alike and do not have the same pixels; not all of them where there are more than anybody looks through.</summary>
    public (List<(int First, int Second)> Pairs, bool AreAll) Alike()
    {
        // One of each group of same images, so that many copies do not give many pairs.
        var candidates = Enumerable.Range(0, images.Count).Where(index => descriptions[index].Contrast >= LeastContrast)
            .DistinctBy(index => descriptions[index].Content).ToArray();
        var (pairs, total) = ImageLikeness.NearPairs([.. candidates.Select(index => descriptions[index])], MostBits, MostPairs);
        return ([.. pairs.Select(pair => (First: candidates[pair.First], Second: candidates[pair.Second]))
            .Where(pair => Difference(Thumbnail(pair.First), Thumbnail(pair.Second)) <= MostDifference)
            .OrderBy(pair => pair.First).ThenBy(pair => pair.Second)], total <= MostPairs);
    }

    private static double Difference(byte[] left, byte[] right)
    {
        var sum = 0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += Math.Abs(left[i] - right[i]);
        }

        return (double)sum / left.Length;
    }

    private byte[] Thumbnail(int index)
    {
        var thumbnail = new byte[ThumbnailSide * ThumbnailSide * shape.Channels];
        ImageBatch.Resize(images.Pixels(index), 1, shape.Height, shape.Width, shape.Channels, thumbnail, ThumbnailSide, ThumbnailSide, shape.Channels);
        return thumbnail;
    }
}
