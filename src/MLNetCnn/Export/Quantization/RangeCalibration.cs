using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using MLNetCnn.Data;
using Onnx;

namespace MLNetCnn.Export.Quantization;

/// <summary>Measures the ranges of activations: the graph itself reduces each to its extremes, so that none is ever kept.</summary>
internal static class RangeCalibration
{
    /// <summary>The range of each of <paramref name="tensors"/> over some of the images.</summary>
    /// <exception cref="InvalidOperationException">An activation is no finite number.</exception>
    public static IReadOnlyDictionary<string, ValueRange> Measure(
        ModelProto model, IReadOnlyList<string> tensors, ImageSet images, QuantizationOptions options, CancellationToken cancellation)
    {
        var extremes = Extremes(model, tensors);
        using var settings = new SessionOptions { IntraOpNumThreads = Environment.ProcessorCount, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var session = new InferenceSession(extremes.ToByteArray(), settings);
        using var run = new RunOptions();
        var count = Math.Min(options.Images, images.Count);
        var (lows, highs) = (Table(tensors.Count, count), Table(tensors.Count, count));
        string[] outputs = [.. extremes.Graph.Output.Select(output => output.Name)];
        for (var i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            // Spread evenly: of images in the order of their classes, each class gives its share.
            var pixels = images.Pixels((int)((long)i * images.Count / count)).ToArray();
            using var input = OrtValue.CreateTensorValueFromMemory(pixels, [1, images.Height, images.Width, images.Channels]);
            using var found = session.Run(run, ["image"], [input], outputs);
            for (var t = 0; t < tensors.Count; t++)
            {
                (lows[t][i], highs[t][i]) = (found[2 * t].GetTensorDataAsSpan<float>()[0], found[(2 * t) + 1].GetTensorDataAsSpan<float>()[0]);
            }
        }

        return tensors.Index().ToDictionary(tensor => tensor.Item, tensor => Range(tensor.Item, lows[tensor.Index], highs[tensor.Index], options.Coverage));
    }

    private static ModelProto Extremes(ModelProto model, IReadOnlyList<string> tensors)
    {
        var extremes = model.Clone();
        extremes.Graph.Output.Clear();
        foreach (var (index, tensor) in tensors.Index())
        {
            foreach (var reduction in new[] { "ReduceMin", "ReduceMax" })
            {
                var name = FormattableString.Invariant($"{reduction}_of_{index}");
                var node = new NodeProto { OpType = reduction, Name = name };
                node.Input.Add(tensor);
                node.Output.Add(name);
                node.Attribute.Add(new AttributeProto { Name = "keepdims", Type = AttributeProto.Types.AttributeType.Int, I = 0 });
                extremes.Graph.Node.Add(node);
                extremes.Graph.Output.Add(OnnxGraph.Describe(name, TensorProto.Types.DataType.Float));
            }
        }

        return extremes;
    }

    private static ValueRange Range(string tensor, float[] lows, float[] highs, double coverage)
    {
        if (!lows.Concat(highs).All(float.IsFinite))
        {
            throw new InvalidOperationException($"the model can't be quantized: its tensor '{tensor}' is not finite for every image. Train it again with a lower learning rate or gradient clipping.");
        }

        Array.Sort(lows);
        Array.Sort(highs);
        var clipped = lows.Length - (int)Math.Ceiling(coverage * lows.Length);
        return new(lows[clipped], highs[^(clipped + 1)]);
    }

    private static float[][] Table(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => new float[columns])];
}
