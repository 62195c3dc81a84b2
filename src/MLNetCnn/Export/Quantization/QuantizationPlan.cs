using Onnx;

namespace MLNetCnn.Export.Quantization;

/// <summary>
/// What of a graph becomes 8-bit: the layers with weights, and whatever lies between them and has an 8-bit kernel in ONNX Runtime.
/// What comes before the first such layer (the preprocessing) and after the last (temperature, softmax) stays in float.
/// </summary>
internal sealed class QuantizationPlan
{
    // With a range of their own: the kernels requantize.
    private static readonly HashSet<string> Computing = new(StringComparer.Ordinal)
    {
        "Add", "Mul", "Sigmoid", "LeakyRelu", "GlobalAveragePool", "AveragePool", "Concat",
    };

    // With their input's range: these kernels only move numbers.
    private static readonly HashSet<string> Moving = new(StringComparer.Ordinal) { "MaxPool", "Reshape", "Transpose" };

    private readonly Dictionary<NodeProto, QuantizedLayer> _layers = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);
    private readonly HashSet<NodeProto> _saturated = new(ReferenceEqualityComparer.Instance);

    public QuantizationPlan(GraphProto graph)
    {
        var constants = graph.Initializer.ToDictionary(tensor => tensor.Name);
        var producers = graph.Node.ToDictionary(node => node.Output[0]);
        var uses = graph.Node.SelectMany(node => node.Input).Concat(graph.Output.Select(output => output.Name)).CountBy(name => name).ToDictionary();
        foreach (var node in graph.Node)
        {
            if (QuantizedLayer.Of(node, constants, producers) is { } layer)
            {
                _layers.Add(node, layer);
                _tensors.Add(node.Input[0]);
            }
        }

        foreach (var node in graph.Node)
        {
            Visit(node, producers, constants, uses);
        }
    }

    /// <summary>The layers with weights.</summary>
    public IReadOnlyDictionary<NodeProto, QuantizedLayer> Layers => _layers;

    /// <summary>The tensors whose range has to be known.</summary>
    public IEnumerable<string> Measured => _tensors.Where(tensor => !_sources.ContainsKey(tensor));

    /// <summary>Whether a tensor becomes 8-bit.</summary>
    public bool IsQuantized(string tensor) => _tensors.Contains(tensor);

    /// <summary>The tensor whose scale <paramref name="tensor"/> takes; often itself.</summary>
    public string SourceOf(string tensor) => _sources.GetValueOrDefault(tensor, tensor);

    /// <summary>Whether a Relu or Clip does nothing any more: numbers outside its range have no 8-bit integer.</summary>
    public bool IsSaturated(NodeProto node) => _saturated.Contains(node);

    private void Visit(NodeProto node, Dictionary<string, NodeProto> producers, Dictionary<string, TensorProto> constants, Dictionary<string, int> uses)
    {
        var (input, output) = (node.Input[0], node.Output[0]);
        switch (node.OpType)
        {
            // Without an 8-bit output, ONNX Runtime has no 8-bit convolution; a matrix product may give floats.
            case "Conv" when _layers.ContainsKey(node):
                _tensors.Add(output);
                break;
            case "Relu" or "Clip" when Saturates(node, constants) && uses[input] == 1 && producers.GetValueOrDefault(input) is { } producer
                && (_tensors.Contains(input) ? !_sources.ContainsKey(input) && Computes(producer) : _tensors.Contains(output) && _layers.ContainsKey(producer)):
                _tensors.Remove(input);
                _tensors.Add(output);
                _saturated.Add(node);
                break;
            case var kind when Computing.Contains(kind) && node.Input.All(_tensors.Contains):
                _tensors.Add(output);
                break;
            case var kind when Moving.Contains(kind) && _tensors.Contains(input):
                _tensors.Add(output);
                _sources[output] = SourceOf(input);
                break;
            default:
                break;
        }
    }

    private bool Computes(NodeProto producer) => _layers.ContainsKey(producer) || (Computing.Contains(producer.OpType) && producer.Input.All(_tensors.Contains));

    // What is clipped to a range around zero is clipped by the range of its integers.
    private static bool Saturates(NodeProto node, Dictionary<string, TensorProto> constants) => node.OpType == "Relu"
        || node.Input.Skip(1).Index().All(bound => bound.Item.Length == 0
            || (constants.TryGetValue(bound.Item, out var constant) && Tensors.Floats(constant) is [var value] && (bound.Index == 0 ? value <= 0 : value >= 0)));
}
