namespace MLNetCnn.AutoML;

/// <summary>The tuners by name.</summary>
public static class TunerCatalog
{
    /// <summary>The names: <c>grid</c>, <c>random</c>, <c>lhs</c>, <c>tpe</c>, <c>cfo</c> and <c>eci</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["grid", "random", "lhs", "tpe", "cfo", "eci"];

    /// <summary>Makes a tuner.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="space">The space to search.</param>
    /// <param name="seed">Same seed, same proposals; <c>grid</c> needs none.</param>
    /// <param name="by">For <c>eci</c>, the choice whose values are the parts; by default the first at the top of the space.</param>
    /// <param name="trials">How many trials are planned, for <c>lhs</c>, which spreads them; null where that is open.</param>
    /// <exception cref="ConfigurationException">There is no such tuner, or the space does not suit it.</exception>
    public static ITuner Create(string name, SearchSpace space, long seed, string? by = null, int? trials = null) => name switch
    {
        "grid" => new GridSearchTuner(space),
        "random" => new RandomSearchTuner(space, seed),
        "lhs" => trials is { } planned ? new LatinHypercubeTuner(space, seed, planned) : new LatinHypercubeTuner(space, seed),
        "tpe" => new TpeTuner(space, seed),
        "cfo" => new CostFrugalTuner(space, seed),
        "eci" => new EciCostFrugalTuner(space, seed, by ?? ChoiceToShareBy(space)
            ?? throw new ConfigurationException("eci shares trials out by a choice, and the space has none at its top: take cfo")),
        _ => throw new ConfigurationException($"there is no tuner '{name}': choose from {string.Join(", ", Names)}{CloseMatches.Hint(name, Names)}"),
    };

    /// <summary>The choice that <c>eci</c> shares trials out by where nobody names one; null where the space has none.</summary>
    internal static string? ChoiceToShareBy(SearchSpace space) => space.FirstOrDefault(option => option.Value is ChoiceOption { Choices.Count: > 1 }).Key;
}
