using MLNetCnn.Torch.Optim;

namespace MLNetCnn.Torch;

/// <summary>Whose rules a plateau follows; they differ by one epoch in patience and in how a cooldown ends.</summary>
public enum PlateauSemantics
{
    /// <summary>Reduces when more than <c>patience</c> epochs in a row were no better; a cooldown swallows that many whole epochs.</summary>
    PyTorch,

    /// <summary>Reduces when <c>patience</c> epochs in a row were no better; the last epoch of a cooldown counts again.</summary>
    Keras,
}

/// <summary>What better means.</summary>
public enum PlateauMode
{
    /// <summary>Lower is better: a loss.</summary>
    Min,

    /// <summary>Higher is better: an accuracy.</summary>
    Max,
}

/// <summary>How a threshold is meant.</summary>
public enum PlateauThreshold
{
    /// <summary>As a share of the best value so far: PyTorch's default.</summary>
    Relative,

    /// <summary>As a difference: Keras's <c>min_delta</c>.</summary>
    Absolute,
}

/// <summary>Where a <see cref="ReduceLROnPlateau"/> stands, to resume it.</summary>
/// <param name="Best">The best value so far; null before the first.</param>
/// <param name="BadEpochs">Epochs in a row that were no better.</param>
/// <param name="Cooldown">Epochs of cooldown left.</param>
public sealed record PlateauState(double? Best, int BadEpochs, int Cooldown);

/// <summary>The settings of <see cref="ReduceLROnPlateau"/>.</summary>
public sealed record PlateauOptions
{
    /// <summary>Whether lower or higher is better; by default lower.</summary>
    public PlateauMode Mode { get; init; } = PlateauMode.Min;

    /// <summary>What the rate is multiplied by, in (0, 1); by default 0.1.</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>How many epochs without improvement are borne; by default 10.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>By how much a value must beat the best one; by default 1e-4.</summary>
    public double Threshold { get; init; } = 1e-4;

    /// <summary>How the threshold is meant.</summary>
    public PlateauThreshold ThresholdMode { get; init; } = PlateauThreshold.Relative;

    /// <summary>How many epochs after a reduction don't count; by default 0.</summary>
    public int Cooldown { get; init; }

    /// <summary>The rate that is never gone below; by default 0.</summary>
    public double MinLearningRate { get; init; }

    /// <summary>Whose rules are followed.</summary>
    public PlateauSemantics Semantics { get; init; } = PlateauSemantics.PyTorch;

    /// <summary>Keras's callback <c>ReduceLROnPlateau</c>: an absolute threshold and Keras's way of counting.</summary>
    public static PlateauOptions Keras(double factor = 0.1, int patience = 10, double min_delta = 1e-4, int cooldown = 0, double min_lr = 0, PlateauMode mode = PlateauMode.Min) => new()
    {
        Mode = mode,
        Factor = factor,
        Patience = patience,
        Threshold = min_delta,
        ThresholdMode = PlateauThreshold.Absolute,
        Cooldown = cooldown,
        MinLearningRate = min_lr,
        Semantics = PlateauSemantics.Keras,
    };

    internal void Validate()
    {
        List<string> problems = [.. OptimizerOptions.AtLeast0((nameof(Patience), Patience), (nameof(Threshold), Threshold), (nameof(Cooldown), Cooldown), (nameof(MinLearningRate), MinLearningRate))];
        if (Factor is not (> 0 and < 1))
        {
            problems.Add(FormattableString.Invariant($"{nameof(Factor)} is {Factor}: it must lie between 0 and 1"));
        }

        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", problems));
        }
    }
}

/// <summary>Lowers the learning rates when a watched value stops improving; made by <c>torch.optim.lr_scheduler.ReduceLROnPlateau</c>.</summary>
public sealed class ReduceLROnPlateau
{
    // PyTorch's eps: a smaller change of the rate is none.
    private const double Negligible = 1e-8;

    private readonly ILearningRateController[] _groups;
    private readonly PlateauOptions _options;

    internal ReduceLROnPlateau(torch.optim.Optimizer optimizer, PlateauOptions options)
    {
        options.Validate();
        _groups = [.. optimizer.ParamGroups];
        _options = options;
    }

    /// <summary>Where it stands; set it to resume.</summary>
    public PlateauState State { get; set; } = new(null, 0, 0);

    /// <summary>Takes an epoch's value into account.</summary>
    /// <param name="metric">The watched value.</param>
    /// <returns>Whether the learning rates were lowered.</returns>
    public bool step(double metric)
    {
        var (best, bad, cooldown) = State;
        var better = IsBetter(metric, best ?? (_options.Mode == PlateauMode.Min ? double.PositiveInfinity : double.NegativeInfinity));
        best = better ? metric : best;
        var keras = _options.Semantics == PlateauSemantics.Keras;
        var cooling = keras ? cooldown > 1 : cooldown > 0;
        // Keras forgets bad epochs when a cooldown ticks, then counts this one if the cooldown is over.
        bad = better || cooling ? 0 : (keras && cooldown > 0 ? 0 : bad) + 1;
        cooldown = Math.Max(0, cooldown - 1);
        var due = !better && !cooling && (keras ? bad >= _options.Patience : bad > _options.Patience);
        State = due ? new(best, 0, _options.Cooldown) : new(best, bad, cooldown);
        return due && Reduce();
    }

    private bool IsBetter(double metric, double best) => (_options.Mode, _options.ThresholdMode) switch
    {
        (PlateauMode.Min, PlateauThreshold.Relative) => metric < best * (1 - _options.Threshold),
        (PlateauMode.Min, _) => metric < best - _options.Threshold,
        (_, PlateauThreshold.Relative) => metric > best * (1 + _options.Threshold),
        _ => metric > best + _options.Threshold,
    };

    private bool Reduce()
    {
        var changed = false;
        foreach (var group in _groups)
        {
            var lower = Math.Max(group.LearningRate * _options.Factor, _options.MinLearningRate);
            if (group.LearningRate - lower > Negligible)
            {
                group.LearningRate = lower;
                changed = true;
            }
        }

        return changed;
    }
}

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Lowers the learning rates when the value given to <see cref="MLNetCnn.Torch.ReduceLROnPlateau.step"/> stops improving.</summary>
            /// <exception cref="ArgumentException">A setting is out of its range; the message lists all such.</exception>
            public static ReduceLROnPlateau ReduceLROnPlateau(Optimizer optimizer, PlateauOptions? options = null) => new(optimizer, options ?? new());
        }
    }
}
