using MLNetCnn.Data;

namespace MLNetCnn.AutoML;

/// <summary>
/// A tuner whose every proposal follows from its seed, the trial's number and the trials known so far, whatever the order they came
/// in. It proposes nothing twice, and knows when a space that can be counted is used up.
/// </summary>
public abstract class HistoryTuner : ITuner
{
    private const int Tries = 64;
    private readonly SortedDictionary<int, TrialResult> _trials = [];
    private readonly long _seed;

    private protected HistoryTuner(SearchSpace space, long seed)
    {
        (Space, _seed) = (space, seed);
        if (space.FeatureSpaceDim == 0)
        {
            throw new ConfigurationException("the search space is empty: add at least one option");
        }
    }

    /// <summary>The space that is searched.</summary>
    protected SearchSpace Space { get; }

    /// <summary>All trials known, by number.</summary>
    protected IReadOnlyCollection<TrialResult> Trials => _trials.Values;

    /// <inheritdoc/>
    public Parameter? Propose(TrialSettings settings)
    {
        var taken = _trials.Values.Where(trial => trial.TrialSettings.TrialId != settings.TrialId).Select(trial => trial.TrialSettings.Parameter).ToHashSet();
        var random = new SeededRandom(_seed, settings.TrialId);
        var proposal = Candidates(settings.TrialId, random).Take(Tries).FirstOrDefault(candidate => !taken.Contains(candidate))
            ?? Enumerable.Range(0, RandomTries).Select(_ => Space.Sample(random)).FirstOrDefault(candidate => !taken.Contains(candidate))
            ?? Remaining().FirstOrDefault(candidate => !taken.Contains(candidate));
        if (proposal is not null)
        {
            Update(new TrialResult { TrialSettings = settings with { Parameter = proposal }, State = TrialState.Running });
        }

        return proposal;
    }

    /// <inheritdoc/>
    public void Update(TrialResult result) => _trials[result.TrialSettings.TrialId] = result;

    /// <summary>Candidates for a trial, best first; the first that is new is proposed, of the first 64; then random ones come.</summary>
    /// <param name="trialId">The trial's number.</param>
    /// <param name="random">Random numbers of the seed and the trial alone.</param>
    private protected abstract IEnumerable<Parameter> Candidates(int trialId, SeededRandom random);

    /// <summary>How many random candidates follow those of <see cref="Candidates"/>.</summary>
    private protected virtual int RandomTries => Tries;

    // What is left when all candidates were tried before: of n trials, one of the first n + 1 points of the space is new.
    private protected virtual IEnumerable<Parameter> Remaining() => Space.Grid(int.MaxValue);
}
