using System.Globalization;

namespace MLNetCnn.AutoML;

/// <summary>A number between two bounds, both possible, uniform or uniform in its logarithm.</summary>
public abstract class UniformNumericOption : OptionBase
{
    private protected UniformNumericOption(double min, double max, bool logBase, ParameterValue? defaultValue)
    {
        (Min, Max, LogBase) = (min, max, logBase);
        var problems = new List<string>();
        if (!(double.IsFinite(min) && double.IsFinite(max) && min < max))
        {
            problems.Add(Invariant($"the bounds {min} and {max}: give finite ones, the lower first"));
        }

        if (logBase && !(min > 0))
        {
            problems.Add(Invariant($"the lower bound {min} of a logarithmic option: it must be above 0"));
        }

        if (problems.Count == 0 && defaultValue is { } given && Problem(given) is { } problem)
        {
            problems.Add($"the default: {problem}");
        }

        ConfigurationException.ThrowIfAny(problems);
    }

    /// <summary>The lowest value.</summary>
    public double Min { get; }

    /// <summary>The highest value.</summary>
    public double Max { get; }

    /// <summary>Whether the logarithm is uniform: as many values between 0.001 and 0.01 as between 0.01 and 0.1.</summary>
    public bool LogBase { get; }

    /// <inheritdoc/>
    public override string? Problem(ParameterValue value) => value.Value switch
    {
        (long or double) and var number when Convert.ToDouble(number, CultureInfo.InvariantCulture) is var x && x >= Min && x <= Max => null,
        _ => Invariant($"{value} is no number from {Min} to {Max}"),
    };

    /// <inheritdoc/>
    public override double MappingToFeatureSpace(ParameterValue value)
    {
        Check(value);
        var x = Convert.ToDouble(value.Value, CultureInfo.InvariantCulture);
        var (low, high) = Edges;
        return LogBase ? Math.Log(x / low) / Math.Log(high / low) : (x - low) / (high - low);
    }

    // The interval that the unit interval is stretched to.
    private protected virtual (double Low, double High) Edges => (Min, Max);

    private protected double Stretch(double feature)
    {
        var (low, high) = Edges;
        var place = Math.Clamp(feature, 0, 1);
        return Math.Clamp(LogBase ? low * Math.Pow(high / low, place) : low + ((high - low) * place), Min, Max);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A number of double precision.</summary>
public sealed class UniformDoubleOption : UniformNumericOption
{
    /// <summary>Makes the option.</summary>
    /// <param name="min">The lowest value; above 0 for <paramref name="logBase"/>.</param>
    /// <param name="max">The highest value, above <paramref name="min"/>.</param>
    /// <param name="logBase">Whether the logarithm is uniform.</param>
    /// <param name="defaultValue">The default run's value; by default <paramref name="min"/>.</param>
    /// <exception cref="ConfigurationException">A bound or the default breaks these rules.</exception>
    public UniformDoubleOption(double min, double max, bool logBase = false, double? defaultValue = null)
        : base(min, max, logBase, defaultValue is { } value ? ParameterValue.From(value) : null) =>
        Default = ParameterValue.FromDouble(defaultValue ?? min);

    /// <inheritdoc/>
    public override ParameterValue Default { get; }

    /// <inheritdoc/>
    public override long? Count => null;

    /// <inheritdoc/>
    public override ParameterValue SampleFromFeatureSpace(double feature) => ParameterValue.FromDouble(Stretch(feature));
}

/// <summary>A number of single precision.</summary>
public sealed class UniformSingleOption : UniformNumericOption
{
    /// <summary>Makes the option.</summary>
    /// <param name="min">The lowest value; above 0 for <paramref name="logBase"/>.</param>
    /// <param name="max">The highest value, above <paramref name="min"/>.</param>
    /// <param name="logBase">Whether the logarithm is uniform.</param>
    /// <param name="defaultValue">The default run's value; by default <paramref name="min"/>.</param>
    /// <exception cref="ConfigurationException">A bound or the default breaks these rules.</exception>
    public UniformSingleOption(float min, float max, bool logBase = false, float? defaultValue = null)
        : base(Decimal(min), Decimal(max), logBase, defaultValue is { } value ? ParameterValue.From(value) : null) =>
        Default = ParameterValue.From(defaultValue ?? min);

    /// <inheritdoc/>
    public override ParameterValue Default { get; }

    /// <inheritdoc/>
    public override long? Count => null;

    /// <inheritdoc/>
    public override ParameterValue SampleFromFeatureSpace(double feature) => ParameterValue.From((float)Stretch(feature));

    // The bounds as they read in decimal, so that the rounded value of a bound is within them.
    private static double Decimal(float value) =>
        float.IsFinite(value) ? (double)ParameterValue.From(value).Value : value;
}

/// <summary>A whole number.</summary>
public sealed class UniformIntOption : UniformNumericOption
{
    /// <summary>Makes the option.</summary>
    /// <param name="min">The lowest value; above 0 for <paramref name="logBase"/>.</param>
    /// <param name="max">The highest value, above <paramref name="min"/>.</param>
    /// <param name="logBase">Whether the logarithm is uniform, to rounding.</param>
    /// <param name="defaultValue">The default run's value; by default <paramref name="min"/>.</param>
    /// <exception cref="ConfigurationException">A bound or the default breaks these rules.</exception>
    public UniformIntOption(int min, int max, bool logBase = false, int? defaultValue = null)
        : base(min, max, logBase, defaultValue is { } value ? ParameterValue.From(value) : null) =>
        Default = ParameterValue.FromInt(defaultValue ?? min);

    /// <inheritdoc/>
    public override ParameterValue Default { get; }

    /// <inheritdoc/>
    public override long? Count => (long)Max - (long)Min + 1;

    // Each whole number owns the interval half a step to either side.
    private protected override (double Low, double High) Edges => (Min - 0.5, Max + 0.5);

    private protected override double Middle(long index, long count) => MappingToFeatureSpace(ParameterValue.FromInt((long)Min + index));

    /// <inheritdoc/>
    public override string? Problem(ParameterValue value) =>
        base.Problem(value) ?? (Convert.ToDouble(value.Value, CultureInfo.InvariantCulture) % 1 == 0 ? null : $"{value} is no whole number");

    /// <inheritdoc/>
    public override ParameterValue SampleFromFeatureSpace(double feature) =>
        ParameterValue.FromInt((long)Math.Round(Stretch(feature), MidpointRounding.AwayFromZero));
}
