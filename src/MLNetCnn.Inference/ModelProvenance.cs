using System.Text.Json.Serialization;

namespace MLNetCnn.Inference;

/// <summary>When, from what and with what a model was made.</summary>
public sealed record ModelProvenance
{
    /// <summary>When the model was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The seed of everything random in the run; null where none was set.</summary>
    public int? Seed { get; init; }

    /// <summary>The dataset's name.</summary>
    public required string Dataset { get; init; }

    /// <summary>SHA-256 over what the dataset's images depend on; null where unknown.</summary>
    public string? DatasetFingerprint { get; init; }

    /// <summary>SHA-256 of <c>weights.safetensors</c>, in lower-case hexadecimal; the writer of the .zip fills it in.</summary>
    public string? WeightsHash { get; init; }

    /// <summary>The product's version and source commit.</summary>
    public required string Commit { get; init; }

    /// <summary>The command line that repeats the run; null where there was none.</summary>
    public string? Command { get; init; }

    /// <summary>Versions by name: .NET, libtorch, OpenCV.</summary>
    [JsonRequired]
    public IReadOnlyDictionary<string, string> Libraries { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);
}
