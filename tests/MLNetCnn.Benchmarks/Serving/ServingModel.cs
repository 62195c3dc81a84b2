using MLNetCnn.Architectures;
using MLNetCnn.Export;
using MLNetCnn.Imaging;
using MLNetCnn.Inference;

namespace MLNetCnn.Benchmarks.Serving;

/// <summary>A network without training, as a model .zip, and pictures for it.</summary>
internal static class ServingModel
{
    public const string Architecture = "mobilenet-v2";
    public const int Size = 224;
    private const int Classes = 100;

    public static ModelPackage Create(string labels = "class", string architecture = Architecture)
    {
        manual_seed(1);
        var preprocessing = ImagePreprocessing.ScaleOnly(Size, Size, 3);
        using var network = ArchitectureCatalog.Create(architecture, new ImageShape(3, Size, Size), Classes);
        network.eval();
        var metadata = new ModelMetadata
        {
            Labels = [.. Enumerable.Range(0, Classes).Select(i => $"{labels} {i}")],
            Architecture = new ModelArchitecture(architecture, []),
            Preprocessing = preprocessing,
            Provenance = new ModelProvenance { CreatedAt = DateTimeOffset.UnixEpoch, Dataset = "none", Commit = "benchmark" },
        };
        return new ModelPackage(metadata, OnnxExporter.Export(network, preprocessing, metadata.Labels), new byte[8]);
    }

    /// <summary>JPEGs of soft random colours, of the network's own size.</summary>
    public static IReadOnlyList<byte[]> Pictures(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var coarse = new byte[14 * 14 * 3];
            random.NextBytes(coarse);
            return MLImage.CreateFromPixels(14, 14, MLPixelFormat.Rgb24, coarse).Resize(Size, Size).EncodeJpeg();
        })];
    }
}
