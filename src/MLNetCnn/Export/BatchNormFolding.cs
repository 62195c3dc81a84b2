namespace MLNetCnn.Export;

/// <summary>Folds each BatchNorm into the convolution right before it: the same numbers, one operation less.</summary>
internal static class BatchNormFolding
{
    private const string Convolution = "aten::_convolution";

    /// <summary>Folds in a traced graph.</summary>
    public static TracedGraph Apply(TracedGraph graph)
    {
        var folded = new Dictionary<TracedNode, TracedNode?>(ReferenceEqualityComparer.Instance);
        foreach (var (convolution, norm) in Pairs(graph))
        {
            folded[convolution] = Fold(convolution, norm);
            folded[norm] = null;
        }

        return graph with { Nodes = [.. graph.Nodes.Select(node => folded.GetValueOrDefault(node, node)).OfType<TracedNode>()] };
    }

    // A convolution, and the BatchNorm that takes its output and is the only one to.
    private static IEnumerable<(TracedNode Convolution, TracedNode Norm)> Pairs(TracedGraph graph)
    {
        var uses = graph.Nodes.SelectMany(node => node.Inputs).SelectMany(Tensors).Append(graph.Output).CountBy(tensor => tensor.Number).ToDictionary();
        var convolutions = graph.Nodes
            .Where(node => node.Kind == Convolution && node.Inputs[6] is TracedConstant { Value: false } && OnnxConversion.TensorOf(node.Inputs[1]) is not null)
            .ToDictionary(node => node.Outputs[0].Number);
        foreach (var norm in graph.Nodes.Where(node => node.Kind == "aten::batch_norm" && node.Inputs[5] is TracedConstant { Value: false }))
        {
            if (norm.Inputs[0] is TracedTensor input && uses[input.Number] == 1 && convolutions.TryGetValue(input.Number, out var convolution))
            {
                yield return (convolution, norm);
            }
        }
    }

    private static IEnumerable<TracedTensor> Tensors(TracedValue value) => value switch
    {
        TracedTensor tensor => [tensor],
        TracedList list => list.Items.SelectMany(Tensors),
        _ => [],
    };

    // y = (conv(x) − mean) · scale + shift with scale = weight / √(variance + ε): a convolution with scaled filters.
    private static TracedNode Fold(TracedNode convolution, TracedNode norm)
    {
        var filters = OnnxConversion.TensorOf(convolution.Inputs[1])!;
        var shape = filters.shape;
        var (weights, channels) = (OnnxConversion.Floats(filters), (int)shape[0]);
        var perChannel = weights.Length / channels;
        var bias = Vector(convolution.Inputs[2], channels, 0);
        var (scale, shift) = (Vector(norm.Inputs[1], channels, 1), Vector(norm.Inputs[2], channels, 0));
        var (mean, variance) = (Vector(norm.Inputs[3], channels, 0), Vector(norm.Inputs[4], channels, 1));
        var epsilon = (double)((TracedConstant)norm.Inputs[7]).Value!;
        for (var c = 0; c < channels; c++)
        {
            var factor = scale[c] / Math.Sqrt(variance[c] + epsilon);
            bias[c] = (float)(((bias[c] - mean[c]) * factor) + shift[c]);
            foreach (ref var weight in weights.AsSpan(c * perChannel, perChannel))
            {
                weight = (float)(weight * factor);
            }
        }

        TracedValue[] inputs = [.. convolution.Inputs];
        inputs[1] = new TracedConstant(tensor<float>(weights, shape));
        inputs[2] = new TracedConstant(tensor<float>(bias));
        return new(Convolution, inputs, norm.Outputs);
    }

    private static float[] Vector(TracedValue value, int length, float otherwise) =>
        OnnxConversion.TensorOf(value) is { } found ? OnnxConversion.Floats(found) : [.. Enumerable.Repeat(otherwise, length)];
}
