using System.Globalization;
using System.Text.Json;
using MLNetCnn.Testing;

namespace MLNetCnn.Imaging.Tests;

public class ResizeTests
{
    private static MLImage Photo(int height, int width)
    {
        var answer = PillowImages.Run($"outputs = {{'pixels': np.asarray(photo({height}, {width}))}}");
        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgb24, PythonOracle.Bytes(answer["pixels"]));
    }

    [Fact]
    public void Shrinking_averages_over_areas_and_growing_is_bilinear()
    {
        var image = Photo(96, 80);
        var answer = PillowImages.Run("""
            from PIL import Image
            a = inputs['pixels'].astype(np.float64)
            def weights(n, m):
                w = np.zeros((m, n))
                for i in range(m):
                    for j in range(n):
                        w[i, j] = max(0, min((i + 1) * n / m, j + 1) - max(i * n / m, j))
                return w / w.sum(1, keepdims=True)
            area = np.einsum('ih,hwc,jw->ijc', weights(96, 41), a, weights(80, 33))
            image = Image.fromarray(inputs['pixels'])
            outputs = {'area': np.rint(area).astype(np.uint8), 'half': np.asarray(image.reduce(2)),
                       'larger': np.asarray(image.resize((200, 173), Image.BILINEAR))}
            """, new() { ["pixels"] = PythonOracle.Array(image.Pixels, 96, 80, 3) });
        AssertClose(PythonOracle.Bytes(answer["area"]), image.Resize(41, 33).Pixels);
        AssertClose(PythonOracle.Bytes(answer["half"]), image.Resize(48, 40).Pixels);
        AssertClose(PythonOracle.Bytes(answer["larger"]), image.Resize(173, 200).Pixels);
    }

    [Fact]
    public void IsoCrop_is_torchvisions_resize_and_centre_crop()
    {
        (int Height, int Width, int Size)[] cases = [(96, 80, 48), (80, 133, 40), (50, 31, 64)];
        var answer = PillowImages.Run("""
            import torch, torchvision.transforms.functional as F
            outputs = {}
            for h, w, s in inputs['cases']:
                p = np.asarray(photo(h, w))
                t = F.center_crop(F.resize(torch.from_numpy(p.copy()).permute(2, 0, 1), s, antialias=True), s)
                outputs[str(s)] = {'photo': p, 'cropped': t.permute(1, 2, 0)}
            """, new() { ["cases"] = JsonSerializer.SerializeToNode(cases.Select(c => new[] { c.Height, c.Width, c.Size })) });
        foreach (var (height, width, size) in cases)
        {
            var expected = answer[size.ToString(CultureInfo.InvariantCulture)]!;
            var image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgb24, PythonOracle.Bytes(expected["photo"]));
            var cropped = image.Resize(size, size, ResizingKind.IsoCrop);
            Assert.True(PillowImages.MeanDifference(PythonOracle.Bytes(expected["cropped"]), cropped.Pixels) < 1.5, $"{height} x {width}");
        }
    }

    // As a whole it would be scaled to 14 million columns.
    [Theory]
    [InlineData(65_535, 1)]
    [InlineData(1, 65_535)]
    public void A_crop_of_an_extremely_long_image_is_of_its_middle(int width, int height)
    {
        var pixels = new byte[width * height];
        pixels.AsSpan(32_760, 15).Fill(200);
        var cropped = MLImage.CreateFromPixels(width, height, MLPixelFormat.Grey8, pixels).Resize(224, 224, ResizingKind.IsoCrop);
        Assert.Equal((224, 224), (cropped.Height, cropped.Width));
        Assert.All(cropped.Pixels.ToArray(), pixel => Assert.Equal(200, pixel));
    }

    [Fact]
    public void IsoPad_fits_the_image_between_black_bars()
    {
        var padded = Photo(40, 80).Resize(60, 60, ResizingKind.IsoPad);
        var fitted = Photo(40, 80).Resize(30, 60);
        Assert.All(padded.Pixels[..(15 * 60 * 3)].ToArray(), pixel => Assert.Equal(0, pixel));
        Assert.True(padded.Pixels.Slice(15 * 60 * 3, 30 * 60 * 3).SequenceEqual(fitted.Pixels));
        Assert.All(padded.Pixels[(45 * 60 * 3)..].ToArray(), pixel => Assert.Equal(0, pixel));
    }

    [Fact]
    public void A_batch_gives_what_the_images_give_one_by_one_and_says_which_failed()
    {
        var answer = PillowImages.Run("outputs = {'files': [file(photo(40 + 3 * i, 90 - 2 * i), 'JPEG' if i % 2 else 'PNG') for i in range(20)]}");
        var files = answer["files"]!.AsArray().Select(node => new ReadOnlyMemory<byte>(PythonOracle.Bytes(node))).ToList();
        files[7] = "broken"u8.ToArray();
        files[13] = files[13][..^200];
        foreach (var (channels, resizing) in new[] { (3, ResizingKind.Fill), (1, ResizingKind.IsoCrop), (3, ResizingKind.IsoPad) })
        {
            var size = 32 * 24 * channels;
            var pixels = new byte[20 * size];
            var errors = ImageBatch.Decode(files, pixels, 32, 24, channels, resizing);
            Assert.Equal([7, 13], errors.Index().Where(error => error.Item is not null).Select(error => error.Index));
            Assert.StartsWith("not an image", errors[7], StringComparison.Ordinal);
            Assert.StartsWith("the JPEG file is cut short after", errors[13], StringComparison.Ordinal);
            for (var i = 0; i < files.Count; i++)
            {
                var expected = errors[i] is null
                    ? MLImage.Decode(files[i].Span).Resize(32, 24, resizing).ToFormat((MLPixelFormat)channels).Pixels
                    : new byte[size];
                Assert.True(expected.SequenceEqual(pixels.AsSpan(i * size, size)), $"image {i}, {channels} channels, {resizing}");
            }
        }
    }

    [Fact]
    public void Buffers_that_are_too_small_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ImageBatch.Resize(new byte[3], 1, 2, 2, 1, new byte[4], 2, 2, 1));
        Assert.Throws<ArgumentException>(() => ImageBatch.Resize(new byte[4], 1, 2, 2, 1, new byte[3], 2, 2, 1));
        Assert.Throws<ArgumentException>(() => ImageBatch.Decode([new byte[1]], new byte[3], 2, 2, 1));
        Assert.Throws<ArgumentException>(() => MLImage.CreateFromPixels(2, 2, MLPixelFormat.Rgb24, new byte[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => MLImage.Decode([1], channels: 2));
    }

    private static void AssertClose(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var worst = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(expected[i] - actual[i]));
        }

        Assert.True(worst <= 1, $"pixels differ by up to {worst}");
    }
}
