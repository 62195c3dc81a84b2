using Onnx;

namespace MLNetCnn.Export.Quantization;

/// <summary>A node with constant weights that has an 8-bit kernel: Conv, Gemm, or MatMul by a matrix.</summary>
/// <param name="Weights">The weights.</param>
/// <param name="Transposed">Whether the node takes them transposed, through a Transpose of their own.</param>
/// <param name="Channels">The number of output channels.</param>
/// <param name="Axis">Which dimension of the weights, as the node takes them, the output channels are.</param>
/// <param name="Biases">The biases, one for each channel; null without.</param>
internal sealed record QuantizedLayer(TensorProto Weights, bool Transposed, int Channels, int Axis, TensorProto? Biases)
{
    /// <summary>The layer that <paramref name="node"/> is, or null where it is none.</summary>
    public static QuantizedLayer? Of(NodeProto node, IReadOnlyDictionary<string, TensorProto> constants, IReadOnlyDictionary<string, NodeProto> producers)
    {
        if (node.OpType is not ("Conv" or "Gemm" or "MatMul"))
        {
            return null;
        }

        var (weights, transposed) = (Constant(node.Input[1]), false);
        if (weights is null && node.OpType == "MatMul"
            && producers.GetValueOrDefault(node.Input[1]) is { OpType: "Transpose" } transpose && Constant(transpose.Input[0]) is { Dims.Count: 2 } matrix)
        {
            (weights, transposed) = (matrix, true);
        }

        var axis = node.OpType switch
        {
            "Conv" => 0,
            "Gemm" => node.Attribute.Any(attribute => attribute.Name == "transB" && attribute.I == 1) ? 0 : 1,
            _ => 1,
        };
        if (weights is null || (node.OpType != "Conv" && weights.Dims.Count != 2) || node.OpType == "Gemm" && node.Attribute.Any(attribute => attribute.Name != "transB"))
        {
            return null;
        }

        var channels = (int)weights.Dims[transposed ? 1 - axis : axis];
        var biases = node.Input.Count > 2 ? Constant(node.Input[2]) : null;
        return (node.Input.Count > 2) == (biases is not null) && (biases is null || (biases.Dims.Count == 1 && biases.Dims[0] == channels))
            ? new(weights, transposed, channels, axis, biases)
            : null;

        TensorProto? Constant(string name) => constants.GetValueOrDefault(name) is { DataType: (int)TensorProto.Types.DataType.Float, RawData.Length: > 0 } found ? found : null;
    }

    /// <summary>The weights as the node takes them, in integers.</summary>
    public IntegerWeights Quantize(float inputScale)
    {
        var weights = Tensors.Floats(Weights);
        if (Transposed)
        {
            weights = Tensors.Transposed(weights, (int)Weights.Dims[0], (int)Weights.Dims[1]);
        }

        var inner = Axis == 0 ? weights.Length / Channels : 1;
        return IntegerWeights.Of(weights, Channels, inner, Biases is null ? null : Tensors.Floats(Biases), inputScale);
    }

    /// <summary>The shape of the weights as the node takes them.</summary>
    public long[] Shape => Transposed ? [Weights.Dims[1], Weights.Dims[0]] : [.. Weights.Dims];
}
