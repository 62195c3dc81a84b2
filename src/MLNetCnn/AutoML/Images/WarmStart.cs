using System.Globalization;

namespace MLNetCnn.AutoML;

/// <summary>What earlier sweeps found, to be tried first.</summary>
public static class WarmStart
{
    /// <summary>The best parameters of an earlier sweep that the space has too, the best first.</summary>
    /// <param name="earlier">The sweep; of any dataset.</param>
    /// <param name="space">The space to be searched.</param>
    /// <param name="most">So many at most.</param>
    public static IReadOnlyList<Parameter> From(SweepRecord earlier, SearchSpace space, int most = 5)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(space);
        return [.. earlier.Trials
            .Where(trial => trial is { State: TrialState.Finished, Loss: not null })
            .OrderBy(trial => trial.Loss)
            .Select(trial => Fitted(trial.Parameter, space))
            .OfType<Parameter>()
            .Distinct()
            .Take(most)];
    }

    // The size of the images and the like may not be on offer here: what is stays, and the default takes the place of the rest.
    private static Parameter? Fitted(IReadOnlyDictionary<string, string> chosen, SearchSpace space)
    {
        var fitted = space.Build(dimension =>
            chosen.TryGetValue(dimension.Name, out var text) && Value(text, dimension.Option) is { } value ? value : dimension.Option.Default);
        return fitted.Any(pair => chosen.ContainsKey(pair.Key)) ? fitted : null;
    }

    private static ParameterValue? Value(string text, OptionBase option)
    {
        ParameterValue[] readings =
        [
            .. bool.TryParse(text, out var flag) ? [ParameterValue.FromBool(flag)] : Array.Empty<ParameterValue>(),
            .. long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) ? [ParameterValue.FromInt(whole)] : Array.Empty<ParameterValue>(),
            .. double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? [ParameterValue.FromDouble(number)] : Array.Empty<ParameterValue>(),
            ParameterValue.FromString(text),
        ];
        return readings.Where(value => option.Problem(value) is null).Select(value => (ParameterValue?)value).FirstOrDefault();
    }
}
