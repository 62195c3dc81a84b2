using System.Text.Json.Serialization;

using MLNetCnn.Imaging;

namespace MLNetCnn.Runs;

/// <summary>A picture shown in a report.</summary>
/// <param name="Image">The picture as a PNG or JPEG file.</param>
/// <param name="Label">Its true class.</param>
/// <param name="Predicted">The class a model gave it; null for a plain sample.</param>
/// <param name="Probability">The probability of <paramref name="Predicted"/>; null for a plain sample.</param>
/// <param name="Attention">The picture in grey with what the network looked at in colour, the Grad-CAM of <paramref name="Predicted"/>, as a PNG or JPEG file; null where there is none.</param>
public sealed record ExampleImage(byte[] Image, string Label, string? Predicted = null, double? Probability = null, byte[]? Attention = null)
{
    /// <summary>The longer side of a thumbnail, in pixels: a report has no room for photos.</summary>
    internal const int Longest = 192;

    // Small pictures are shown pixel by pixel.
    private const int LargestPng = 64;
    private const int Quality = 85;

    /// <summary>Its place among the images that it is one of, from 0; null where that is of no interest.</summary>
    public int? Index { get; init; }

    /// <summary>What <see cref="Image"/> is: <c>image/jpeg</c> or <c>image/png</c>.</summary>
    [JsonIgnore]
    public string MediaType => Image is [0xff, 0xd8, ..] ? "image/jpeg" : "image/png";

    /// <summary>The file of a picture as reports show it: the pixels of a small one, a thumbnail of a larger.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="longest">The thumbnail's longer side, in pixels; 192 by default.</param>
    public static byte[] Encode(MLImage image, int longest = Longest)
    {
        ArgumentNullException.ThrowIfNull(image);
        var own = Math.Max(image.Height, image.Width);
        if (own <= LargestPng)
        {
            return image.EncodePng();
        }

        var scale = Math.Min(1, (double)longest / own);
        return image.Resize(Scaled(image.Height, scale), Scaled(image.Width, scale)).EncodeJpeg(Quality);
    }

    private static int Scaled(int length, double scale) => Math.Max(1, (int)Math.Round(length * scale));
}
