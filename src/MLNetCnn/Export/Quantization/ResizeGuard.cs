using MLNetCnn.Inference;
using Onnx;

namespace MLNetCnn.Export.Quantization;

/// <summary>
/// Keeps ONNX Runtime from moving the transposition of the preprocessing behind the Resize, to where 8-bit convolutions want their
/// channels last: it rearranges the Resize's sizes as if they stood for all four dimensions, and refuses its own graph.
/// </summary>
internal static class ResizeGuard
{
    /// <summary>Names the shape after the Resize of <paramref name="graph"/>, which costs nothing and stops what comes from before.</summary>
    public static void Apply(GraphProto graph, ImagePreprocessing preprocessing)
    {
        if (graph.Node.FirstOrDefault(node => node.OpType == "Resize") is not { } resize)
        {
            return;
        }

        var sized = resize.Output[0];
        var guard = OnnxGraph.Around(graph);
        var reshaped = guard.Add("Reshape", [sized, guard.Constant(-1, preprocessing.Channels, preprocessing.Height, preprocessing.Width)]);
        foreach (var node in graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = node.Input[i] == sized ? reshaped : node.Input[i];
            }
        }

        graph.Initializer.Add(guard.Proto.Initializer[^1]);
        graph.Node.Insert(graph.Node.IndexOf(resize) + 1, guard.Proto.Node[^1]);
    }
}
