using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

using MLNetCnn.Augmentation;
using MLNetCnn.Training;

namespace MLNetCnn.AutoML;

/// <summary>
/// What a trial's parameter makes of a trainer's settings. A name is the dotted path of a setting, as a study's <c>training</c> has it
/// (<c>learningRate</c>, <c>optimizer.kind</c>, <c>transfer.head.dropout</c>); three are shorter than what they set:
/// <c>imageSize</c> (height and width), <c>augmentation</c> (a name of <see cref="AugmentationCatalog"/>, or <c>none</c>) and
/// <c>transfer.head.hidden</c> (the units of one hidden layer; 0 for none).
/// </summary>
internal static class TrialOptions
{
    // Nothing is left out: what is null is meant to be, where the default is something else.
    private static readonly JsonSerializerOptions Complete = new(RecordJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    /// <summary>What trials go from where nobody says otherwise.</summary>
    public static ImageClassificationTrainer.Options Default { get; } = new()
    {
        Epoch = 20,
        BatchSize = 64,
        LearningRate = 0.001,
        Optimizer = new OptimizerSettings { Kind = OptimizerKind.Adam },
        EarlyStoppingCriteria = null,
    };

    /// <summary>A trainer's settings, all of them, as JSON.</summary>
    public static JsonObject ToJson(ImageClassificationTrainer.Options options) => (JsonObject)JsonSerializer.SerializeToNode(options, Complete)!;

    /// <summary>The settings of a trial.</summary>
    /// <param name="shared">What all trials share.</param>
    /// <param name="parameter">What was chosen.</param>
    /// <exception cref="ConfigurationException">A name is no setting, or a value is none for it.</exception>
    public static ImageClassificationTrainer.Options Of(ImageClassificationTrainer.Options shared, Parameter parameter)
    {
        var settings = ToJson(shared);
        foreach (var (name, value) in parameter.SelectMany(Settings))
        {
            Put(settings, name.Split('.'), value);
        }

        try
        {
            return settings.Deserialize<ImageClassificationTrainer.Options>(RecordJson.Options)! with
            {
                LabelColumnName = shared.LabelColumnName,
                FeatureColumnName = shared.FeatureColumnName,
                ScoreColumnName = shared.ScoreColumnName,
                PredictedLabelColumnName = shared.PredictedLabelColumnName,
                Sources = shared.Sources,
                ValidationSet = shared.ValidationSet,
                MetricsCallback = shared.MetricsCallback,
                WorkspacePath = shared.WorkspacePath,
            };
        }
        catch (JsonException error)
        {
            throw new ConfigurationException($"the search space sets what the trainer does not know: {RecordJson.Explain(error)}");
        }
    }

    /// <summary>Why trials of a space cannot be compared, one sentence each.</summary>
    public static IEnumerable<string> Problems(SearchSpace space) => space.Dimensions.Select(dimension => dimension.Name).Distinct()
        .Where(name => name is "seed" or "validationSetFraction")
        .Select(name => $"the search space varies '{name}', by which other images are held out to validate on: trials are compared on the same ones, so set it once for all");

    private static IEnumerable<(string Name, JsonNode? Value)> Settings(KeyValuePair<string, ParameterValue> chosen) => chosen switch
    {
        { Key: "imageSize", Value: var size } => [("imageHeight", size.ToJson()), ("imageWidth", size.ToJson())],
        { Key: "augmentation", Value: { Value: "none" } } => [("augmentation", null)],
        { Key: "augmentation", Value: { Value: string name } } => [("augmentation", JsonSerializer.SerializeToNode(AugmentationCatalog.Load(name), RecordJson.Options))],
        { Key: "transfer.head.hidden", Value: var units } => [("transfer.head.hidden", units.AsType<int>() > 0 ? new JsonArray(units.ToJson()) : new JsonArray())],
        _ => [(chosen.Key, chosen.Value.ToJson())],
    };

    private static void Put(JsonObject settings, ReadOnlySpan<string> path, JsonNode? value)
    {
        if (path.Length == 1)
        {
            settings[path[0]] = value;
            return;
        }

        var part = settings[path[0]] as JsonObject ?? [];
        settings[path[0]] = part;
        Put(part, path[1..], value);
    }
}
