using MLNetCnn.Testing;

namespace MLNetCnn.Imaging.Tests;

public class EncodeTests
{
    [Fact]
    public void Pillow_reads_what_is_saved()
    {
        using var folder = new TemporaryFolder();
        var pixels = new byte[30 * 20 * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)((i % 3) switch { 0 => 200, 1 => 20, _ => 90 } + (i / 40));
        }

        var colour = MLImage.CreateFromPixels(20, 30, MLPixelFormat.Rgb24, pixels);
        var grey = colour.ToFormat(MLPixelFormat.Grey8);
        colour.Save(folder["colour.png"]);
        colour.Save(folder["colour.jpg"]);
        grey.Save(folder["grey.png"]);
        Assert.Equal(["colour.jpg", "colour.png", "grey.png"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());

        var answer = PillowImages.Run("""
            read = lambda name: Image.open(inputs['folder'] + '/' + name)
            outputs = {'colour': np.asarray(read('colour.png')), 'jpeg': np.asarray(read('colour.jpg')), 'grey': np.asarray(read('grey.png')),
                       'luma': np.asarray(read('colour.png').convert('L')), 'mode': read('grey.png').mode}
            """, new() { ["folder"] = folder.Path });
        Assert.Equal(pixels, PythonOracle.Bytes(answer["colour"]));
        Assert.True(PillowImages.MeanDifference(PythonOracle.Bytes(answer["jpeg"]), pixels) < 3);
        Assert.Equal("L", (string?)answer["mode"]);
        Assert.Equal(grey.Pixels.ToArray(), PythonOracle.Bytes(answer["grey"]));
        Assert.True(PillowImages.MeanDifference(PythonOracle.Bytes(answer["luma"]), grey.Pixels) < 0.1);
    }

    [Fact]
    public void Another_ending_is_refused() =>
        Assert.Contains(".gif", Assert.Throws<ArgumentException>(() => Grey(1, 1, 0).Save("picture.gif")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_grid_places_images_row_by_row_between_margins()
    {
        var grid = ImageGrid.Compose([Grey(2, 2, 10), Grey(2, 2, 20), Grey(2, 2, 30)], columns: 2, margin: 1, background: 255);
        Assert.Equal((7, 7, MLPixelFormat.Grey8), (grid.Height, grid.Width, grid.PixelFormat));
        var rows = Enumerable.Range(0, 7).Select(y => string.Join(' ', grid.Pixels.Slice(y * 7, 7).ToArray()));
        var empty = "255 255 255 255 255 255 255";
        var first = "255 10 10 255 20 20 255";
        var second = "255 30 30 255 255 255 255";
        Assert.Equal([empty, first, first, empty, second, second, empty], rows);
    }

    [Fact]
    public void A_missing_OpenCV_is_one_line_that_names_the_package()
    {
        using var folder = new TemporaryFolder();
        var library = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libmlnetcnn_imaging.so"));
        var needed = library.AsSpan().IndexOf("libopencv_imgcodecs.so."u8) + "libopencv_imgcodecs.so.".Length;
        "999"u8.CopyTo(library.AsSpan(needed));
        File.WriteAllBytes(folder["lib.so"], library);

        var error = Assert.Throws<DllNotFoundException>(() => Native.Load(folder["lib.so"]));
        Assert.Contains("libopencv_imgcodecs.so.999", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install libopencv-dev libgif-dev", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);

        var absent = Assert.Throws<DllNotFoundException>(() => Native.Load(folder["absent.so"]));
        Assert.StartsWith(folder["absent.so"] + " is missing", absent.Message, StringComparison.Ordinal);
    }

    private static MLImage Grey(int height, int width, byte value) =>
        MLImage.CreateFromPixels(width, height, MLPixelFormat.Grey8, Enumerable.Repeat(value, height * width).ToArray());
}
