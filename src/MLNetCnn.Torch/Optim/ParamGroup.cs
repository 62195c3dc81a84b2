using MLNetCnn.Torch.Modules;

namespace MLNetCnn.Torch.Optim;

/// <summary>Something whose learning rate a schedule sets: a group of parameters.</summary>
public interface ILearningRateController
{
    /// <summary>The learning rate of the next step.</summary>
    double LearningRate { get; set; }

    /// <summary>The learning rate that schedules start from.</summary>
    double InitialLearningRate { get; }
}

/// <summary>The settings that every optimizer has.</summary>
public abstract class OptimizerOptions
{
    /// <summary>The learning rate; at least 0.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The weight decay (L2 penalty on the gradient unless the optimizer says otherwise); at least 0, by default 0.</summary>
    public double weight_decay { get; init; }

    /// <summary>What is wrong with the settings, one sentence each.</summary>
    internal virtual IEnumerable<string> Problems() => AtLeast0((nameof(LearningRate), LearningRate), (nameof(weight_decay), weight_decay));

    internal static IEnumerable<string> AtLeast0(params (string Name, double Value)[] settings) =>
        from setting in settings
        where !(setting.Value >= 0 && double.IsFinite(setting.Value))
        select FormattableString.Invariant($"{setting.Name} is {setting.Value}: it must be a number of at least 0");

    internal static IEnumerable<string> Below1(params (string Name, double Value)[] settings) =>
        from setting in settings
        where setting.Value is not (>= 0 and < 1)
        select FormattableString.Invariant($"{setting.Name} is {setting.Value}: it must lie in [0, 1)");
}

/// <summary>Parameters that are optimized with settings of their own.</summary>
/// <typeparam name="TOptions">The optimizer's settings.</typeparam>
public sealed class ParamGroup<TOptions> : ILearningRateController
    where TOptions : OptimizerOptions
{
    /// <summary>Groups <paramref name="parameters"/> under <paramref name="options"/>.</summary>
    /// <exception cref="ArgumentException">There are no parameters, one comes twice, or a setting is out of its range.</exception>
    public ParamGroup(IEnumerable<Parameter> parameters, TOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Parameters = [.. parameters];
        List<string> problems = [.. options.Problems()];
        if (Parameters.Count == 0)
        {
            problems.Add("there are no parameters to optimize");
        }

        if (Parameters.Distinct(ReferenceEqualityComparer.Instance).Count() != Parameters.Count)
        {
            problems.Add("a parameter comes twice");
        }

        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", problems));
        }

        Options = options;
        LearningRate = InitialLearningRate = options.LearningRate;
    }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The settings as they were given; the learning rate of the next step is <see cref="LearningRate"/>.</summary>
    public TOptions Options { get; }

    /// <inheritdoc/>
    public double LearningRate { get; set; }

    /// <inheritdoc/>
    public double InitialLearningRate { get; internal set; }
}
