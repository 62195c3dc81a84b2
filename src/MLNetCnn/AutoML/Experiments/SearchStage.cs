namespace MLNetCnn.AutoML;

/// <summary>A part of a search that has a part of the space to itself, so that what is cheap is tried before what is dear.</summary>
/// <param name="Space">Its part of the space.</param>
/// <param name="Until">The share of the time for trials at which it ends, in (0, 1].</param>
/// <param name="UntilTrial">The share of their number, where that is limited, at which it ends, in (0, 1].</param>
public sealed record SearchStage(SearchSpace Space, double Until, double UntilTrial)
{
    // Frozen backbones, on cached features, cost a hundredth of what fine-tuning costs.
    private const string Frozen = "frozen";
    private static readonly string[] ByCost = [Frozen, "partial", "full", "scratch"];

    // What goes on from what a frozen part made of the images, and the share of a first trial that is not making it (0.55 of fine-tuning).
    private static readonly string[] Cached = [Frozen, "partial"];
    private const double WithoutFilling = 0.65;

    /// <summary>What splits a space into stages where it is a choice: how much of a network is trained.</summary>
    public const string Choice = "fineTuning";

    /// <summary>What the network is called where it is a choice.</summary>
    public const string Network = "arch";

    /// <summary>The default of a space, and of each other network that it offers for heads the default with that: a vote gains most of networks that are unlike.</summary>
    /// <param name="space">The space.</param>
    public static IReadOnlyList<Parameter> Defaults(SearchSpace space)
    {
        var first = Of(space)[0].Space;
        return first.Default.TryGetValue(Choice, out var way) && way.AsType<string>() == Frozen && first.Dimensions.FirstOrDefault(dimension => dimension.Name == Network)?.Option is ChoiceOption networks
            ? [space.Default, .. networks.Choices.Select(network => first.Build(dimension => dimension.Name == Network ? network : dimension.Option.Default)).Except([space.Default])]
            : [space.Default];
    }

    /// <summary>Whether a trial is to be the first whole one of a head on its network: others may do better, and it is wanted all the same.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="others">The experiment's other trials.</param>
    public static bool IsFirstOfNetwork(Parameter trial, IEnumerable<TrialRecord> others)
    {
        return NetworkOf(trial) is { } network && !others.Any(other => other.State == TrialState.Finished && NetworkOf(other.Parameter) == network);

        static string? NetworkOf(Parameter parameter) =>
            parameter.TryGetValue(Choice, out var way) && way.AsType<string>() == Frozen && parameter.TryGetValue(Network, out var network) ? network.AsType<string>() : null;
    }

    /// <summary>
    /// The stages of a space: one for each value of its choice <see cref="Choice"/>, the cheapest first, each with twice the time of the
    /// one before, or half as many trials; one for all of a space without it.
    /// </summary>
    public static IReadOnlyList<SearchStage> Of(SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        if (space.TryGetOption(Choice) is not ChoiceOption { Choices.Count: > 1 } choice)
        {
            return [new SearchStage(space, 1, 1)];
        }

        var values = choice.Choices.OrderBy(value => Array.IndexOf(ByCost, value.AsType<string>())).ToList();
        var all = Math.Pow(2, values.Count);
        return [.. values.Select((value, place) => new SearchStage(space.Restrict(Choice, value), (Math.Pow(2, place + 1) - 1) / (all - 1), (all - (all / Math.Pow(2, place + 1))) / (all - 1)))];
    }

    /// <summary>What to try first when cheaper stages are over: the stage's default with the choices, such as the network and the image size, that did best there.</summary>
    /// <param name="best">The best trial so far.</param>
    public Parameter First(Parameter best)
    {
        ArgumentNullException.ThrowIfNull(best);
        return Space.Build(dimension => dimension.Option is ChoiceOption choice && best.TryGetValue(dimension.Name, out var value) && choice.Problem(value) is null
            ? value
            : dimension.Option.Default);
    }

    /// <summary>The seconds that a trial like this one takes at the soonest: what the caches keep of it need not be done again.</summary>
    /// <param name="trial">A trial that was finished.</param>
    public static double SecondsOfNext(TrialRecord trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var filled = trial.Result.CacheHits == 0 && trial.Parameter.TryGetValue(Choice, out var way) && Cached.Contains(way.AsType<string>());
        return trial.Result.DurationInMilliseconds / 1000 * (filled ? WithoutFilling : 1);
    }

    /// <summary>Whether a trial belongs to this stage.</summary>
    public bool Has(Parameter parameter) => Space.Problems(parameter).Count == 0;
}
