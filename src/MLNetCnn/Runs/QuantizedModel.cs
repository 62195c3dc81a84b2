using MLNetCnn.Data;
using MLNetCnn.Evaluation;
using MLNetCnn.Export.Quantization;
using MLNetCnn.Inference;

namespace MLNetCnn.Runs;

/// <summary>Makes an 8-bit model .zip of a float one, and measures what that costs and gains.</summary>
public static class QuantizedModel
{
    /// <summary>The accuracy that 8 bits may cost where nothing else is said: half a percentage point.</summary>
    public const double DefaultMaxLoss = 0.005;

    /// <summary>Quantizes the model .zip at <paramref name="path"/>, evaluates both and writes the new one to <paramref name="output"/>.</summary>
    /// <param name="path">The float model.</param>
    /// <param name="output">The 8-bit model's file.</param>
    /// <param name="calibration">Training images, to measure activations on.</param>
    /// <param name="images">The images to evaluate on.</param>
    /// <param name="part">What they are.</param>
    /// <param name="options">How to quantize; the defaults where null.</param>
    /// <param name="maxLoss">The most accuracy that may be lost for speed, as a share in [0, 1].</param>
    /// <param name="cancellation">Stops it; nothing is written then.</param>
    /// <exception cref="ConfigurationException">The model is quantized already, or has nothing to quantize.</exception>
    /// <exception cref="ModelFormatException">The file is no model.</exception>
    /// <exception cref="IOException">A file can't be read or written.</exception>
    public static QuantizationSummary Write(
        string path,
        string output,
        ImageSet calibration,
        ImageSet images,
        DatasetSplit part,
        QuantizationOptions? options = null,
        double maxLoss = DefaultMaxLoss,
        CancellationToken cancellation = default)
    {
        var whole = ModelPackage.Read(path);
        var package = Quantize(whole, path, calibration, options, cancellation);
        var classes = whole.Metadata.Labels.Count;
        var expected = Scores(whole, images, cancellation);
        var found = Scores(package, images, cancellation);
        var (before, after) = (ClassificationSummary.Of(images.Labels, expected, classes), ClassificationSummary.Of(images.Labels, found, classes));
        var metrics = after.Metrics(part.ToString().ToLowerInvariant()).ToDictionary();
        package = package with { Metadata = package.Metadata with { Metrics = new SortedDictionary<string, double>(metrics, StringComparer.Ordinal) } };
        package.Save(output);
        return new()
        {
            ModelFile = Path.GetFileName(output),
            Part = part,
            Images = images.Count,
            CalibrationImages = package.Metadata.Quantization!.CalibrationImages,
            Float = Figures(before, whole, path),
            Int8 = Figures(after, package, output),
            SameAnswers = Answers.Of(images.Labels, expected, classes).Alike(Answers.Of(images.Labels, found, classes)),
            MaxLoss = maxLoss,
        };
    }

    private static ModelPackage Quantize(ModelPackage whole, string path, ImageSet calibration, QuantizationOptions? options, CancellationToken cancellation)
    {
        try
        {
            return ModelQuantizer.Quantize(whole, calibration, options, cancellation);
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new ConfigurationException($"{path}: {refused.Message}");
        }
    }

    private static float[] Scores(ModelPackage package, ImageSet images, CancellationToken cancellation)
    {
        using var file = new MemoryStream();
        package.Write(file);
        file.Position = 0;
        using var model = ImageModel.Load(file, new ImageModelOptions { Threads = Environment.ProcessorCount });
        return ModelScores.Of(model, images, cancellation);
    }

    private static QuantizedFigures Figures(ClassificationSummary summary, ModelPackage package, string path)
    {
        var latency = LatencySummary.Measure(path);
        return new(summary.MicroAccuracy, summary.LogLoss, package.Onnx.Length, new FileInfo(path).Length, latency.P50Milliseconds, latency.P95Milliseconds);
    }
}
