using MLNetCnn.Imaging;

namespace MLNetCnn.Evaluation;

/// <summary>
/// Lays a map of shares over a picture as colour, from violet (little) to yellow (most), the larger the denser. The picture under it
/// is grey, so that no colour in it is taken for one of the map.
/// </summary>
internal static class HeatOverlay
{
    private const double Densest = 0.8;
    private const int Levels = 256;

    // matplotlib's inferno (S. van der Walt and N. Smith 2015, CC0) without its dark end, a column each.
    private static readonly float[] Palette =
    [
        87, 188, 249, 252,
        16, 55, 142, 255,
        110, 84, 9, 164,
    ];

    /// <summary>The picture with the map over it, RGB.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="map">Shares in [0, 1], <c>[h, w]</c>, on the processor; resized to the picture bilinearly.</param>
    public static MLImage Over(MLImage picture, Tensor map)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var heat = Resized(map.view(1, 1, map.size(0), map.size(1)), picture.Height, picture.Width, corners: false).view(picture.Height, picture.Width, 1);
        var levels = heat.mul(Levels - 1).round().to(ScalarType.Int64).flatten();
        var scale = Resized(tensor<float>(Palette, [1, 3, 1, 4]), 1, Levels, corners: true).view(3, Levels).t();
        var colours = scale.index_select(0, levels).view(picture.Height, picture.Width, 3);
        var grey = tensor<byte>(picture.ToFormat(MLPixelFormat.Grey8).Pixels, [picture.Height, picture.Width, 1]).to(ScalarType.Float32);
        var blended = grey.add(colours.sub(grey).mul(heat.mul(Densest))).round().to(ScalarType.Byte).contiguous();
        return MLImage.CreateFromPixels(picture.Width, picture.Height, MLPixelFormat.Rgb24, blended.bytes);
    }

    private static Tensor Resized(Tensor images, long height, long width, bool corners) =>
        functional.interpolate(images, (height, width), mode: InterpolationMode.Bilinear, align_corners: corners);
}
