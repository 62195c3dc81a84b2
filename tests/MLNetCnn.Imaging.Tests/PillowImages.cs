using System.Text.Json.Nodes;
using MLNetCnn.Testing;

namespace MLNetCnn.Imaging.Tests;

/// <summary>Encoded images made, and decoded, by Pillow.</summary>
internal static class PillowImages
{
    private const string Prelude = """
        import io
        from PIL import Image, ImageOps
        def photo(h, w):
            y, x = np.mgrid[0:h, 0:w]
            a = np.stack([127 + 120 * np.sin(x / 17.0 + y / 40.0), 255.0 * y / h, 127 + 100 * np.cos((x + y) / 23.0)], -1)
            return Image.fromarray(np.clip(a, 0, 255).astype(np.uint8))
        def file(image, format, **options):
            out = io.BytesIO()
            image.save(out, format, **options)
            return np.frombuffer(out.getvalue(), np.uint8)

        """;

    /// <summary>Runs Python that finds <c>photo(h, w)</c> and <c>file(image, format)</c> and assigns <c>outputs</c>.</summary>
    public static JsonObject Run(string code, JsonObject? inputs = null) => PythonOracle.Run(Prelude + code, inputs);

    /// <summary>The mean absolute difference of two images' pixels.</summary>
    public static double MeanDifference(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var sum = 0L;
        for (var i = 0; i < expected.Length; i++)
        {
            sum += Math.Abs(expected[i] - actual[i]);
        }

        return (double)sum / expected.Length;
    }
}
