using System.Globalization;
using MLNetCnn.Data;
using MLNetCnn.Evaluation;
using MLNetCnn.Export;
using MLNetCnn.Inference;

namespace MLNetCnn.Tests.Export;

/// <summary>Networks as model files, and what ONNX Runtime makes of them.</summary>
internal static class TestModels
{
    public static ModelPackage Package(Module<Tensor, Tensor> network, ImagePreprocessing preprocessing, int classes, double temperature = 1)
    {
        using var scope = NewDisposeScope();
        string[] labels = [.. Enumerable.Range(0, classes).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        var metadata = new Inference.ModelMetadata
        {
            Labels = labels,
            Architecture = new ModelArchitecture("test", []),
            Preprocessing = preprocessing,
            Temperature = temperature,
            Provenance = new ModelProvenance { CreatedAt = DateTimeOffset.UnixEpoch, Dataset = "none", Commit = "test" },
        };
        return new ModelPackage(metadata, OnnxExporter.Export(network, preprocessing, labels, temperature), new byte[8]);
    }

    /// <summary>What the model file says of images, through ONNX Runtime: <c>[N, classes]</c>.</summary>
    public static float[] Scores(ModelPackage package, ImageSet images)
    {
        using var file = new MemoryStream();
        package.Write(file);
        file.Position = 0;
        using var model = ImageModel.Load(file);
        return ModelScores.Of(model, images);
    }

    public static ImageSet Images(int count, int size, int channels, int seed)
    {
        var pixels = new byte[count * size * size * channels];
        new Random(seed).NextBytes(pixels);
        return ImageSet.FromPixels(pixels, new int[count], new(channels, size, size), ["0"]);
    }

    public static double Furthest(float[] one, float[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Max();
}
