using System.Text.Json.Nodes;
using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Data;

public class ImageColumnTests
{
    private static readonly MLContext Context = new(seed: 1);

    [Fact]
    public void Files_become_vectors_as_Pillow_and_NumPy_make_them()
    {
        using var folder = new TemporaryFolder();
        var answer = PythonOracle.Run("""
            from PIL import Image
            y, x = np.mgrid[0:8, 0:12]
            a = np.stack([x * 20, y * 30, (x + y) * 10], -1).astype(np.uint8)
            Image.fromarray(a).save(inputs['path'])
            small = np.asarray(Image.fromarray(a[:, 2:10]).reduce(2)).astype(np.float32)
            outputs = {'planar': (small.transpose(2, 0, 1) - 127.5) * 0.25, 'bgr': small[..., ::-1].astype(np.uint8)}
            """, new() { ["path"] = folder["a.png"] });
        var data = Context.Data.LoadFromEnumerable([new Row { Path = "a.png" }, new Row { Path = "" }]);
        var chain = Context.Transforms.LoadImages("Image", folder.Path, nameof(Row.Path))
            .Append(Context.Transforms.ResizeImages("Image", imageWidth: 4, imageHeight: 4))
            .Append(Context.Transforms.ExtractPixels("Planar", "Image", offsetImage: 127.5f, scaleImage: 0.25f))
            .Append(Context.Transforms.ExtractPixels(
                "Bytes", "Image", orderOfExtraction: ImagePixelExtractingEstimator.ColorsOrder.ABGR, interleavePixelColors: true, outputAsFloatArray: false))
            .Append(Context.Transforms.LoadRawImageBytes("Raw", folder.Path, nameof(Row.Path)));
        var transformed = chain.Fit(data).Transform(data);
        Assert.Equal("Vector<Single, 3, 4, 4>", transformed.Schema["Planar"].Type.ToString());
        Assert.Equal("Vector<Byte, 4, 4, 3>", transformed.Schema["Bytes"].Type.ToString());
        Assert.Equal("Image<4, 4>", transformed.Schema["Image"].Type.ToString());

        var rows = Context.Data.CreateEnumerable<Result>(transformed, reuseRowObject: false).ToList();
        var planar = PythonOracle.Floats(answer["planar"]);
        var bgr = PythonOracle.Bytes(answer["bgr"]);
        Assert.All(planar.Zip(rows[0].Planar), pair => Assert.InRange(pair.First - pair.Second, -0.2501, 0.2501));
        Assert.All(bgr.Zip(rows[0].Bytes), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
        Assert.Equal(File.ReadAllBytes(folder["a.png"]), rows[0].Raw);
        Assert.Null(rows[1].Image);
        Assert.All(rows[1].Planar, value => Assert.Equal(0, value));
        Assert.Empty(rows[1].Raw);
    }

    [Fact]
    public void Steps_come_back_from_a_saved_model()
    {
        using var folder = new TemporaryFolder();
        MLImage.CreateFromPixels(2, 2, MLPixelFormat.Rgb24, new byte[12]).Save(folder["a.png"]);
        var data = Context.Data.LoadFromEnumerable([new Row { Path = "a.png" }]);
        var steps = Context.Transforms.LoadImages("Image", folder.Path, nameof(Row.Path))
            .Append(Context.Transforms.ResizeImages("Image", 3, 5, resizing: ResizingKind.IsoPad))
            .Append(Context.Transforms.ExtractPixels("Planar", "Image", colorsToExtract: ImagePixelExtractingEstimator.ColorBits.Green));
        Assert.Throws<ArgumentException>(() => Context.Transforms.ExtractPixels("Planar", colorsToExtract: ImagePixelExtractingEstimator.ColorBits.None));
        foreach (var step in steps.Fit(data))
        {
            var saved = (JsonObject)JsonNode.Parse(ComponentCatalog.Save(step).ToJsonString())!;
            var loaded = new ComponentCatalog().Load<ITransformer>(saved);
            Assert.Equal(saved.ToJsonString(), ComponentCatalog.Save(loaded).ToJsonString());
        }
    }

    [Fact]
    public void Unsuited_columns_are_named_before_any_row_is_read()
    {
        var data = Context.Data.LoadFromEnumerable([new Row { Path = "absent.png" }]);
        var resize = Assert.Throws<InvalidOperationException>(() => Context.Transforms.ResizeImages("Path", 4, 4).Fit(data));
        Assert.Contains("column 'Path' is String", resize.Message, StringComparison.Ordinal);
        var chain = Context.Transforms.LoadImages("Image", null, "Path").Append(Context.Transforms.ExtractPixels("Pixels", "Image"));
        Assert.Contains("put ResizeImages before it", Assert.Throws<InvalidOperationException>(() => chain.Fit(data)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Context.Transforms.LoadImages("Image", null, "Nothing").GetOutputSchema(SchemaShape.Create(data.Schema)));
    }

    [Fact]
    public void A_set_of_images_is_a_view_with_keys_that_know_their_names()
    {
        using var set = ImageSet.FromPixels([.. Enumerable.Range(0, 40).Select(i => (byte)i)], [0, 1, 2, 1, 0, 0, 2, 1, 1, 0], new ImageShape(1, 2, 2), SampleData.Classes);
        var view = new ImageDataView(set);
        var rows = Context.Data.CreateEnumerable<Viewed>(Context.Transforms.Conversion.MapKeyToValue("Name", "Label").Fit(view).Transform(view), reuseRowObject: false).ToList();
        Assert.Equal(["ant", "bee", "cat", "bee", "ant", "ant", "cat", "bee", "bee", "ant"], rows.Select(row => row.Name));
        Assert.Equal([1u, 2, 3, 2, 1, 1, 3, 2, 2, 1], rows.Select(row => row.Label));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (byte)(4 * i)), rows.Select(row => row.Image.Pixels[0]));

        var shuffled = Ids(view.GetRowCursor(view.Schema, new Random(3)));
        Assert.NotEqual(Enumerable.Range(0, 10), shuffled);
        Assert.Equal(Enumerable.Range(0, 10), shuffled.Order());
        Assert.Equal(Enumerable.Range(0, 10), view.GetRowCursorSet(view.Schema, 3).SelectMany(Ids).Order());
        Assert.Equal(3, Context.Data.CreateEnumerable<Viewed>(Context.Data.TakeRows(Context.Data.Cache(Context.Data.ShuffleRows(view)), 3), false, ignoreMissingColumns: true).Count());
    }

    private static List<int> Ids(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            var image = cursor.GetGetter<MLImage>(cursor.Schema["Image"]);
            var id = cursor.GetIdGetter();
            var ids = new List<int>();
            while (cursor.MoveNext())
            {
                MLImage value = null!;
                var row = default(DataViewRowId);
                image(ref value);
                id(ref row);
                Assert.Equal(4 * row.Low, value.Pixels[0]);
                ids.Add((int)row.Low);
            }

            return ids;
        }
    }

    private sealed class Row
    {
        public string Path { get; set; } = "";
    }

    private sealed class Result
    {
        [ImageType]
        public MLImage? Image { get; set; }

        public float[] Planar { get; set; } = [];

        public byte[] Bytes { get; set; } = [];

        public byte[] Raw { get; set; } = [];
    }

    private sealed class Viewed
    {
        [ImageType(2, 2)]
        public MLImage Image { get; set; } = null!;

        public uint Label { get; set; }

        public string Name { get; set; } = "";
    }
}
