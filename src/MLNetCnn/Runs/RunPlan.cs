using System.Text.Json;

using MLNetCnn.Training;

namespace MLNetCnn.Runs;

/// <summary>What is to be run: one network, one way of training it.</summary>
public sealed record RunPlan
{
    /// <summary>The run's name.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence on what the run is; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>The trainer's settings, the architecture among them.</summary>
    public required ImageClassificationTrainer.Options Options { get; init; }

    /// <summary>Whether it learns from the validation images too, when nothing is left to choose: it has no validation figures then.</summary>
    public bool LearnsValidation { get; init; }

    /// <summary>What logits are divided by where no validation images tell; 1 for nothing.</summary>
    /// <value>1.</value>
    public double Temperature { get; init; } = 1;

    /// <summary>The most training images that its figures on them are of, picked at even distances; null for all of them.</summary>
    public int? MostTrainImages { get; init; }

    /// <summary>Whether its model is made in 8-bit integers too, and both are compared.</summary>
    public bool Int8 { get; init; }

    /// <summary>What was published for it; null for a run of one's own.</summary>
    public PublishedFigures? Published { get; init; }

    /// <summary>Why its result is bad by design; null where it is not.</summary>
    public string? Reason { get; init; }

    /// <summary>The command line that repeats it.</summary>
    public string Command { get; init; } = "";

    /// <summary>All settings as applied, by name, in the invariant culture.</summary>
    public IReadOnlyDictionary<string, string> Settings()
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Flatten("", JsonSerializer.SerializeToElement(Options, RecordJson.Options), settings);
        return settings;
    }

    private static void Flatten(string prefix, JsonElement value, SortedDictionary<string, string> settings)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                Flatten(prefix.Length == 0 ? property.Name : $"{prefix}.{property.Name}", property.Value, settings);
            }
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var (index, item) in value.EnumerateArray().Index())
            {
                Flatten($"{prefix}[{index}]", item, settings);
            }
        }
        else if (value.ValueKind != JsonValueKind.Null)
        {
            settings[prefix] = value.ToString();
        }
    }
}
