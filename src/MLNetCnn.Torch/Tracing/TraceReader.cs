using System.Runtime.InteropServices;

namespace MLNetCnn.Torch.Tracing;

/// <summary>Reads a native trace into plain data.</summary>
internal sealed class TraceReader
{
    private readonly nint _trace;
    private readonly Dictionary<long, TracedValue> _values = [];

    // The Kind of native/trace.cpp.
    private enum ConstantKind
    {
        None,
        Bool,
        Long,
        Double,
        Tensor,
        Text,
        Longs,
        Doubles,
        Other,
    }

    private TraceReader(nint trace) => _trace = trace;

    /// <summary>Reads the graph; its first input is the image, the others are <paramref name="parameters"/>.</summary>
    public static TracedGraph Read(nint trace, IReadOnlyList<TracedParameter> parameters)
    {
        var reader = new TraceReader(trace);
        Check(mnc_trace_counts(trace, out var nodeCount, out var inputCount, out var outputCount));
        var (inputs, outputs) = (new long[inputCount], new long[outputCount]);
        Check(mnc_trace_ends(trace, inputs, outputs));
        var image = reader.Computed(inputs[0]);
        reader._values.Add(image.Number, image);
        foreach (var (i, parameter) in parameters.Index())
        {
            reader._values.Add(inputs[i + 1], parameter);
        }

        var nodes = new List<TracedNode>();
        for (var i = 0L; i < nodeCount; i++)
        {
            if (reader.ReadNode(i) is { } node)
            {
                nodes.Add(node);
            }
        }

        return reader._values[outputs[0]] is TracedTensor output
            ? new(nodes, image, output)
            : throw new TorchException("the network's output does not depend on its input");
    }

    /// <summary>The node <paramref name="index"/>, or null where it only stands for a constant or a list.</summary>
    private TracedNode? ReadNode(long index)
    {
        Check(mnc_trace_node(_trace, index, out var name, out var inputCount, out var outputCount));
        var kind = Marshal.PtrToStringUTF8(name)!;
        var (inputs, outputs) = (new long[inputCount], new long[outputCount]);
        Check(mnc_trace_node_values(_trace, index, inputs, outputs));
        switch (kind)
        {
            case "prim::Constant":
                _values.Add(outputs[0], new TracedConstant(ReadConstant(index)));
                return null;
            case "prim::ListConstruct":
                _values.Add(outputs[0], List([.. inputs.Select(input => _values[input])]));
                return null;
            default:
                var node = new TracedNode(kind, [.. inputs.Select(input => _values[input])], [.. outputs.Select(Computed)]);
                foreach (var output in node.Outputs)
                {
                    _values.Add(output.Number, output);
                }

                return node;
        }
    }

    private TracedTensor Computed(long number)
    {
        Check(mnc_trace_value_shape(_trace, number, default, 0, out var rank));
        var shape = new long[Math.Max(0, rank)];
        Check(mnc_trace_value_shape(_trace, number, shape, rank, out _));
        return new(number, shape);
    }

    private static TracedValue List(TracedValue[] items)
    {
        object?[] constants = [.. items.OfType<TracedConstant>().Select(constant => constant.Value)];
        return constants.Length < items.Length ? new TracedList(items)
            : constants.All(value => value is long) ? new TracedConstant(constants.Cast<long>().ToArray())
            : constants.All(value => value is double) ? new TracedConstant(constants.Cast<double>().ToArray())
            : new TracedList(items);
    }

    private object? ReadConstant(long index)
    {
        Check(mnc_trace_constant_kind(_trace, index, out var kind, out var length));
        switch ((ConstantKind)kind)
        {
            case ConstantKind.None:
                return null;
            case ConstantKind.Bool:
                return Longs(index, 1)[0] != 0;
            case ConstantKind.Long:
                return Longs(index, 1)[0];
            case ConstantKind.Longs:
                return Longs(index, length);
            case ConstantKind.Double:
                return Doubles(index, 1)[0];
            case ConstantKind.Doubles:
                return Doubles(index, length);
            case ConstantKind.Text:
                Check(mnc_trace_constant_text(_trace, index, out var text));
                return Marshal.PtrToStringUTF8(text);
            case ConstantKind.Tensor:
                return Owned(mnc_trace_constant_tensor(_trace, index, out var tensor), tensor);
            default:
                // Devices, layouts, generators: no arithmetic depends on them.
                return null;
        }
    }

    private long[] Longs(long index, long count)
    {
        var numbers = new long[count];
        Check(mnc_trace_constant_longs(_trace, index, numbers));
        return numbers;
    }

    private double[] Doubles(long index, long count)
    {
        var numbers = new double[count];
        Check(mnc_trace_constant_doubles(_trace, index, numbers));
        return numbers;
    }
}
