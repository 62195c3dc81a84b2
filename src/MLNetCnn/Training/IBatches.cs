namespace MLNetCnn.Training;

/// <summary>What a network takes, of one split, in batches.</summary>
internal interface IBatches : IDisposable
{
    /// <summary>The number of images in an epoch.</summary>
    int Count { get; }

    /// <summary>Makes what all epochs need: a pass of a frozen part over the images, for example. Without it, that is done when a batch is asked for.</summary>
    void Prepare()
    {
    }

    /// <summary>Begins an epoch of the training: the images in random order, as places in [0, Count), int64 <c>[Count]</c>.</summary>
    /// <param name="seed">The epoch's own seed, of its order and its augmentation.</param>
    Tensor BeginEpoch(long seed);

    /// <summary>The images in their own order: places in [0, Count), int64 <c>[Count]</c>.</summary>
    Tensor InOrder();

    /// <summary>The images at <paramref name="order"/>'s places from <paramref name="start"/>.</summary>
    LabelledBatch Take(Tensor order, int start, int count);
}

/// <summary>A batch on the device.</summary>
/// <param name="Images">What the network takes: images <c>[N, C, H, W]</c>, or what a frozen part made of them.</param>
/// <param name="Labels">The class of every image, or the likeliest where images are mixed: <c>[N]</c>.</param>
/// <param name="Targets">What a loss compares with: <paramref name="Labels"/>, or probabilities <c>[N, classes]</c> where images are mixed.</param>
internal readonly record struct LabelledBatch(Tensor Images, Tensor Labels, Tensor Targets);

/// <summary>The orders in which an epoch takes its images.</summary>
internal static class EpochOrder
{
    /// <summary>Places from 0 to <paramref name="count"/>, int64.</summary>
    public static Tensor InOrder(int count) => tensor<long>(Places(count));

    /// <summary>Places from 0 to <paramref name="count"/>, shuffled by <paramref name="seed"/>, int64.</summary>
    public static Tensor Shuffled(int count, long seed)
    {
        var places = Places(count);
        new Data.SeededRandom(seed).Shuffle<long>(places);
        return tensor<long>(places);
    }

    private static long[] Places(int count) => [.. Enumerable.Range(0, count).Select(place => (long)place)];
}
