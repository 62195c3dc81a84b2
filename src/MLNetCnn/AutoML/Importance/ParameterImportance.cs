namespace MLNetCnn.AutoML;

/// <summary>How much the loss of trials depends on a parameter.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Share">The share of the variance of the loss that goes with it, in [0, 1]. What goes with two parameters together counts for both.</param>
public sealed record ParameterImportance(string Name, double Share)
{
    // Of fewer trials, chance would decide.
    private const int LeastTrials = 10;

    private const int Trees = 100;

    /// <summary>
    /// The permutation importance of each parameter (Breiman 2001, "Random Forests"), the largest first: how much worse the trees of a
    /// random forest predict the losses of trials that they have not seen when the parameter's values are shuffled. Of a squared error
    /// that is twice the variance that goes with the parameter. Empty for fewer than ten trials with a loss, or where all have the same.
    /// </summary>
    /// <param name="trials">Trials; those without a loss are passed over.</param>
    public static IReadOnlyList<ParameterImportance> Of(IReadOnlyList<TrialSummary> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        var judged = trials.Where(trial => trial.Loss is not null).ToList();
        double[] losses = [.. judged.Select(trial => trial.Loss!.Value)];
        var variance = losses.Length < LeastTrials ? 0 : losses.Average(loss => Square(loss - losses.Average()));
        if (variance == 0)
        {
            return [];
        }

        var parameters = judged.SelectMany(trial => trial.Parameter.Keys).Distinct().Select(name => ParameterColumns.Of(name, judged)).Where(own => own.Columns.Count > 0).ToList();
        return [.. parameters.Zip(Rises(parameters, losses))
            .Select(pair => new ParameterImportance(pair.First.Name, Math.Clamp(pair.Second / (2 * variance), 0, 1)))
            .OrderByDescending(importance => importance.Share).ThenBy(importance => importance.Name, StringComparer.Ordinal)];
    }

    // The mean rise of the squared error that shuffling each parameter brings.
    private static double[] Rises(List<ParameterColumns> parameters, double[] losses)
    {
        var random = new Random(0);
        double[][] columns = [.. parameters.SelectMany(own => own.Columns)];
        int[] owners = [.. parameters.Index().SelectMany(own => own.Item.Columns.Select(_ => own.Index))];
        var rises = new double[parameters.Count];
        for (var tree = 0; tree < Trees; tree++)
        {
            int[] drawn = [.. losses.Select(_ => random.Next(losses.Length))];
            int[] unseen = [.. Enumerable.Range(0, losses.Length).Except(drawn)];
            if (unseen.Length == 0)
            {
                continue;
            }

            var grown = new RegressionTree(columns, losses, drawn);
            var shuffled = unseen.ToArray();
            random.Shuffle(shuffled);
            var error = unseen.Average(row => Square(losses[row] - grown.Predict(feature => columns[feature][row])));
            for (var parameter = 0; parameter < parameters.Count; parameter++)
            {
                var mixed = unseen.Zip(shuffled).Average(pair => Square(
                    losses[pair.First] - grown.Predict(feature => columns[feature][owners[feature] == parameter ? pair.Second : pair.First])));
                rises[parameter] += (mixed - error) / Trees;
            }
        }

        return rises;
    }

    private static double Square(double value) => value * value;
}
