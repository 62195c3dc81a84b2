using System.Globalization;

namespace MLNetCnn.AutoML;

/// <summary>A parameter's values as the features of a tree.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Columns">One of numbers; or one for each value that may be chosen, 1 where it was. A number for each trial.</param>
internal sealed record ParameterColumns(string Name, IReadOnlyList<double[]> Columns)
{
    // So few numbers are choices, whose order means nothing.
    private const int MostChoices = 4;

    /// <summary>The columns of a parameter; none where it is the same in every trial. Trials in which it was not active are below all numbers.</summary>
    public static ParameterColumns Of(string name, IReadOnlyList<TrialSummary> trials)
    {
        var values = trials.Select(trial => trial.Parameter.GetValueOrDefault(name)).ToArray();
        var different = values.Distinct().ToArray();
        if (different.Length < 2)
        {
            return new(name, []);
        }

        return different.Length > MostChoices && different.All(value => value is null || TryRead(value, out _))
            ? new(name, [[.. values.Select(value => TryRead(value, out var number) ? number : double.NegativeInfinity)]])
            : new(name, [.. different.Select(choice => values.Select(value => value == choice ? 1.0 : 0).ToArray())]);
    }

    private static bool TryRead(string? value, out double number) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
