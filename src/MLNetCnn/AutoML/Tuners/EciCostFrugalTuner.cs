using MLNetCnn.Data;

namespace MLNetCnn.AutoML;

/// <summary>
/// Shares trials out among parts of a space, such as its backbones, each searched by its own <see cref="CostFrugalTuner"/>: a part
/// is drawn with a probability inverse to its estimated cost for improvement (ECI). C. Wang, Q. Wu, M. Weimer and E. Zhu, "FLAML: a
/// fast and lightweight AutoML library", MLSys 2021, section 4.2. Cost is a trial's duration.
/// </summary>
public sealed class EciCostFrugalTuner : HistoryTuner
{
    private readonly string _by;
    private readonly long _seed;
    private readonly IReadOnlyList<(ParameterValue Choice, SearchSpace Space)> _parts;

    /// <summary>Makes the tuner.</summary>
    /// <param name="space">The space.</param>
    /// <param name="seed">Same seed, same proposals after the same results and durations.</param>
    /// <param name="by">The choice at the top of the space whose values are the parts, the cheapest first.</param>
    /// <exception cref="ConfigurationException">There is no such choice.</exception>
    public EciCostFrugalTuner(SearchSpace space, long seed, string by)
        : base(space, seed)
    {
        (_by, _seed) = (by, seed);
        _parts = space.TryGetOption(by) is ChoiceOption choice
            ? [.. choice.Choices.Select(value => (value, space.Restrict(by, value)))]
            : throw new ConfigurationException($"'{by}' is no choice at the top of the space: name one to share trials out by");
    }

    private protected override IEnumerable<Parameter> Candidates(int trialId, SeededRandom random)
    {
        foreach (var (choice, space) in Ranked(random))
        {
            var tuner = new CostFrugalTuner(space, _seed);
            foreach (var trial in Of(choice))
            {
                tuner.Update(trial);
            }

            if (tuner.Propose(new TrialSettings { TrialId = trialId }) is { } proposal)
            {
                yield return proposal;
            }
        }
    }

    private List<TrialResult> Of(ParameterValue choice) => [.. Trials.Where(trial => trial.TrialSettings.Parameter[_by] == choice)];

    // Parts never tried come first, in their order; the others in a random order, the cheap to improve sooner: the smallest of
    // exponential waiting times is a part's with the probability of its rate's share (P. S. Efraimidis and P. G. Spirakis, 2006).
    private IEnumerable<(ParameterValue Choice, SearchSpace Space)> Ranked(SeededRandom random)
    {
        var best = Trials.Where(trial => trial.State == TrialState.Finished).Select(trial => trial.Loss).DefaultIfEmpty(double.PositiveInfinity).Min();
        return _parts
            .Select(part => (Part: part, Trials: Of(part.Choice), Draw: -Math.Log(1 - random.NextDouble())))
            .OrderBy(part => part.Trials.Count == 0 ? -1 : part.Draw * CostForImprovement(part.Trials, best))
            .Select(part => part.Part);
    }

    /// <summary>The estimated cost for improvement, in milliseconds; infinite before the first result.</summary>
    private static double CostForImprovement(List<TrialResult> trials, double best)
    {
        // The cost up to now, to the best and to the one before; the losses of the last two.
        var (now, atBest, atEarlier) = (0.0, 0.0, 0.0);
        var (loss, earlier) = (double.PositiveInfinity, double.PositiveInfinity);
        foreach (var trial in trials)
        {
            now += trial.DurationInMilliseconds;
            if (trial.State == TrialState.Finished && trial.Loss < loss)
            {
                (atEarlier, atBest) = (atBest, now);
                (earlier, loss) = (loss, trial.Loss);
            }
        }

        if (double.IsPositiveInfinity(loss))
        {
            return double.PositiveInfinity;
        }

        var toImprove = Math.Max(now - atBest, atBest - atEarlier);
        var gained = double.IsFinite(earlier) ? earlier - loss : Math.Abs(loss);
        var toCatchUp = loss > best ? (loss - best) * (now - atEarlier) / Math.Max(gained, double.Epsilon) : 0;
        return Math.Max(1e-9, Math.Max(toImprove, toCatchUp));
    }
}
