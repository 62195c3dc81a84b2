using Onnx;

namespace MLNetCnn.Export.Ensembles;

/// <summary>
/// Puts graphs that <see cref="OnnxExporter"/> wrote into one. What several of them compute, such as a frozen backbone with the same
/// weights on the same input, is there once: nodes and constants are told apart by all but their names.
/// </summary>
internal sealed class GraphUnion(OnnxGraph union)
{
    private readonly Dictionary<TensorProto, string> _constants = [];
    private readonly Dictionary<NodeProto, string> _values = [];

    /// <summary>Adds what is new of <paramref name="graph"/>, which has the union's inputs.</summary>
    /// <returns>The union's name for the graph's only output.</returns>
    public string Add(GraphProto graph)
    {
        var names = graph.Input.ToDictionary(input => input.Name, input => input.Name, StringComparer.Ordinal);

        // An input that a node goes without has no name.
        names[""] = "";
        foreach (var tensor in graph.Initializer)
        {
            names[tensor.Name] = AddOnce(_constants, new TensorProto(tensor) { Name = "" }, () => union.Add(tensor));
        }

        foreach (var node in graph.Node)
        {
            var renamed = new NodeProto(node) { Name = "" };
            renamed.Output.Clear();
            renamed.Input.Clear();
            renamed.Input.AddRange(node.Input.Select(input => names[input]));
            names[node.Output.Single()] = AddOnce(_values, renamed, () => union.Add(renamed));
        }

        return names[graph.Output.Single().Name];
    }

    private static string AddOnce<T>(Dictionary<T, string> known, T part, Func<string> add)
        where T : notnull
    {
        if (!known.TryGetValue(part, out var name))
        {
            name = known[part] = add();
        }

        return name;
    }
}
