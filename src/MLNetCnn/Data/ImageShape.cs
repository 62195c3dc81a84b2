using System.Globalization;

namespace MLNetCnn.Data;

/// <summary>The size of an image, in the order of the pixels in memory.</summary>
/// <param name="Height">Pixels from top to bottom, at least 1.</param>
/// <param name="Width">Pixels from left to right, at least 1.</param>
/// <param name="Channels">1 (grey) or 3 (RGB).</param>
public sealed record ImageShape(int Height, int Width, int Channels)
{
    /// <summary>The largest height and width that a dataset is cached at.</summary>
    public const int MaxSide = 4096;

    /// <summary>Bytes per image.</summary>
    public int Size => Height * Width * Channels;

    /// <summary>For example <c>28×28×1</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}×{Width}×{Channels}");
}
