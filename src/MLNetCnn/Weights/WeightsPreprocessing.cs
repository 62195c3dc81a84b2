using MLNetCnn.Data;
using MLNetCnn.Inference;

namespace MLNetCnn.Weights;

/// <summary>What was done to the images that weights were trained on, and is to be done to all others: <c>(pixel / 255 − mean) / standard deviation</c>.</summary>
/// <param name="Size">Height and width of the images that the published accuracy was measured on, in pixels; networks take others too.</param>
/// <param name="Mean">Mean of red, green and blue, of pixels scaled to [0, 1].</param>
/// <param name="StandardDeviation">Standard deviation of red, green and blue, of pixels scaled to [0, 1].</param>
/// <remarks>
/// Always in the order red, green, blue: weights trained on blue, green, red have their first filters turned round when they are
/// loaded.
/// </remarks>
public sealed record WeightsPreprocessing(int Size, IReadOnlyList<float> Mean, IReadOnlyList<float> StandardDeviation)
{
    /// <summary>torchvision's: 224 pixels, the mean and the standard deviation of ImageNet.</summary>
    public static WeightsPreprocessing ImageNet { get; } = new(224, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>The same for images of a size of one's own.</summary>
    /// <param name="input">Their size; of grey images the mean and the standard deviation are the averages over the colours.</param>
    /// <param name="scaledTwice">Whether pixels are divided by 255 once more before.</param>
    public ImagePreprocessing For(ImageShape input, bool scaledTwice = false)
    {
        // (pixel / 255 / 255 − mean) / deviation is (pixel / 255 − 255 mean) / (255 deviation): a saved model needs to know of nothing new.
        var unit = scaledTwice ? byte.MaxValue : 1;
        return new()
        {
            Height = input.Height,
            Width = input.Width,
            Channels = input.Channels,
            Mean = [.. Own(Mean).Select(value => value * unit)],
            StandardDeviation = [.. Own(StandardDeviation).Select(value => value * unit)],
        };

        IEnumerable<float> Own(IReadOnlyList<float> colours) => input.Channels == 1 ? [colours.Average()] : colours;
    }

    internal static WeightsPreprocessing Parse(StrictJson json)
    {
        const int Colours = 3;
        return new((int)json.Integer("size", 1, DatasetLoadOptions.MaxSide), json.Numbers("mean", Colours), json.Numbers("standardDeviation", Colours, above: 0));
    }
}
