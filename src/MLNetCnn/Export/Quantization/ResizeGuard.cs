using System.Runtime.InteropServices;

using Onnx;

namespace MLNetCnn.Export.Quantization;

/// <summary>
/// Keeps ONNX Runtime from moving the transposition of the preprocessing behind a Resize, to where 8-bit convolutions want their
/// channels last: it rearranges the Resize's sizes as if they stood for all four dimensions, and refuses its own graph.
/// </summary>
internal static class ResizeGuard
{
    // As OnnxExporter writes it: X, roi, scales, sizes.
    private const int SizesInput = 3;

    /// <summary>Names the shape after each Resize of <paramref name="graph"/>, which costs nothing and stops what comes from before.</summary>
    public static void Apply(GraphProto graph, int channels)
    {
        foreach (var resize in graph.Node.Where(node => node.OpType == "Resize").ToList())
        {
            var sizes = MemoryMarshal.Cast<byte, long>(graph.Initializer.Single(tensor => tensor.Name == resize.Input[SizesInput]).RawData.Span);
            var sized = resize.Output[0];
            var guard = OnnxGraph.Around(graph);
            var reshaped = guard.Add("Reshape", [sized, guard.Constant(-1, channels, sizes[0], sizes[1])]);
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
}
