namespace MLNetCnn.AutoML;

/// <summary>
/// Hyperband's brackets of successive halving, each of which judges its trials for the first time at a later step, against the risk
/// that good trials start slowly: L. Li et al., "Hyperband", JMLR 18 (2018); asynchronous as in <see cref="SuccessiveHalvingPruner"/>.
/// </summary>
/// <remarks>A trial's number says its bracket; a bracket has as large a share of the trials as in the paper.</remarks>
public sealed class HyperbandPruner : IPruner
{
    private readonly SuccessiveHalvingPruner[] _brackets;
    private readonly double[] _shares;

    /// <summary>Makes the pruner.</summary>
    /// <param name="maximumSteps">The steps (epochs) of a whole trial, at least <paramref name="minimumSteps"/>.</param>
    /// <param name="minimumSteps">The first step that the keenest bracket judges, at least 1, which is the default.</param>
    /// <param name="reductionFactor">At least 2; 3 by default.</param>
    public HyperbandPruner(int maximumSteps, int minimumSteps = 1, int reductionFactor = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumSteps, minimumSteps);
        ArgumentOutOfRangeException.ThrowIfLessThan(reductionFactor, 2);
        // A bracket that halves s times does so for the first time at an s-th power of the factor before the end, rounded up.
        var firsts = new List<int>();
        for (long power = 1; minimumSteps * power <= maximumSteps; power *= reductionFactor)
        {
            firsts.Insert(0, (int)((maximumSteps + power - 1) / power));
        }

        _brackets = [.. firsts.Select(first => new SuccessiveHalvingPruner(first, reductionFactor))];
        // Bracket b halves s = last - b times and has ⌈(last + 1) / (s + 1) · η^s⌉ trials.
        var trials = firsts.Select((_, bracket) => firsts.Count - 1 - bracket).Select(halvings => Math.Ceiling(firsts.Count / (halvings + 1.0) * Math.Pow(reductionFactor, halvings))).ToList();
        _shares = [.. trials.Select(count => count / trials.Sum())];
    }

    /// <summary>How many brackets there are.</summary>
    public int Brackets => _brackets.Length;

    /// <summary>The bracket of a trial, from 0, the keenest.</summary>
    /// <param name="trialId">The trial's number.</param>
    public int Bracket(int trialId)
    {
        // Multiples of the golden ratio fill the unit interval evenly (H. Weyl), so that any run of trials is shared out alike.
        var place = (trialId + 0.5) * 0.61803398874989485 % 1;
        var bracket = 0;
        while (bracket < _shares.Length - 1 && place >= _shares[bracket])
        {
            place -= _shares[bracket++];
        }

        return bracket;
    }

    /// <inheritdoc/>
    public bool Prune(TrialCurve trial, IReadOnlyCollection<TrialCurve> others)
    {
        var bracket = Bracket(trial.TrialId);
        return _brackets[bracket].Prune(trial, [.. others.Where(other => Bracket(other.TrialId) == bracket)]);
    }
}
