using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace MLNetCnn.Export;

/// <summary>An ONNX graph while it is written: nodes in order, constants, and a name for every value.</summary>
internal sealed class OnnxGraph
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public GraphProto Proto { get; } = new() { Name = "network" };

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
