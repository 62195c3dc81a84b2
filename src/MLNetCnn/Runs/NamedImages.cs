using MLNetCnn.Data;
using MLNetCnn.Evaluation;

namespace MLNetCnn.Runs;

/// <summary>Images with what a model made of them.</summary>
/// <param name="images">The images.</param>
/// <param name="probabilities">Row-major <c>[N, classes]</c>.</param>
internal sealed class NamedImages(ImageSet images, float[] probabilities)
{
    private readonly int _classes = images.ClassNames.Count;

    /// <summary>The images.</summary>
    public ImageSet Images { get; } = images;

    /// <summary>What they were named.</summary>
    public Answers Answers { get; } = Answers.Of(images.Labels, probabilities, images.ClassNames.Count, images.NamesFingerprint);

    /// <summary>Those that were named wrong.</summary>
    public IEnumerable<int> Wrong => Enumerable.Range(0, Images.Count).Where(image => Answers.Truth[image] != Answers.Named[image]);

    /// <summary>How sure the model was of an image's name.</summary>
    public float Probability(int image) => probabilities[(image * _classes) + Answers.Named[image]];

    /// <summary>An image as a report shows it.</summary>
    /// <param name="image">Which.</param>
    /// <param name="longest">The thumbnail's longer side, in pixels.</param>
    /// <param name="attention">What the network looked at.</param>
    public ExampleImage Example(int image, int longest = ExampleImage.Longest, byte[]? attention = null) => new(
        ExampleImage.Encode(Images.Image(image), longest),
        Images.ClassNames[Answers.Truth[image]],
        Images.ClassNames[Answers.Named[image]],
        Probability(image),
        attention)
    {
        Index = image,
    };
}
