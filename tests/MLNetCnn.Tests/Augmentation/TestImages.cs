using MLNetCnn.Augmentation;
using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Inference;

namespace MLNetCnn.Tests.Augmentation;

/// <summary>Small colourful images, neither square nor of even sides, with edges, gradients and noise.</summary>
internal static class TestImages
{
    public const int Height = 21;
    public const int Width = 26;

    public static ImageSet Create(int count, int channels = 3)
    {
        var random = new SeededRandom(5);
        var pixels = new byte[count * Height * Width * channels];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (channel, x, y, image) = (i % channels, i / channels % Width, i / channels / Width % Height, i / channels / Width / Height);
            var wave = Math.Sin((x * (0.2 + (0.07 * channel))) + (0.3 * y) + image) + (x > 9 && y < 8 + (2 * channel) ? 0.7 : -0.3);
            pixels[i] = (byte)Math.Clamp(110 + (60 * wave) + random.NextInt(40), 0, 255);
        }

        return ImageSet.FromPixels(pixels, [.. Enumerable.Range(0, count).Select(i => i % 3)], new ImageShape(channels, Height, Width), ["ant", "bee", "cat"]);
    }

    public static ImagePreprocessing Scaled(ImageSet images) => ImagePreprocessing.ScaleOnly(images.Height, images.Width, images.Channels);

    /// <summary>What an augmentation makes of each image, scaled to 0..1: <c>[N, C, H, W]</c>.</summary>
    public static float[] Apply(ImageSet images, AugmentationSettings settings, long seed = 1)
    {
        using var scope = NewDisposeScope();
        return new BatchAugmenter(images, settings, Scaled(images)).Take(arange(images.Count), seed, channelsLast: false).Images.ToArray<float>();
    }

    /// <summary>What was drawn for each image.</summary>
    public static IReadOnlyList<AugmentationOperation>[] Plan(ImageSet images, AugmentationSettings settings, long seed = 1) =>
        settings.Over(images).Plan([.. Enumerable.Range(0, images.Count).Select(i => (long)i)], seed);

    /// <summary>What was drawn in so many draws for one transform: the operations' values, draw by draw.</summary>
    public static IReadOnlyList<AugmentationOperation>[] Draws(Transform transform, int count)
    {
        using var image = Create(1);
        var source = new AugmentationSource(image.Pointer, 1, new int[count], new int[count], 3, Height, Width, 3);
        return new AugmentationSettings { Transforms = [transform] }.Over(source).Plan([.. Enumerable.Range(0, count).Select(i => (long)i)], seed: 11);
    }
}
