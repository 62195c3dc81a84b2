using System.Globalization;

namespace MLNetCnn;

/// <summary>The size of the images that a network takes, in the order of its input <c>[N, C, H, W]</c>.</summary>
/// <param name="Channels">1 (grey) or 3 (RGB).</param>
/// <param name="Height">Pixels from top to bottom, at least 1.</param>
/// <param name="Width">Pixels from left to right, at least 1.</param>
public sealed record ImageShape(int Channels, int Height, int Width)
{
    /// <summary>The number of values, and of bytes as 8-bit pixels.</summary>
    public int Size => Channels * Height * Width;

    /// <summary>For example <c>28×28×1</c>: height, width, channels.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}×{Width}×{Channels}");
}
