using Google.Protobuf;
using MLNetCnn.Evaluation;
using MLNetCnn.Inference;
using Onnx;

namespace MLNetCnn.Export.Ensembles;

/// <summary>Makes one model of several that vote: its scores are the weighted mean of theirs (<see cref="GreedyEnsemble"/> chooses the weights).</summary>
public static class ModelEnsemble
{
    private const string Architecture = "ensemble";

    /// <summary>
    /// Joins models of the same classes. What they have in common, such as a frozen backbone, is in the graph once, and computed once. The
    /// model predicts as any other; its training cannot go on, and it has no metrics yet.
    /// </summary>
    /// <param name="members">At least two models, what to call each, and its share of the vote: above 0, 1 in all.</param>
    /// <param name="temperature">What the logarithms of the vote are divided by before the softmax (<see cref="TemperatureScaling"/>); above 0.</param>
    /// <exception cref="ArgumentException">There are fewer than two models, their classes or channels differ, or one computes in 8-bit integers.</exception>
    public static ModelPackage Join(IReadOnlyList<(string Name, double Weight, ModelPackage Model)> members, double temperature = 1)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        if (members.Count < 2)
        {
            throw new ArgumentException($"{members.Count} models are given: a vote has at least two", nameof(members));
        }

        var first = members[0].Model.Metadata;
        foreach (var (name, _, model) in members)
        {
            if (!model.Metadata.Labels.SequenceEqual(first.Labels) || model.Metadata.Preprocessing.Channels != first.Preprocessing.Channels)
            {
                throw new ArgumentException($"{name} has other classes or channels than {members[0].Name}: all members of a vote have the same", nameof(members));
            }

            if (model.Metadata.Quantization is not null)
            {
                throw new ArgumentException($"{name} computes in 8-bit integers: join the float models, and quantize the vote", nameof(members));
            }
        }

        // Images come in any size; evaluated on some that were made smaller first, the member that sees most would be another.
        var (height, width) = (members.Max(member => member.Model.Metadata.Preprocessing.Height), members.Max(member => member.Model.Metadata.Preprocessing.Width));
        var metadata = first with
        {
            Preprocessing = first.Preprocessing with { Height = height, Width = width },
            Architecture = new ModelArchitecture(Architecture, []),
            Members = [.. members.Select(member => new ModelMember(member.Name, member.Weight, member.Model.Metadata.Architecture))],
            Metrics = new SortedDictionary<string, double>(StringComparer.Ordinal),
            Temperature = temperature,
            Pipeline = [],
            Provenance = first.Provenance with { Command = null },
        };
        return new ModelPackage(metadata, Graph(members, temperature), ModelPackage.NoWeights);
    }

    private static byte[] Graph(IReadOnlyList<(string Name, double Weight, ModelPackage Model)> members, double temperature)
    {
        var models = members.Select(member => ModelProto.Parser.ParseFrom(member.Model.Onnx.Span)).ToList();
        var model = models[0];
        var joined = new OnnxGraph();
        joined.Proto.Input.Add(model.Graph.Input);
        joined.Proto.Output.Add(model.Graph.Output);
        var union = new GraphUnion(joined);
        var votes = models.Zip(members, (voter, member) => joined.Add("Mul", [union.Add(voter.Graph), joined.Scalar(member.Weight)])).ToList();
        var vote = joined.Add("Sum", votes);
        if (temperature != 1)
        {
            joined.Add("Softmax", [joined.Add("Div", [Logarithms(joined, vote), joined.Scalar(temperature)])], ("axis", 1));
        }

        joined.Proto.Node[^1].Output[0] = model.Graph.Output.Single().Name;
        model.Graph = joined.Proto;
        // Members may each have their own; one that is a vote itself has none.
        if (model.MetadataProps.SingleOrDefault(property => property.Key == OnnxExporter.PreprocessingProperty) is { } preprocessing)
        {
            model.MetadataProps.Remove(preprocessing);
        }

        return model.ToByteArray();
    }

    private static string Logarithms(OnnxGraph graph, string probabilities) =>
        graph.Add("Log", [graph.Add("Max", [probabilities, graph.Scalar(TemperatureScaling.Smallest)])]);
}
