using MLNetCnn.Architectures;

namespace MLNetCnn.Reports.Diagrams;

/// <summary>What a stage of a diagram is coloured by.</summary>
internal enum StageKind
{
    Convolution,
    Pool,
    Dense,
    Other,
}

/// <summary>Some layers that a diagram draws as one: a layer with those that only act on its output, or a deep net's layers of one size.</summary>
/// <param name="Title">The leading layer's type, with how many there are.</param>
/// <param name="Followers">The types of what follows it at the same size.</param>
/// <param name="Shape">The output for one image.</param>
/// <param name="Parameters">The parameters of all of its layers.</param>
/// <param name="Kind">The kind of the leading layer.</param>
internal sealed record NetworkStage(
    string Title, IReadOnlyList<string> Followers, IReadOnlyList<long> Shape, long Parameters, StageKind Kind)
{
    private const int MostStages = 14;

    private static readonly string[] FollowerTypes =
        ["ReLU", "ReLU6", "LeakyReLU", "ELU", "GELU", "SiLU", "Hardswish", "Hardsigmoid", "Sigmoid", "Softmax", "Tanh", "Dropout", "BatchNorm1d", "BatchNorm2d", "LayerNorm", "Identity"];

    /// <summary>The stages of a network; a net with many is drawn with one stage for all neighbours of one output size.</summary>
    public static IReadOnlyList<NetworkStage> Of(IReadOnlyList<LayerSummary> layers)
    {
        var fine = Split(layers, (previous, layer) => FollowerTypes.Contains(layer.Type) && SameShape(previous, layer));
        var stages = fine.Count <= MostStages ? fine : Split(layers, SameShape);
        return [.. stages.Select(Stage)];
    }

    private static bool SameShape(LayerSummary one, LayerSummary other) => one.OutputShape.SequenceEqual(other.OutputShape);

    private static List<List<LayerSummary>> Split(
        IReadOnlyList<LayerSummary> layers, Func<LayerSummary, LayerSummary, bool> belongs)
    {
        List<List<LayerSummary>> groups = [];
        foreach (var layer in layers)
        {
            if (groups.Count > 0 && belongs(groups[^1][^1], layer))
            {
                groups[^1].Add(layer);
            }
            else
            {
                groups.Add([layer]);
            }
        }

        return groups;
    }

    private static NetworkStage Stage(List<LayerSummary> layers)
    {
        var lead = layers.FirstOrDefault(layer => !FollowerTypes.Contains(layer.Type)) ?? layers[0];
        var count = layers.Count(layer => layer.Type == lead.Type);
        return new(
            count > 1 ? $"{count} × {lead.Type}" : lead.Type,
            [.. layers.Select(layer => layer.Type).Where(type => type != lead.Type).Distinct()],
            layers[^1].OutputShape,
            layers.Sum(layer => layer.Parameters),
            KindOf(lead.Type));
    }

    private static StageKind KindOf(string type) =>
        type.Contains("Conv", StringComparison.Ordinal) ? StageKind.Convolution :
        type.Contains("Pool", StringComparison.Ordinal) ? StageKind.Pool :
        type.Contains("Linear", StringComparison.Ordinal) ? StageKind.Dense : StageKind.Other;
}
