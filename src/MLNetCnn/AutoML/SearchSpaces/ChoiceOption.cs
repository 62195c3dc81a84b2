using System.Collections.Immutable;

namespace MLNetCnn.AutoML;

/// <summary>One of some values, each of which may bring options of its own: a nested space that is active under that choice only.</summary>
/// <remarks>Immutable.</remarks>
public sealed class ChoiceOption : OptionBase
{
    private readonly ImmutableArray<ParameterValue> _choices;
    private readonly ImmutableDictionary<int, SearchSpace> _nested;
    private readonly int _default;

    /// <summary>A choice whose default is the first value.</summary>
    /// <param name="choices">Different values: numbers, true and false, texts or an enumeration's; at least one.</param>
    /// <exception cref="ConfigurationException">There is none, or one stands there twice.</exception>
    public ChoiceOption(params object[] choices)
        : this(choices, null)
    {
    }

    /// <summary>A choice.</summary>
    /// <param name="choices">Different values: numbers, true and false, texts or an enumeration's; at least one.</param>
    /// <param name="defaultChoice">The default run's, one of the choices; the first where it is null.</param>
    /// <exception cref="ConfigurationException">There is none, one stands there twice, or the default is none of them.</exception>
    public ChoiceOption(object[] choices, object? defaultChoice)
    {
        _choices = [.. choices.Select(ParameterValue.From)];
        _nested = ImmutableDictionary<int, SearchSpace>.Empty;
        var problems = _choices.GroupBy(choice => choice).Where(group => group.Count() > 1).Select(group => $"{group.Key} stands among the choices {group.Count()} times").ToList();
        if (_choices.IsEmpty)
        {
            problems.Add("a choice of nothing: give at least one value");
        }

        if (defaultChoice is not null && Problem(ParameterValue.From(defaultChoice)) is { } problem)
        {
            problems.Add($"the default: {problem}");
        }

        ConfigurationException.ThrowIfAny(problems);
        _default = defaultChoice is null ? 0 : IndexOf(ParameterValue.From(defaultChoice));
    }

    private ChoiceOption(ImmutableArray<ParameterValue> choices, ImmutableDictionary<int, SearchSpace> nested, int @default) =>
        (_choices, _nested, _default) = (choices, nested, @default);

    /// <summary>The values, in the order given.</summary>
    public IReadOnlyList<ParameterValue> Choices => _choices;

    /// <inheritdoc/>
    public override ParameterValue Default => _choices[_default];

    /// <inheritdoc/>
    public override long? Count => _choices.Length;

    /// <summary>The same choice, with a space of options that are active where <paramref name="choice"/> is chosen.</summary>
    /// <param name="choice">One of the choices that has no space yet.</param>
    /// <param name="space">Its options. Spaces of different choices may use the same names with other bounds.</param>
    /// <exception cref="ConfigurationException">It is none of the choices, or has a space already.</exception>
    public ChoiceOption When(object choice, SearchSpace space)
    {
        var value = ParameterValue.From(choice);
        Check(value);
        return _nested.ContainsKey(IndexOf(value))
            ? throw new ConfigurationException($"{value} has a nested space already")
            : new(_choices, _nested.Add(IndexOf(value), space), _default);
    }

    /// <summary>The space that a choice brings; null where it brings none.</summary>
    public SearchSpace? Nested(ParameterValue choice) => _nested.GetValueOrDefault(IndexOf(choice));

    /// <inheritdoc/>
    public override ParameterValue SampleFromFeatureSpace(double feature) =>
        _choices[Math.Clamp((int)(feature * _choices.Length), 0, _choices.Length - 1)];

    /// <inheritdoc/>
    public override double MappingToFeatureSpace(ParameterValue value)
    {
        Check(value);
        return Middle(IndexOf(value), _choices.Length);
    }

    /// <inheritdoc/>
    public override string? Problem(ParameterValue value) => IndexOf(value) >= 0
        ? null
        : $"{value} is none of {string.Join(", ", _choices)}{CloseMatches.Hint(value.ToString(), _choices.Select(choice => choice.ToString()))}";

    internal int IndexOf(ParameterValue value) => _choices.IndexOf(value);

    // The choice narrowed to one of its values, without the options that this brings.
    internal ChoiceOption Only(ParameterValue value)
    {
        Check(value);
        return new([value], ImmutableDictionary<int, SearchSpace>.Empty, 0);
    }
}
