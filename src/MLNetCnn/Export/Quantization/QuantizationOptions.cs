namespace MLNetCnn.Export.Quantization;

/// <summary>How a model is quantized to 8-bit integers.</summary>
public sealed record QuantizationOptions
{
    /// <summary>On how many images the ranges of the activations are measured, at least 1; 200 by default, spread evenly over those given.</summary>
    public int Images { get; init; } = 200;

    /// <summary>
    /// The share of the images whose activations a range covers in full, above 0 and at most 1. By default 1: from the lowest to
    /// the highest activation of all images; below, a few extreme images don't cost all others resolution: theirs are clipped.
    /// </summary>
    public double Coverage { get; init; } = 1;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Images, 1, nameof(Images));
        if (!(Coverage is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Coverage), FormattableString.Invariant($"the quantization's Coverage is {Coverage}: it is a share above 0 and at most 1"));
        }
    }
}
