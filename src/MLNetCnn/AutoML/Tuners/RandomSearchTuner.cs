using MLNetCnn.Data;

namespace MLNetCnn.AutoML;

/// <summary>
/// Draws every option independently and uniformly in its own scale: J. Bergstra and Y. Bengio, "Random search for hyper-parameter
/// optimization", JMLR 13 (2012).
/// </summary>
public sealed class RandomSearchTuner : HistoryTuner
{
    /// <summary>Makes the tuner.</summary>
    /// <param name="space">The space.</param>
    /// <param name="seed">Same seed, same proposals.</param>
    public RandomSearchTuner(SearchSpace space, long seed)
        : base(space, seed)
    {
    }

    // The base draws at random when there are no candidates.
    private protected override IEnumerable<Parameter> Candidates(int trialId, SeededRandom random) => [];
}
