namespace MLNetCnn.AutoML;

/// <summary>The pruners by name.</summary>
public static class PrunerCatalog
{
    /// <summary>The names: <c>median</c>, <c>percentile</c> (the best quarter goes on), <c>asha</c>, <c>hyperband</c> and <c>patience</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["median", "percentile", "asha", "hyperband", "patience"];

    /// <summary>Makes a pruner with its defaults.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="maximumSteps">The steps (epochs) of a whole trial, at least 1.</param>
    /// <exception cref="ConfigurationException">There is no such pruner.</exception>
    public static IPruner Create(string name, int maximumSteps) => name switch
    {
        "median" => new MedianPruner(),
        "percentile" => new PercentilePruner(25),
        "asha" => new SuccessiveHalvingPruner(),
        "hyperband" => new HyperbandPruner(maximumSteps),
        "patience" => new PatiencePruner(),
        _ => throw new ConfigurationException($"there is no pruner '{name}': choose from {string.Join(", ", Names)}{CloseMatches.Hint(name, Names)}"),
    };
}
