using System.Globalization;
using System.IO.Compression;
using MLNetCnn.Imaging;
using MLNetCnn.Testing;

namespace MLNetCnn.Inference.Tests;

public class ImageModelTests
{
    private const double Tolerance = 1e-4;

    [Fact]
    public void Scores_equal_PyTorchs_for_images_of_any_size()
    {
        using var model = TestModel.Load();
        foreach (var images in TestModel.Cases)
        {
            var scores = new float[4 * 5];
            model.Score(images.Pixels, 4, images.Height, images.Width, scores);
            AssertClose(images.Probabilities, scores);
            Assert.Contains(scores, score => score > 0.4f);
        }
    }

    [Fact]
    public void Bytes_path_stream_image_and_pixels_give_PyTorchs_answer()
    {
        using var folder = new TemporaryFolder();
        using var model = TestModel.Load();
        foreach (var images in TestModel.Cases)
        {
            var path = Path.Combine(folder.Path, "image.png");
            File.WriteAllBytes(path, images.Png);
            ImagePrediction[] predictions =
            [
                model.Predict(images.Png),
                model.Predict(path),
                model.Predict(new MemoryStream(images.Png)),
                model.Predict(images.Image(0)),
                model.Predict(images.Pixels.AsSpan(0, images.ImageSize), images.Height, images.Width),
            ];
            var expected = images.Expected(0);
            foreach (var prediction in predictions)
            {
                AssertClose(expected, prediction.Score);
                Assert.Equal(TestModel.Labels[expected.AsSpan().IndexOf(expected.Max())], prediction.Label);
                Assert.Equal(expected.Max(), prediction.Probability, Tolerance);
            }
        }
    }

