using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace MLNetCnn.Export;

/// <summary>An ONNX graph while it is written: nodes in order, constants, and a name for every value.</summary>
internal sealed class OnnxGraph
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public GraphProto Proto { get; } = new() { Name = "network" };

    /// <summary>A graph with the inputs, outputs and constants of another, whose nodes are still to be added; its names are taken.</summary>
    public static OnnxGraph Around(GraphProto other)
    {
        var graph = new OnnxGraph();
        graph.Proto.Input.Add(other.Input);
        graph.Proto.Output.Add(other.Output);
        graph.Proto.Initializer.Add(other.Initializer);
        graph._names.UnionWith(other.Input.Select(input => input.Name));
        graph._names.UnionWith(other.Initializer.Select(tensor => tensor.Name));
        graph._names.UnionWith(other.Node.SelectMany(node => node.Output));
        return graph;
    }

    /// <summary>Adds a node like <paramref name="other"/> with one output.</summary>
    /// <returns>The output's name.</returns>
    public string Add(NodeProto other)
    {
        var node = new NodeProto(other) { Name = Unique(other.OpType) };
        node.Output.Clear();
        node.Output.Add(node.Name);
        Proto.Node.Add(node);
        return node.Name;
    }

    /// <summary>Adds a constant like <paramref name="other"/>.</summary>
    /// <returns>Its name.</returns>
    public string Add(TensorProto other)
    {
        var tensor = new TensorProto(other) { Name = Unique(other.Name) };
        Proto.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Adds a node with one output.</summary>
    /// <returns>The output's name.</returns>
    public string Add(string operation, IEnumerable<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var output = Unique(operation);
        var node = new NodeProto { OpType = operation, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach (var (name, value) in attributes)
        {
            node.Attribute.Add(Attribute(name, value));
        }

        Proto.Node.Add(node);
        return output;
    }

    /// <summary>Adds a float constant of shape <paramref name="shape"/>.</summary>
    public string Constant(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, string name = "constant") =>
        Initialize(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), shape);

    /// <summary>Adds a vector of integers, such as a shape.</summary>
    public string Constant(params ReadOnlySpan<long> values) =>
        Initialize("constant", TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), [values.Length]);

    /// <summary>Adds a number.</summary>
    public string Scalar(double value) => Constant([(float)value], []);

    /// <summary>Adds 8-bit integers.</summary>
    public string Constant(ReadOnlySpan<sbyte> values, ReadOnlySpan<long> shape, string name = "constant") =>
        Initialize(name, TensorProto.Types.DataType.Int8, MemoryMarshal.AsBytes(values), shape);

    /// <summary>Adds 32-bit integers.</summary>
    public string Constant(ReadOnlySpan<int> values, ReadOnlySpan<long> shape, string name = "constant") =>
        Initialize(name, TensorProto.Types.DataType.Int32, MemoryMarshal.AsBytes(values), shape);

    /// <summary>Adds an 8-bit number.</summary>
    public string ZeroPoint(byte value) => Initialize("constant", TensorProto.Types.DataType.Uint8, [value], []);

    /// <summary>Removes the nodes that no output depends on, and the constants that no node takes.</summary>
    public void RemoveUnused()
    {
        var used = Proto.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        var kept = new Stack<NodeProto>();
        foreach (var node in Proto.Node.Reverse().Where(node => node.Output.Any(used.Contains)))
        {
            used.UnionWith(node.Input);
            kept.Push(node);
        }

        var constants = Proto.Initializer.Where(tensor => used.Contains(tensor.Name)).ToList();
        Proto.Node.Clear();
        Proto.Node.Add(kept);
        Proto.Initializer.Clear();
        Proto.Initializer.Add(constants);
    }

    /// <summary>Declares an input or output; <paramref name="shape"/> holds numbers and names of free dimensions.</summary>
    public static ValueInfoProto Describe(string name, TensorProto.Types.DataType type, params ReadOnlySpan<object> shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new() };
        foreach (var dimension in shape)
        {
            tensor.Shape.Dim.Add(dimension is string free
                ? new TensorShapeProto.Types.Dimension { DimParam = free }
                : new TensorShapeProto.Types.Dimension { DimValue = (int)dimension });
        }

        return new() { Name = name, Type = new() { TensorType = tensor } };
    }

    private string Initialize(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> values, ReadOnlySpan<long> shape)
    {
        var tensor = new TensorProto { Name = Unique(name), DataType = (int)type, RawData = ByteString.CopyFrom(values) };
        foreach (var length in shape)
        {
            tensor.Dims.Add(length);
        }

        Proto.Initializer.Add(tensor);
        return tensor.Name;
    }

    private string Unique(string name)
    {
        var unique = name;
        for (var i = 2; !_names.Add(unique); i++)
        {
            unique = FormattableString.Invariant($"{name}_{i}");
        }

        return unique;
    }

    private static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case string text:
                attribute.Type = AttributeProto.Types.AttributeType.String;
                attribute.S = ByteString.CopyFromUtf8(text);
                break;
            case double number:
                attribute.Type = AttributeProto.Types.AttributeType.Float;
                attribute.F = (float)number;
                break;
            case IEnumerable<long> numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(numbers);
                break;
            default:
                attribute.Type = AttributeProto.Types.AttributeType.Int;
                attribute.I = Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
        }

        return attribute;
    }
}
