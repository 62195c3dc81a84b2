using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Inference;

namespace MLNetCnn.Augmentation;

/// <summary>Makes augmented training batches out of cached images: gathered, changed and normalised in one native call.</summary>
/// <param name="images">The images; must outlive this.</param>
/// <param name="settings">The augmentation.</param>
/// <param name="preprocessing">The normalisation.</param>
internal sealed class BatchAugmenter(ImageSet images, AugmentationSettings settings, ImagePreprocessing preprocessing)
{
    private readonly ImageAugmentation _augmentation = settings.Over(images);
    private readonly float[] _scale = [.. preprocessing.StandardDeviation.Select(deviation => (float)(1 / (255 * (double)deviation)))];
    private readonly float[] _shift = [.. preprocessing.Mean.Zip(preprocessing.StandardDeviation, (mean, deviation) => (float)(-(double)mean / deviation))];
    private readonly bool _mixes = settings.Transforms.Any(transform => transform.MixesImages);

    /// <summary>The images and labels of an epoch.</summary>
    public int Count => settings.KeepOriginals ? 2 * images.Count : images.Count;

    /// <summary>A batch on the processor: images <c>[N, C, H, W]</c>, the likeliest classes <c>[N]</c>, and what a loss compares with: those, or probabilities <c>[N, classes]</c> where images are mixed.</summary>
    /// <param name="places">Which of the epoch's images, int64 <c>[N]</c>, each in [0, <see cref="Count"/>).</param>
    /// <param name="seed">The epoch's seed.</param>
    /// <param name="channelsLast">Whether the channels of a pixel lie side by side.</param>
    public (Tensor Images, Tensor Labels, Tensor Targets) Take(Tensor places, long seed, bool channelsLast)
    {
        var count = places.shape[0];
        var batch = channelsLast
            ? empty([count, images.Height, images.Width, images.Channels])
            : empty([count, images.Channels, images.Height, images.Width]);
        var labels = empty([count], ScalarType.Int64);
        var targets = _mixes ? empty([count, images.ClassNames.Count]) : labels;
        _augmentation.Apply(
            places.data<long>().AsSpan(), seed, _scale, _shift, channelsLast,
            batch.data<float>().AsSpan(), _mixes ? targets.data<float>().AsSpan() : [], labels.data<long>().AsSpan());
        GC.KeepAlive(places);
        return (channelsLast ? batch.permute(0, 3, 1, 2) : batch, labels, targets);
    }
}
