using MLNetCnn.Data;

namespace MLNetCnn.AutoML;

/// <summary>
/// The tree-structured Parzen estimator with a joint density over options: J. Bergstra, R. Bardenet, Y. Bengio and B. Kégl,
/// "Algorithms for hyper-parameter optimization", NeurIPS 2011; the multivariate kernel as in S. Falkner, A. Klein and F. Hutter,
/// "BOHB", ICML 2018. Where options depend on choices, the options of each choice have a density of their own, from the trials in
/// which they were active.
/// </summary>
/// <remarks>
/// Better trials are the best of those that finished; a pruned trial ranks behind them, the further it got the higher; failed ones and
/// those still running count as bad, so that several workers keep apart.
/// </remarks>
public sealed class TpeTuner : HistoryTuner
{
    private const int Samples = 24;
    private const double BetterShare = 0.15;
    private const int MostBetter = 25;
    private readonly int _startupTrials;
    private readonly IReadOnlyList<Group> _groups;

    /// <summary>Makes the tuner.</summary>
    /// <param name="space">The space.</param>
    /// <param name="seed">Same seed, same proposals.</param>
    /// <param name="startupTrials">How many results to see before the model is used, at least 2; 10 by default. Random ones until then.</param>
    public TpeTuner(SearchSpace space, long seed, int startupTrials = 10)
        : base(space, seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(startupTrials, 2);
        _startupTrials = startupTrials;
        _groups = [.. space.Dimensions.GroupBy(dimension => (dimension.Parent, dimension.ParentChoice)).Select(group => new Group([.. group]))];
    }

    private protected override IEnumerable<Parameter> Candidates(int trialId, SeededRandom random)
    {
        var ranked = Trials
            .Where(trial => trial.State is TrialState.Finished or TrialState.Pruned && !double.IsNaN(trial.Loss))
            .OrderBy(trial => trial.State)
            .ThenBy(trial => trial.State == TrialState.Pruned ? -trial.Steps : 0)
            .ThenBy(trial => trial.Loss)
            .ThenBy(trial => trial.TrialSettings.TrialId)
            .ToList();
        if (ranked.Count < _startupTrials)
        {
            yield break;
        }

        var better = ranked.Take(Math.Min((int)Math.Ceiling(BetterShare * ranked.Count), MostBetter)).ToHashSet();
        var good = Points(Trials.Where(better.Contains));
        var bad = Points(Trials.Where(trial => !better.Contains(trial)));
        while (true)
        {
            yield return Propose(good, bad, random);
        }
    }

    private List<(Parameter Parameter, double[] Features)> Points(IEnumerable<TrialResult> trials) =>
        [.. trials.Select(trial => trial.TrialSettings.Parameter).Select(parameter => (parameter, Space.MappingToFeatureSpace(parameter)))];

    // Chooses group by group, outer ones first: which inner groups matter follows from the choices made.
    private Parameter Propose(List<(Parameter Parameter, double[] Features)> good, List<(Parameter Parameter, double[] Features)> bad, SeededRandom random)
    {
        var point = new double[Space.FeatureSpaceDim];
        var drawn = new HashSet<Group>();
        return Space.Build(dimension =>
        {
            var group = _groups.First(group => group.Dimensions.Contains(dimension));
            if (drawn.Add(group))
            {
                Draw(group, good, bad, random, point);
            }

            return dimension.Option.SampleFromFeatureSpace(point[dimension.Index]);
        });
    }

    private static void Draw(
        Group group, List<(Parameter Parameter, double[] Features)> good, List<(Parameter Parameter, double[] Features)> bad, SeededRandom random, double[] point)
    {
        var likelyGood = new ParzenDensity(group.Dimensions, group.Active(good));
        var likelyBad = new ParzenDensity(group.Dimensions, group.Active(bad));
        var best = Enumerable.Range(0, Samples)
            .Select(_ => likelyGood.Sample(random))
            .MaxBy(sample => likelyGood.LogDensity(sample) - likelyBad.LogDensity(sample))!;
        foreach (var (i, dimension) in group.Dimensions.Index())
        {
            point[dimension.Index] = best[i];
        }
    }

    // Options that are active together.
    private sealed class Group(IReadOnlyList<SearchDimension> dimensions)
    {
        public IReadOnlyList<SearchDimension> Dimensions => dimensions;

        public IReadOnlyList<double[]> Active(List<(Parameter Parameter, double[] Features)> points) =>
            [.. points.Where(point => dimensions[0].IsActive(point.Parameter)).Select(point => dimensions.Select(dimension => point.Features[dimension.Index]).ToArray())];
    }
}
