using MLNetCnn.Data;

namespace MLNetCnn.Benchmarks;

/// <summary>Images without content, for what takes as long on any.</summary>
internal static class Noise
{
    public const int Classes = 10;

    /// <summary>Colour images of random pixels, their classes in turn.</summary>
    public static ImageSet Images(int count, int size)
    {
        var shape = new ImageShape(3, size, size);
        var pixels = new byte[count * shape.Size];
        new Random(0).NextBytes(pixels);
        return ImageSet.FromPixels(pixels, [.. Enumerable.Range(0, count).Select(image => image % Classes)], shape, [.. Enumerable.Range(0, Classes).Select(label => $"class {label}")]);
    }
}