    [Fact]
    public void Scores_come_with_their_labels()
    {
        using var model = TestModel.Load();
        var prediction = model.Predict(TestModel.Cases[1].Image(2));
        Assert.Equal(TestModel.Labels, model.Labels);
        Assert.Equal(TestModel.Labels, prediction.Scores.Keys);
        Assert.Equal(prediction.Score, prediction.Scores.Values);
        Assert.Equal(prediction.Score[4], prediction.Scores["狐"]);
        Assert.False(prediction.Scores.ContainsKey("fox"));
        Assert.Contains("cat", Assert.Throws<KeyNotFoundException>(() => prediction.Scores["fox"]).Message, StringComparison.Ordinal);

        var top = prediction.Top(3);
        Assert.Equal(prediction.Scores.OrderByDescending(score => score.Value).Take(3).Select(score => new LabelProbability(score.Key, score.Value)), top);
        Assert.Equal(new LabelProbability(prediction.Label, prediction.Probability), top[0]);
        Assert.Equal(5, prediction.Top(100).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(32)]
    public void A_batch_of_mixed_sizes_equals_single_predictions(int batchSize)
    {
        using var model = TestModel.Load(options: new ImageModelOptions { BatchSize = batchSize });
        // Interleaved sizes, and a grey image among the coloured ones.
        var images = Enumerable.Range(0, 12).Select(i => TestModel.Cases[i % 3].Image(i / 3)).ToList();
        images.Insert(5, images[0].ToFormat(MLPixelFormat.Grey8));
        var batch = model.PredictBatch(images);
        Assert.Equal(images.Count, batch.Count);
        for (var i = 0; i < images.Count; i++)
        {
            AssertClose(model.Predict(images[i]).Score, batch[i].Score, 1e-6);
        }

        Assert.Empty(model.PredictBatch([]));
    }

    [Fact]
    public void Eight_threads_on_one_model_get_the_answers_that_one_thread_gets()
    {
        using var model = TestModel.Load();
        var images = TestModel.Cases.SelectMany(images => Enumerable.Range(0, 4).Select(images.Image)).ToArray();
        var expected = images.Select(image => model.Predict(image).Score).ToArray();
        var failures = 0;
        var threads = Enumerable.Range(0, 8).Select(seed => new Thread(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                var which = (i * 7 + seed) % images.Length;
                if (!model.Predict(images[which]).Score.SequenceEqual(expected[which]))
                {
                    Interlocked.Increment(ref failures);
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(0, failures);
    }

    [Fact]
    public void A_model_loads_from_a_file_and_from_a_stream_that_cannot_seek()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.zip");
        TestModel.Package.Save(path);
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(File.ReadAllBytes(path));
        }

        compressed.Position = 0;
        using var fromFile = ImageModel.Load(path, new ImageModelOptions { Threads = 2 });
        using var fromStream = ImageModel.Load(new GZipStream(compressed, CompressionMode.Decompress));
        var image = TestModel.Cases[0].Image(3);
        AssertClose(TestModel.Cases[0].Expected(3), fromFile.Predict(image).Score);
        AssertClose(TestModel.Cases[0].Expected(3), fromStream.Predict(image).Score);
    }

    [Fact]
    public void What_no_model_can_answer_is_refused_with_the_reason()
    {
        var model = TestModel.Load();
        var pixels = new byte[12];
        Assert.Contains("12 bytes given: 1 images of 3×2 pixels with 3 channels are 18", Message<ArgumentException>(() => model.Predict(pixels, 3, 2)), StringComparison.Ordinal);
        Assert.Contains("room for 4 scores", Message<ArgumentException>(() => model.Score(pixels, 1, 2, 2, new float[4])), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Predict(default, 0, 4));
        Assert.Throws<ImageFormatException>(() => model.Predict("no image at all"u8));
        Assert.Throws<FileNotFoundException>(() => model.Predict("missing.png"));
        Assert.Throws<ArgumentOutOfRangeException>(() => TestModel.Load(options: new ImageModelOptions { Threads = 0 }));
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Predict(pixels, 2, 2));
    }

    [Fact]
    public void A_graph_that_does_not_fit_its_metadata_is_refused_at_loading()
    {
        AssertRefused(TestModel.Package with { Metadata = TestModel.Metadata with { Labels = ["a", "b", "c", "d"] } }, "[?, 5]", "a score for each of the 4 labels");
        AssertRefused(
            TestModel.Package with { Metadata = TestModel.Metadata with { Preprocessing = ImagePreprocessing.ScaleOnly(28, 28, 1) } },
            "UInt8 'image' [?, ?, ?, 3]",
            "[N, H, W, 1]");
        AssertRefused(TestModel.Package with { Onnx = TestModel.FloatInput }, "Float 'image'", "one uint8 tensor 'image'");
        AssertRefused(TestModel.Package with { Onnx = TestModel.Logits }, "softmax");
        AssertRefused(TestModel.Package with { Onnx = "rubbish"u8.ToArray() }, "model.onnx is no graph that ONNX Runtime can run");
        AssertRefused(TestModel.Package with { Onnx = TestModel.Onnx.AsMemory()[..^200] }, "model.onnx is no graph that ONNX Runtime can run");
    }

    [Fact]
    public void The_culture_changes_nothing()
    {
        var zip = TestModel.Zip();
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            Assert.Equal(zip, TestModel.Zip());
            using var model = ImageModel.Load(new MemoryStream(zip));
            Assert.Equal(0.9125, model.Metadata.Metrics["test.microAccuracy"]);
            Assert.Matches(@"^\S+ \(\d+\.\d %\)$", model.Predict(TestModel.Cases[0].Image(0)).ToString());
            AssertRefused(TestModel.Package with { Onnx = TestModel.Logits }, "gives scores from -");
            Assert.DoesNotMatch(@"\d,\d", Message<ModelFormatException>(() => TestModel.Load(TestModel.Package with { Onnx = TestModel.Logits })));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Latency_is_measured()
    {
        using var model = TestModel.Load();
        var latency = model.MeasureLatency(50);
        Assert.InRange(latency.P50, 1e-6, latency.P95);
    }

    private static void AssertRefused(ModelPackage package, params string[] expected)
    {
        var message = Message<ModelFormatException>(() => TestModel.Load(package));
        Assert.StartsWith("the model .zip: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.All(expected, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private static string Message<T>(Action action)
        where T : Exception => Assert.ThrowsAny<T>(action).Message;

    private static void AssertClose(IReadOnlyList<float> expected, IReadOnlyList<float> actual, double tolerance = Tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
