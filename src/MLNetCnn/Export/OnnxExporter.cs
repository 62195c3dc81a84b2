using System.Text.Json;
using Google.Protobuf;
using MLNetCnn.Inference;
using Onnx;

namespace MLNetCnn.Export;

/// <summary>Writes a network as an ONNX model that holds all that a consumer could get wrong: resizing, normalisation, softmax.</summary>
public static class OnnxExporter
{
    private const int IrVersion = 8;
    private const int Opset = 18;

    /// <summary>The model file's property that says how images are prepared; for people, since the graph does it.</summary>
    internal const string PreprocessingProperty = "preprocessing";

    // Two: a shape with a batch of one can't be told from one without.
    private const int TracedBatch = 2;

    /// <summary>
    /// Exports <paramref name="network"/>. The model takes <c>image</c>, uint8 <c>[N, H, W, C]</c> of any height and width, and
    /// gives <c>scores</c>, float <c>[N, classes]</c>: probabilities in the order of <paramref name="labels"/>. Labels and
    /// preprocessing are in its metadata too.
    /// </summary>
    /// <param name="network">A network that takes float <c>[N, C, H, W]</c> and gives logits <c>[N, classes]</c>, on any device.</param>
    /// <param name="preprocessing">The network's input size and normalisation.</param>
    /// <param name="labels">The classes in the order of the logits.</param>
    /// <param name="temperature">What the logits are divided by before the softmax (Guo et al. 2017); above 0.</param>
    /// <returns>The model file's bytes (ONNX IR 8, opset 18).</returns>
    /// <exception cref="ArgumentException">The labels are not as many as the logits, or the temperature is out of its range.</exception>
    /// <exception cref="NotSupportedException">The network uses an operation that has no ONNX form here; the message names it.</exception>
    public static byte[] Export(
        Module<Tensor, Tensor> network, ImagePreprocessing preprocessing, IReadOnlyList<string> labels, double temperature = 1)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (!(temperature > 0 && double.IsFinite(temperature)))
        {
            throw new ArgumentException(FormattableString.Invariant($"temperature is {temperature}: it must be a number above 0"), nameof(temperature));
        }

        using var scope = NewDisposeScope();
        var device = network.parameters().FirstOrDefault()?.device ?? CPU;
        var example = zeros([TracedBatch, preprocessing.Channels, preprocessing.Height, preprocessing.Width], device: device);
        var traced = BatchNormFolding.Apply(jit.trace(network, example));
        if (traced.Output.Shape is not [TracedBatch, var classes] || classes != labels.Count)
        {
            throw new ArgumentException($"there are {labels.Count} labels, but the network gives [{string.Join(", ", traced.Output.Shape)}] for {TracedBatch} images: it must give one logit per label", nameof(labels));
        }

        var graph = new OnnxGraph();
        graph.Proto.Input.Add(OnnxGraph.Describe("image", TensorProto.Types.DataType.Uint8, "N", "H", "W", preprocessing.Channels));
        graph.Proto.Output.Add(OnnxGraph.Describe("scores", TensorProto.Types.DataType.Float, "N", labels.Count));
        var logits = new OnnxConversion(graph, network.GetName()).Run(traced, Preprocess(graph, preprocessing));
        if (temperature != 1)
        {
            logits = graph.Add("Div", [logits, graph.Scalar(temperature)]);
        }

        var scores = graph.Add("Softmax", [logits], ("axis", 1));
        graph.Proto.Node[^1].Output[0] = "scores";
        return Model(graph.Proto, preprocessing, labels).ToByteArray();
    }

    private static string Preprocess(OnnxGraph graph, ImagePreprocessing p)
    {
        var pixels = graph.Add("Cast", ["image"], ("to", (long)TensorProto.Types.DataType.Float));
        var planes = graph.Add("Transpose", [pixels], ("perm", new long[] { 0, 3, 1, 2 }));
        // As PyTorch and Pillow resize: each pixel is a mean over what it covers, of pixels inside the image alone.
        var sized = graph.Add(
            "Resize", [planes, "", "", graph.Constant(p.Height, p.Width)],
            ("axes", new long[] { 2, 3 }), ("mode", "linear"), ("antialias", 1), ("exclude_outside", 1), ("coordinate_transformation_mode", "half_pixel"));
        var unit = graph.Add("Div", [sized, graph.Scalar(255)]);
        if (p.Mean.All(mean => mean == 0) && p.StandardDeviation.All(deviation => deviation == 1))
        {
            return unit;
        }

        long[] shape = [1, p.Channels, 1, 1];
        var centred = graph.Add("Sub", [unit, graph.Constant([.. p.Mean], shape)]);
        return graph.Add("Div", [centred, graph.Constant([.. p.StandardDeviation], shape)]);
    }

    private static ModelProto Model(GraphProto graph, ImagePreprocessing preprocessing, IReadOnlyList<string> labels)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "MLNetCnn",
            ProducerVersion = typeof(OnnxExporter).Assembly.GetName().Version!.ToString(3),
            Graph = graph,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        model.MetadataProps.Add(new StringStringEntryProto { Key = "labels", Value = JsonSerializer.Serialize(labels) });
        model.MetadataProps.Add(new StringStringEntryProto { Key = PreprocessingProperty, Value = JsonSerializer.Serialize(preprocessing) });
        return model;
    }
}
