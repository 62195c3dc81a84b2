using MLNetCnn.Data;

namespace MLNetCnn.AutoML;

/// <summary>
/// CFO: a randomised direct search that starts at the space's cheap default and goes to dearer regions only where the loss calls for
/// it. Q. Wu, C. Wang and S. Huang, "Frugal optimization for cost-related hyperparameters", AAAI 2021: FLOW² with adaptive step size
/// and random restarts.
/// </summary>
/// <remarks>
/// Moves from one incumbent come in pairs of opposite directions, also where several workers share them. A trial that is running,
/// pruned or failed is one that did not improve. Choices, which have no direction, change at random instead.
/// </remarks>
public sealed class CostFrugalTuner : HistoryTuner
{
    private readonly long _seed;

    /// <summary>Makes the tuner.</summary>
    /// <param name="space">The space; its default is where the search starts.</param>
    /// <param name="seed">Same seed, same proposals.</param>
    public CostFrugalTuner(SearchSpace space, long seed)
        : base(space, seed) => _seed = seed;

    private protected override IEnumerable<Parameter> Candidates(int trialId, SeededRandom random)
    {
        yield return Space.Default;
        var search = Replay();
        if (search.Incumbent is not { } incumbent)
        {
            yield return Space.SampleFromFeatureSpace([.. Start.Select(x => Math.Clamp(x + random.NextGaussian(), 0, 1))]);
            yield break;
        }

        // Where rounding takes a move to a point tried before, the next is as good.
        for (var move = search.Moves; ; move++)
        {
            yield return Space.SampleFromFeatureSpace(Moved(incumbent, search, move));
        }
    }

    private double[] Start => Space.MappingToFeatureSpace(Space.Default);

    // The dimensions in which a point can be moved to another.
    private List<SearchDimension> Moving(double[] point)
    {
        var parameter = Space.SampleFromFeatureSpace(point);
        return [.. Space.Dimensions.Where(dimension => dimension.Option.Count != 1 && dimension.IsActive(parameter))];
    }

    // The state of the search after all trials known, in the order of their numbers.
    private Search Replay()
    {
        var search = Begin(Start, restarts: 0);
        foreach (var trial in Trials)
        {
            search.Iterations++;
            search.Moves++;
            if (trial.State == TrialState.Finished && trial.Loss < search.Loss)
            {
                search.Incumbent = Features(trial);
                search.Dimensions = Moving(search.Incumbent).Count;
                (search.Loss, search.Id, search.IterationsToBest) = (trial.Loss, trial.TrialSettings.TrialId, search.Iterations);
                (search.Moves, search.Failures) = (0, 0);
            }
            else if (++search.Failures >= search.Patience)
            {
                search.Failures = 0;
                search.Step *= Math.Sqrt((double)search.IterationsToBest / search.Iterations);
                if (search.Step < 0.01 * Math.Sqrt(search.Dimensions))
                {
                    search = Begin(null, search.Restarts + 1);
                }
            }
        }

        return search;
    }

    private Search Begin(double[]? incumbent, int restarts)
    {
        var dimensions = Moving(Start).Count;
        return new() { Incumbent = incumbent, Restarts = restarts, Dimensions = dimensions, Step = (0.1 * Math.Sqrt(dimensions)) + (0.1 * restarts) };
    }

    private double[] Moved(double[] incumbent, Search search, int move)
    {
        var random = new SeededRandom(_seed, ((long)(search.Id + 2) << 32) + (move / 2));
        var moving = Moving(incumbent);
        var numbers = moving.Where(dimension => dimension.Option is UniformNumericOption).Select(dimension => (dimension.Index, Direction: random.NextGaussian())).ToList();
        var length = Math.Sqrt(numbers.Sum(number => number.Direction * number.Direction));
        var point = incumbent.ToArray();
        foreach (var (index, direction) in numbers)
        {
            point[index] = Math.Clamp(point[index] + ((move % 2 == 0 ? 1 : -1) * search.Step * direction / length), 0, 1);
        }

        var sided = new SeededRandom(_seed, ((long)(search.Id + 2) << 32) + (1L << 31) + move);
        foreach (var choice in moving.Where(dimension => dimension.Option is ChoiceOption))
        {
            var (change, place) = (sided.NextDouble(), sided.NextDouble());
            point[choice.Index] = change * moving.Count < 1 ? place : point[choice.Index];
        }

        return point;
    }

    private sealed class Search
    {
        // Null after a restart, until a trial has finished.
        public double[]? Incumbent { get; set; }

        public double Loss { get; set; } = double.PositiveInfinity;

        public int Id { get; set; } = -1;

        public double Step { get; set; }

        public int Restarts { get; init; }

        public int Dimensions { get; set; }

        // The paper waits 2^(d-1) moves before it shortens the step, which many dimensions make endless.
        public int Patience => 1 << Math.Clamp(Dimensions - 1, 0, 3);

        // Since the restart: all, and those up to the best.
        public int Iterations { get; set; }

        public int IterationsToBest { get; set; } = 1;

        // Since the incumbent was found; failures also since the step was shortened.
        public int Moves { get; set; }

        public int Failures { get; set; }
    }
}
