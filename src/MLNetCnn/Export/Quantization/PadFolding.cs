using Onnx;

namespace MLNetCnn.Export.Quantization;

/// <summary>Moves zeros that are padded before a convolution into the convolution, which has 8-bit kernels where Pad has none.</summary>
internal static class PadFolding
{
    /// <summary>Folds in <paramref name="graph"/> itself.</summary>
    public static void Apply(GraphProto graph)
    {
        var constants = graph.Initializer.ToDictionary(tensor => tensor.Name);
        var uses = graph.Node.SelectMany(node => node.Input).CountBy(name => name).ToDictionary();
        var convolutions = graph.Node.Where(node => node.OpType == "Conv").ToLookup(node => node.Input[0]);
        foreach (var pad in graph.Node.Where(node => node.OpType == "Pad").ToList())
        {
            if (uses.GetValueOrDefault(pad.Output[0]) == 1
                && convolutions[pad.Output[0]].FirstOrDefault() is { } convolution
                && convolution.Attribute.FirstOrDefault(attribute => attribute.Name == "pads") is { Ints: var pads }
                && Zeros(pad, constants) is { } added)
            {
                for (var i = 0; i < pads.Count; i++)
                {
                    pads[i] += added[i];
                }

                convolution.Input[0] = pad.Input[0];
                graph.Node.Remove(pad);
            }
        }
    }

    // (top, left, bottom, right) as a convolution has them; null where anything but zeros, or any but height and width, is padded.
    private static long[]? Zeros(NodeProto pad, Dictionary<string, TensorProto> constants)
    {
        if (pad.Attribute.Any(attribute => attribute.Name == "mode" && attribute.S.ToStringUtf8() != "constant")
            || pad.Input is not [_, var amounts, var value, var axes]
            || !constants.TryGetValue(value, out var number) || Tensors.Floats(number) is not [0]
            || !constants.TryGetValue(amounts, out var size) || !constants.TryGetValue(axes, out var along))
        {
            return null;
        }

        var (pads, dimensions) = (Tensors.Longs(size), Tensors.Longs(along));
        var zeros = new long[4];
        for (var i = 0; i < dimensions.Length; i++)
        {
            if (dimensions[i] is not (2 or 3) || pads[i] < 0 || pads[i + dimensions.Length] < 0)
            {
                return null;
            }

            zeros[dimensions[i] - 2] += pads[i];
            zeros[dimensions[i]] += pads[i + dimensions.Length];
        }

        return zeros;
    }
}
