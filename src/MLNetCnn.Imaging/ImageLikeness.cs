using System.Runtime.InteropServices;

namespace MLNetCnn.Imaging;

/// <summary>Finds images that look alike, without comparing each with each.</summary>
public static unsafe class ImageLikeness
{
    /// <summary>Describes decoded images, on all cores.</summary>
    /// <param name="pixels"><c>uint8 [count, height, width, channels]</c>.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="height">Their height.</param>
    /// <param name="width">Their width.</param>
    /// <param name="channels">1 (grey) or 3 (RGB).</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public static ImageDescription[] Describe(ReadOnlySpan<byte> pixels, int count, int height, int width, int channels)
    {
        MLImage.CheckChannels(channels);
        if (pixels.Length < ImageBatch.Size(count, height, width, channels))
        {
            throw new ArgumentException($"the buffer has {pixels.Length} bytes, the images take {ImageBatch.Size(count, height, width, channels)}", nameof(pixels));
        }

        var descriptions = new ImageDescription[count];
        fixed (byte* source = pixels)
        fixed (ImageDescription* target = descriptions)
        {
            Native.Check(Native.mni_describe_batch(source, count, height, width, channels, target));
        }

        return descriptions;
    }

    /// <summary>
    /// The pairs of images whose difference hashes are near. Only hashes that agree in one of <c>distance + 1</c> bands are
    /// compared (multi-index hashing: M. Norouzi, A. Punjani, D. Fleet, "Fast Exact Search in Hamming Space with Multi-Index
    /// Hashing", 2014), which misses none and is far from quadratic.
    /// </summary>
    /// <param name="descriptions">The images.</param>
    /// <param name="distance">The most bits of 128 that may differ, 0 to 63.</param>
    /// <param name="limit">The most pairs to give back.</param>
    /// <returns>The pairs of indices, and how many there are in all.</returns>
    public static ((int First, int Second)[] Pairs, long Total) NearPairs(ReadOnlySpan<ImageDescription> descriptions, int distance, int limit = 100_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        if (distance is < 0 or > 63)
        {
            throw new ArgumentOutOfRangeException(nameof(distance), distance, "0 to 63 bits are possible");
        }

        var hashes = new ulong[2 * descriptions.Length];
        for (var i = 0; i < descriptions.Length; i++)
        {
            (hashes[2 * i], hashes[(2 * i) + 1]) = (descriptions[i].Horizontal, descriptions[i].Vertical);
        }

        var pairs = new int[2 * limit];
        long found;
        fixed (ulong* source = hashes)
        fixed (int* target = pairs)
        {
            Native.Check(Native.mni_near_pairs(source, descriptions.Length, distance, target, limit, out found));
        }

        return ([.. MemoryMarshal.Cast<int, (int First, int Second)>(pairs.AsSpan(0, 2 * (int)Math.Min(found, limit)))], found);
    }
}
