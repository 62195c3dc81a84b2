namespace MLNetCnn.AutoML;

/// <summary>The pretrained backbones that a default search can use on this machine.</summary>
/// <param name="Names">Those whose weights are here, the best first.</param>
/// <param name="Missing">Why each of the others is not searched, by its name.</param>
public sealed record AvailableBackbones(IReadOnlyList<string> Names, IReadOnlyDictionary<string, string> Missing)
{
    /// <summary>What was not asked for: images that networks from scratch suit need no weights.</summary>
    public static AvailableBackbones None { get; } = new([], new Dictionary<string, string>());
}
