using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MLNetCnn.Inference;

/// <summary>A network's name and what it was built with: enough to build it again around its weights.</summary>
/// <param name="Name">The architecture's name, as the <c>--arch</c> option takes it.</param>
/// <param name="Settings">Its settings by name: number of classes, dropout, widths…; may be empty.</param>
public sealed record ModelArchitecture(string Name, JsonObject Settings)
{
    /// <summary>The settings of the classifier on a pretrained backbone; null for a network that has the architecture's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Head { get; init; }
}
