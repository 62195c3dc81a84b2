using MLNetCnn.Data;

namespace MLNetCnn.AutoML;

/// <summary>Tries all points of a grid, the last option changing fastest.</summary>
public sealed class GridSearchTuner : HistoryTuner
{
    private readonly int _stepSize;

    /// <summary>Makes the tuner.</summary>
    /// <param name="space">The space.</param>
    /// <param name="stepSize">How many values of a number are on the grid, evenly spaced in its own scale, both bounds among them; at least 2, 10 by default. Whole numbers with fewer values are on it with all.</param>
    public GridSearchTuner(SearchSpace space, int stepSize = 10)
        : base(space, seed: 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepSize, 2);
        _stepSize = stepSize;
    }

    private protected override IEnumerable<Parameter> Candidates(int trialId, SeededRandom random) => [];

    private protected override int RandomTries => 0;

    private protected override IEnumerable<Parameter> Remaining() => Space.Grid(_stepSize);
}
