namespace MLNetCnn.Inference;

/// <summary>What happens to an image before the network sees it: resize, then <c>(pixel / 255 − mean) / standard deviation</c>.</summary>
public sealed record ImagePreprocessing
{
    /// <summary>The network's input height, in pixels: 1 to 4096.</summary>
    public required int Height { get; init; }

    /// <summary>The network's input width, in pixels: 1 to 4096.</summary>
    public required int Width { get; init; }

    /// <summary>1 (grey) or 3 (RGB).</summary>
    public required int Channels { get; init; }

    /// <summary>Mean per channel, of pixels scaled to [0, 1]; zeros by default.</summary>
    public required IReadOnlyList<float> Mean { get; init; }

    /// <summary>Standard deviation per channel, of pixels scaled to [0, 1]; ones by default.</summary>
    public required IReadOnlyList<float> StandardDeviation { get; init; }

    /// <summary>Preprocessing that only scales pixels to [0, 1].</summary>
    public static ImagePreprocessing ScaleOnly(int height, int width, int channels) => new()
    {
        Height = height,
        Width = width,
        Channels = channels,
        Mean = [.. Enumerable.Repeat(0f, channels)],
        StandardDeviation = [.. Enumerable.Repeat(1f, channels)],
    };

    /// <summary>Every rule that these settings break, one line each; empty when they are sound.</summary>
    internal IEnumerable<string> Problems()
    {
        const int MaxSide = 4096;
        if (Height is < 1 or > MaxSide || Width is < 1 or > MaxSide)
        {
            yield return $"the network's input is {Height}×{Width} pixels: each side has 1 to {MaxSide}";
        }

        if (Channels is not (1 or 3))
        {
            yield return $"the network's input has {Channels} channels: 1 (grey) or 3 (RGB) are allowed";
        }

        if (Mean.Count != Channels || !Mean.All(float.IsFinite))
        {
            yield return $"mean has {Mean.Count} values: one finite number for each of {Channels} channels is needed";
        }

        if (StandardDeviation.Count != Channels || !StandardDeviation.All(value => float.IsFinite(value) && value > 0))
        {
            yield return $"standardDeviation has {StandardDeviation.Count} values: one number above 0 for each of {Channels} channels is needed";
        }
    }
}
