using System.Text.Json.Nodes;

namespace MLNetCnn.Inference;

/// <summary>A network's name and what it was built with: enough to build it again around its weights.</summary>
/// <param name="Name">The architecture's name, as the <c>--arch</c> option takes it.</param>
/// <param name="Settings">Its settings by name: number of classes, dropout, widths…; may be empty.</param>
public sealed record ModelArchitecture(string Name, JsonObject Settings);
