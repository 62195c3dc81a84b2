using MLNetCnn.Data;
using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>How training images are changed at random; validation and test images never are.</summary>
public sealed record AugmentationSettings
{
    /// <summary>The transforms, in the order they are applied.</summary>
    /// <value>None.</value>
    public IReadOnlyList<Transform> Transforms { get; init; } = [];

    /// <summary>
    /// Whether each epoch has every image twice, as it is and changed: the data is doubled. Otherwise it has it once, changed. Of the
    /// cached views of a frozen part, of which each epoch has one, the images as they are make one more.
    /// </summary>
    /// <value>false.</value>
    public bool KeepOriginals { get; init; }

    /// <summary>The augmentation over some images, ready to make batches of them.</summary>
    /// <param name="images">The images; must outlive the result.</param>
    /// <exception cref="ConfigurationException">The settings have problems: all are named.</exception>
    public ImageAugmentation Over(ImageSet images)
    {
        ConfigurationException.ThrowIfAny(Problems());
        return Over(new AugmentationSource(images.Pointer, images.StoredCount, images.Indices, images.Labels, images.ClassNames.Count, images.Height, images.Width, images.Channels));
    }

    internal ImageAugmentation Over(AugmentationSource source) => new(source, [.. Transforms.Select(transform => transform.ToStep())]);

    /// <summary>All that is wrong, each with its place.</summary>
    internal IEnumerable<string> Problems()
    {
        if (Transforms is null || Transforms.Count == 0)
        {
            yield return "augmentation.transforms is empty: name at least one transform, or leave augmentation out";
            yield break;
        }

        for (var i = 0; i < Transforms.Count; i++)
        {
            if (Transforms[i] is not { } transform)
            {
                yield return $"augmentation.transforms[{i}] is null: name a transform, or leave it out";
                continue;
            }

            foreach (var problem in transform.Problems())
            {
                yield return $"augmentation.transforms[{i}] {transform.Kind}.{problem}";
            }
        }

        var mixing = Transforms.Where(transform => transform is { MixesImages: true }).ToList();
        if (mixing.Sum(transform => transform.Probability) is > 1 + 1e-9 and var sum)
        {
            yield return FormattableString.Invariant(
                $"augmentation mixes images with {string.Join(" and ", mixing.Select(transform => transform.Kind))}, whose probabilities add to {sum}: an image is mixed once, so give at most 1 together, such as 0.5 each");
        }
    }
}
