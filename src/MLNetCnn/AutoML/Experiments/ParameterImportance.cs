using System.Globalization;

namespace MLNetCnn.AutoML;

/// <summary>How much of what trials differ in, one parameter alone tells.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Share">The share of the variance of the loss that groups of its values explain, in [0, 1].</param>
public sealed record ParameterImportance(string Name, double Share)
{
    // Numbers fall into so many groups of equal size.
    private const int Groups = 4;

    /// <summary>
    /// The correlation ratio η² of each parameter with the loss, corrected for what as many random groups would explain (ε², Kelley 1935),
    /// the most telling first: the main effects of a functional analysis of variance. Trials in which a parameter was not active are a
    /// group of their own.
    /// </summary>
    /// <param name="trials">Trials with a loss; those without are passed over.</param>
    public static IReadOnlyList<ParameterImportance> Of(IReadOnlyList<TrialSummary> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        var judged = trials.Where(trial => trial.Loss is not null).ToList();
        return [.. judged.SelectMany(trial => trial.Parameter.Keys).Distinct()
            .Select(name => new ParameterImportance(name, Explained(judged, name)))
            .Where(importance => double.IsFinite(importance.Share))
            .OrderByDescending(importance => importance.Share).ThenBy(importance => importance.Name, StringComparer.Ordinal)];
    }

    private static double Explained(List<TrialSummary> trials, string name)
    {
        var groups = Group(trials, name).Select(group => group.Select(trial => trial.Loss!.Value).ToArray()).Where(group => group.Length > 0).ToList();
        var (count, mean) = (trials.Count, trials.Average(trial => trial.Loss!.Value));
        if (groups.Count < 2 || count <= groups.Count)
        {
            return double.NaN;
        }

        var total = trials.Sum(trial => Square(trial.Loss!.Value - mean));
        var within = groups.Sum(group => group.Sum(loss => Square(loss - group.Average())));
        return total == 0 ? double.NaN : Math.Max(0, 1 - (within / (count - groups.Count) / (total / (count - 1))));
    }

    private static IEnumerable<IEnumerable<TrialSummary>> Group(List<TrialSummary> trials, string name)
    {
        var active = trials.Where(trial => trial.Parameter.ContainsKey(name)).ToList();
        var values = active.Select(trial => trial.Parameter[name]).Distinct().ToList();
        var groups = values.Count > Groups && values.All(value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            ? active.OrderBy(trial => double.Parse(trial.Parameter[name], CultureInfo.InvariantCulture)).Chunk((active.Count + Groups - 1) / Groups)
            : active.GroupBy(trial => trial.Parameter[name]).Select(group => group.AsEnumerable());
        return groups.Append(trials.Where(trial => !trial.Parameter.ContainsKey(name)));
    }

    private static double Square(double value) => value * value;
}
