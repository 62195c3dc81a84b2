using Onnx;

namespace MLNetCnn.Export.Quantization;

/// <summary>
/// Writes a graph with a QuantizeLinear and a DequantizeLinear around whatever a plan makes 8-bit ("QDQ"): in floats the graph means
/// what it meant, and ONNX Runtime puts integer kernels where it finds them between such pairs
/// (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html, "ONNX quantization representation format").
/// </summary>
internal sealed class QdqWriter
{
    private readonly QuantizationPlan _plan;
    private readonly IReadOnlyDictionary<string, ValueRange> _ranges;
    private readonly OnnxGraph _graph;

    // What stands for each value of the source, where that is not the value itself.
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    private QdqWriter(GraphProto source, QuantizationPlan plan, IReadOnlyDictionary<string, ValueRange> ranges) =>
        (_plan, _ranges, _graph) = (plan, ranges, OnnxGraph.Around(source));

    /// <summary>The graph of <paramref name="source"/>, quantized.</summary>
    public static GraphProto Write(GraphProto source, QuantizationPlan plan, IReadOnlyDictionary<string, ValueRange> ranges)
    {
        var writer = new QdqWriter(source, plan, ranges);
        foreach (var node in source.Node)
        {
            writer.Add(node);
        }

        writer._graph.RemoveUnused();
        return writer._graph.Proto;
    }

    private void Add(NodeProto source)
    {
        var output = source.Output[0];
        if (_plan.IsSaturated(source))
        {
            // Its input takes its range, and its place.
            _names[output] = Pair(source.Input[0], output);
            return;
        }

        var node = source.Clone();
        for (var i = 0; i < node.Input.Count; i++)
        {
            node.Input[i] = _names.GetValueOrDefault(node.Input[i], node.Input[i]);
        }

        if (_plan.Layers.TryGetValue(source, out var layer))
        {
            Quantize(node, layer, Scale(source.Input[0]).Scale);
        }

        _graph.Proto.Node.Add(node);
        if (_plan.IsQuantized(output))
        {
            _names[output] = Pair(output, output);
        }
    }

    private void Quantize(NodeProto node, QuantizedLayer layer, float inputScale)
    {
        var name = layer.Weights.Name;
        var weights = layer.Quantize(inputScale);
        node.Input[1] = Dequantize(_graph.Constant(weights.Values, layer.Shape, name), weights.Scales, _graph.Constant(new sbyte[layer.Channels], [layer.Channels]), layer.Axis);
        if (weights.Biases is { } biases)
        {
            node.Input[2] = Dequantize(_graph.Constant(biases, [layer.Channels], layer.Biases!.Name), weights.BiasScales, _graph.Constant(new int[layer.Channels], [layer.Channels]), 0);
        }
    }

    private string Dequantize(string integers, float[] scales, string zeroPoints, int axis) =>
        _graph.Add("DequantizeLinear", [integers, _graph.Constant(scales, [scales.Length]), zeroPoints], ("axis", axis));

    // Rounds a value to 8 bits and back, by the range of a tensor.
    private string Pair(string value, string tensor)
    {
        var (scale, zeroPoint) = Scale(tensor);
        string[] parameters = [_graph.Scalar(scale), _graph.ZeroPoint(zeroPoint)];
        return _graph.Add("DequantizeLinear", [_graph.Add("QuantizeLinear", [value, .. parameters]), .. parameters]);
    }

    private (float Scale, byte ZeroPoint) Scale(string tensor) => _ranges[_plan.SourceOf(tensor)].ToUInt8();
}
