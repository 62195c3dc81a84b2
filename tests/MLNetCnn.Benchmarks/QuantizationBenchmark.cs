using MLNetCnn.Benchmarks.Serving;
using MLNetCnn.Data;
using MLNetCnn.Export.Quantization;
using MLNetCnn.Inference;

namespace MLNetCnn.Benchmarks;

/// <summary>One prediction of a 224×224 image on one thread, in float and in 8-bit integers: the best median of three turns.</summary>
internal static class QuantizationBenchmark
{
    private const int Turns = 3;
    private const int Predictions = 30;

    public static void Run()
    {
        using var images = Images(8);
        Console.WriteLine("one 224×224 image, one thread: ms, and model.onnx in MB");
        foreach (var architecture in new[] { "mobilenet-v2", "resnet-50", "efficientnet-b0", "mobilenet-v3-large" })
        {
            var whole = ServingModel.Create(architecture: architecture);
            var int8 = ModelQuantizer.Quantize(whole, images);
            var (before, after) = Times(whole, int8);
            var (large, small) = (whole.Onnx.Length / 1e6, int8.Onnx.Length / 1e6);
            Console.WriteLine($"  {architecture,-18} float {before,7:0.00} ({large:0.0})   int8 {after,7:0.00} ({small:0.0})   {after / before:0.00} of the time, {small / large:0.00} of the size");
        }
    }

    // In turns, so that what else the machine does meets both.
    private static (double Whole, double Int8) Times(ModelPackage whole, ModelPackage int8)
    {
        using var one = Load(whole);
        using var other = Load(int8);
        var (before, after) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var turn = 0; turn < Turns; turn++)
        {
            before = Math.Min(before, one.MeasureLatency(Predictions).P50);
            after = Math.Min(after, other.MeasureLatency(Predictions).P50);
        }

        return (before, after);
    }

    private static ImageModel Load(ModelPackage package)
    {
        using var file = new MemoryStream();
        package.Write(file);
        file.Position = 0;
        return ImageModel.Load(file);
    }

    private static ImageSet Images(int count)
    {
        var pixels = new byte[count * ServingModel.Size * ServingModel.Size * 3];
        new Random(1).NextBytes(pixels);
        return ImageSet.FromPixels(pixels, new int[count], new(3, ServingModel.Size, ServingModel.Size), ["none"]);
    }
}
