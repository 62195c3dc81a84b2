namespace MLNetCnn.AutoML;

/// <summary>What one named setting may be: the base of <see cref="UniformNumericOption"/> and <see cref="ChoiceOption"/>.</summary>
public abstract class OptionBase
{
    private protected OptionBase()
    {
    }

    /// <summary>The value of the default run, and of a frugal search's start: known to work and cheap.</summary>
    public abstract ParameterValue Default { get; }

    /// <summary>How many different values there are; null where they are continuous.</summary>
    public abstract long? Count { get; }

    /// <summary>The value at a place of the unit interval; equal lengths are equally likely values.</summary>
    /// <param name="feature">From 0 to 1; what lies outside counts as the nearer end.</param>
    public abstract ParameterValue SampleFromFeatureSpace(double feature);

    /// <summary>
    /// A value's place in the unit interval, which <see cref="SampleFromFeatureSpace"/> takes back to the value: exactly where
    /// values can be counted, to rounding where they are continuous.
    /// </summary>
    /// <exception cref="ConfigurationException">It is no value of the option.</exception>
    public abstract double MappingToFeatureSpace(ParameterValue value);

    /// <summary>What keeps a value from being one of the option's; null where it is one.</summary>
    public abstract string? Problem(ParameterValue value);

    // Of a number, a grid has at most `resolution` values: all where there are no more, else evenly spaced ones with both ends.
    internal long GridCount(int resolution) => Count is { } count && (count <= resolution || this is ChoiceOption) ? count : resolution;

    internal ParameterValue GridValue(long index, int resolution)
    {
        var count = GridCount(resolution);
        return SampleFromFeatureSpace(count == Count ? Middle(index, count) : (double)index / (count - 1));
    }

    // The middle of the interval that belongs to the index-th of countable values.
    private protected virtual double Middle(long index, long count) => (index + 0.5) / count;

    private protected void Check(ParameterValue value)
    {
        if (Problem(value) is { } problem)
        {
            throw new ConfigurationException(problem);
        }
    }
}
