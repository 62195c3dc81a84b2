using System.Text.Json.Serialization;

namespace MLNetCnn.Inference;

/// <summary>How a model that computes in 8-bit integers was made of one that computes in floats.</summary>
/// <param name="Weights">The type of the weights, for example <c>int8</c>.</param>
/// <param name="Activations">The type of what flows between the layers, for example <c>uint8</c>.</param>
/// <param name="CalibrationImages">On how many images the ranges of the activations were measured.</param>
public sealed record ModelQuantization(string Weights, string Activations, int CalibrationImages)
{
    /// <summary>The <see cref="ModelPackage.Version"/> of the float model; null where it was not read from a file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }
}
