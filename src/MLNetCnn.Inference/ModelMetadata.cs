using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MLNetCnn.Inference;

/// <summary>The <c>model.json</c> of a model .zip: what a consumer has to know about the network beside it.</summary>
public sealed record ModelMetadata
{
    /// <summary>The format version that this library writes, and the only one that it reads.</summary>
    public const int CurrentFormatVersion = 1;

    /// <summary>The version of the .zip's format.</summary>
    public int FormatVersion { get; init; } = CurrentFormatVersion;

    /// <summary>The classes, in the order of the scores; distinct and not empty.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The network.</summary>
    public required ModelArchitecture Architecture { get; init; }

    /// <summary>What the graph does to an image before the network sees it; the consumer has nothing to do.</summary>
    public required ImagePreprocessing Preprocessing { get; init; }

    /// <summary>
    /// Finite figures by name, the part of the data before the dot: <c>test.microAccuracy</c>, <c>test.macroAccuracy</c>,
    /// <c>test.logLoss</c>, <c>validation.microAccuracy</c>, …
    /// </summary>
    [JsonRequired]
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new SortedDictionary<string, double>(StringComparer.Ordinal);

    /// <summary>What the graph divides the logits by before the softmax (Guo et al. 2017, temperature scaling); above 0, 1 without calibration.</summary>
    [JsonRequired]
    public double Temperature { get; init; } = 1;

    /// <summary>The transformer chain around the network, kept as its writer gave it; empty where there is none.</summary>
    [JsonRequired]
    public JsonArray Pipeline { get; init; } = [];

    /// <summary>How the model was made to compute in 8-bit integers; null for one that computes in floats.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelQuantization? Quantization { get; init; }

    /// <summary>The networks that vote in it; null for a model of one network.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ModelMember>? Members { get; init; }

    /// <summary>Where the model comes from.</summary>
    public required ModelProvenance Provenance { get; init; }

    /// <summary>Every rule that this metadata breaks, one line each; empty when it is sound.</summary>
    internal IEnumerable<string> Problems()
    {
        if (Labels.Count == 0)
        {
            yield return "there are no labels: at least one is needed";
        }

        if (Labels.Any(string.IsNullOrWhiteSpace))
        {
            yield return "a label is empty: every class needs a name";
        }

        foreach (var (label, _) in Labels.Where(label => !string.IsNullOrWhiteSpace(label)).CountBy(label => label).Where(count => count.Value > 1))
        {
            yield return $"the label '{label}' occurs more than once: labels are distinct";
        }

        foreach (var problem in Preprocessing.Problems())
        {
            yield return problem;
        }

        if (!(double.IsFinite(Temperature) && Temperature > 0))
        {
            yield return FormattableString.Invariant($"temperature is {Temperature}: it is a finite number above 0");
        }

        if (Members?.Any(member => member is null) == true)
        {
            yield return "a member is null: each is an object";
        }
        else if (Members is { } members && (members.Any(member => !(member.Weight > 0)) || !(Math.Abs(members.Sum(member => member.Weight) - 1) < 1e-6)))
        {
            yield return FormattableString.Invariant($"the members' weights are {string.Join(", ", members.Select(member => member.Weight))}: each is above 0, and they sum to 1");
        }

        foreach (var (name, value) in Metrics.Where(metric => !double.IsFinite(metric.Value)))
        {
            yield return FormattableString.Invariant($"the metric '{name}' is {value}: metrics are finite");
        }
    }
}
