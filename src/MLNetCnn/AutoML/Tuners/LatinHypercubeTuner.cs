using MLNetCnn.Data;

namespace MLNetCnn.AutoML;

/// <summary>
/// Cuts every option's range into as many equally likely parts as there are trials in a round, and tries each part exactly once:
/// M. D. McKay, R. J. Beckman and W. J. Conover, Technometrics 21(2) (1979). A new round follows a full one.
/// </summary>
public sealed class LatinHypercubeTuner : HistoryTuner
{
    private readonly int _trials;
    private readonly long _seed;

    /// <summary>Makes the tuner.</summary>
    /// <param name="space">The space.</param>
    /// <param name="seed">Same seed, same proposals.</param>
    /// <param name="trials">The trials of a round, at least 1; as many as are planned, 32 by default.</param>
    public LatinHypercubeTuner(SearchSpace space, long seed, int trials = 32)
        : base(space, seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        (_trials, _seed) = (trials, seed);
    }

    private protected override IEnumerable<Parameter> Candidates(int trialId, SeededRandom random)
    {
        // The rounds' permutations come from streams that no trial's random numbers have.
        var round = new SeededRandom(_seed, -1 - (trialId / _trials));
        var strata = Space.Dimensions.Select(_ =>
        {
            var order = Enumerable.Range(0, _trials).ToArray();
            round.Shuffle(order.AsSpan());
            return order[trialId % _trials];
        }).ToList();
        return [Space.SampleFromFeatureSpace([.. strata.Select(stratum => (stratum + random.NextDouble()) / _trials)])];
    }
}
