namespace MLNetCnn.Export;

/// <summary>A traced graph on its way into an ONNX graph: which ONNX value stands for which traced one.</summary>
internal sealed class OnnxConversion(OnnxGraph graph, string network)
{
    private readonly Dictionary<long, string> _computed = [];
    private readonly Dictionary<string, string> _parameters = new(StringComparer.Ordinal);

    /// <summary>Converts <paramref name="traced"/>, fed with <paramref name="input"/>.</summary>
    /// <returns>The output's name.</returns>
    /// <exception cref="NotSupportedException">An operation has no ONNX form here.</exception>
    public string Run(TracedGraph traced, string input)
    {
        _computed[traced.Input.Number] = input;
        foreach (var node in traced.Nodes)
        {
            var convert = OnnxOperations.Find(node.Kind)
                ?? throw new NotSupportedException($"{network} can't be exported: its operation {node.Kind} has no ONNX form here; known are {OnnxOperations.Known}");
            _computed[node.Outputs[0].Number] = convert(graph, new Arguments(this, node));
        }

        return _computed[traced.Output.Number];
    }

    /// <summary>The ONNX value that stands for <paramref name="value"/>.</summary>
    public string Name(TracedValue value)
    {
        switch (value)
        {
            case TracedTensor tensor:
                return _computed[tensor.Number];
            case TracedParameter parameter:
                if (!_parameters.TryGetValue(parameter.Name, out var known))
                {
                    _parameters.Add(parameter.Name, known = graph.Constant(Floats(parameter.Tensor), parameter.Tensor.shape, parameter.Name));
                }

                return known;
            case TracedConstant { Value: Tensor constant }:
                return graph.Constant(Floats(constant), constant.shape);
            case TracedConstant { Value: double or long } number:
                return graph.Scalar(Convert.ToDouble(number.Value, System.Globalization.CultureInfo.InvariantCulture));
            default:
                throw new NotSupportedException($"{network} can't be exported: {value} stands where a tensor is needed");
        }
    }

    /// <summary>The tensor that is known before the network runs, or null.</summary>
    public static Tensor? TensorOf(TracedValue value) => value switch
    {
        TracedParameter parameter => parameter.Tensor,
        TracedConstant { Value: Tensor constant } => constant,
        _ => null,
    };

    /// <summary>The elements as float32, row-major.</summary>
    public static float[] Floats(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.to(ScalarType.Float32).ToArray<float>();
    }
}

/// <summary>The arguments of one traced operation, read as what libtorch's schema says they are.</summary>
internal readonly struct Arguments(OnnxConversion conversion, TracedNode node)
{
    public int Count => node.Inputs.Count;

    /// <summary>The shape of the first argument in the traced run.</summary>
    public IReadOnlyList<long> InputShape => ShapeOf(0);

    public IReadOnlyList<long> OutputShape => node.Outputs[0].Shape;

    public int Rank => InputShape.Count;

    public TracedValue this[int index] => node.Inputs[index];

    public IReadOnlyList<long> ShapeOf(int index) => node.Inputs[index] switch
    {
        TracedTensor tensor => tensor.Shape,
        var known => OnnxConversion.TensorOf(known)?.shape ?? [],
    };

    public string Name(int index) => conversion.Name(node.Inputs[index]);

    public bool Has(int index) => index < Count && node.Inputs[index] is not TracedConstant { Value: null };

    public long Long(int index) => (long)Value(index)!;

    public bool Flag(int index) => (bool)Value(index)!;

    public double Number(int index) => Convert.ToDouble(Value(index), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A list of integers; a single one counts for both directions.</summary>
    public long[] Longs(int index) => Value(index) switch
    {
        long[] { Length: 1 } one => [one[0], one[0]],
        long[] list => list,
        _ => [],
    };

    /// <summary>A dimension, counted from the first.</summary>
    public long Dimension(int index) => Long(index) is var dimension && dimension < 0 ? dimension + Rank : dimension;

    public IEnumerable<string> Names(int index) => ((TracedList)node.Inputs[index]).Items.Select(conversion.Name);

    private object? Value(int index) => node.Inputs[index] is TracedConstant constant
        ? constant.Value
        : throw new NotSupportedException($"argument {index} of {node.Kind} is computed: only constants have an ONNX form there");
}
