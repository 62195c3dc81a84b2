using System.Collections;
using System.Numerics;
using System.Text.RegularExpressions;

using MLNetCnn.Data;

namespace MLNetCnn.AutoML;

/// <summary>
/// What a search may choose: options by their dotted names, such as <c>transfer.head.dropout</c>, with options nested by choice. It fills
/// itself by <c>new SearchSpace { { "learningRate", new UniformDoubleOption(1e-4, 0.1, logBase: true) } }</c>.
/// </summary>
/// <remarks>
/// Every option, nested ones included, is one coordinate of a unit cube of <see cref="FeatureSpaceDim"/> dimensions, by which
/// numeric tuners see the space; the coordinates of inactive options have no effect.
/// </remarks>
public sealed partial class SearchSpace : IEnumerable<KeyValuePair<string, OptionBase>>
{
    private readonly OrderedDictionary<string, OptionBase> _options = new(StringComparer.Ordinal);
    private readonly List<SearchDimension> _dimensions = [];

    /// <summary>The option of a name at the top of the space.</summary>
    public OptionBase this[string name]
    {
        get => _options[name];
        set => Add(name, value);
    }

    /// <summary>How many options are at the top of the space.</summary>
    public int Count => _options.Count;

    /// <summary>All options, nested ones included.</summary>
    public IReadOnlyList<SearchDimension> Dimensions => _dimensions;

    /// <summary>The number of dimensions of the unit cube.</summary>
    public int FeatureSpaceDim => _dimensions.Count;

    /// <summary>The parameter of the default run: the default of every option that is active in it.</summary>
    public Parameter Default => Build(dimension => dimension.Option.Default);

    /// <summary>How many different parameters there are; null where there is no end to them.</summary>
    public BigInteger? PointCount => _options.Values.Aggregate((BigInteger?)BigInteger.One, (product, option) => product * Points(option));

    /// <summary>Adds an option of another space, which <c>[.. one, .. other]</c> joins.</summary>
    /// <param name="option">Its name, and what it may be.</param>
    /// <exception cref="ConfigurationException">As for <see cref="Add(string, OptionBase)"/>.</exception>
    public void Add(KeyValuePair<string, OptionBase> option) => Add(option.Key, option.Value);

    /// <summary>Adds an option.</summary>
    /// <param name="name">Its dotted name: words of letters, digits, '_' and '-'.</param>
    /// <param name="option">What it may be.</param>
    /// <exception cref="ConfigurationException">The name is not of that form, or it or a nested name is taken.</exception>
    public void Add(string name, OptionBase option)
    {
        var added = Flatten(name, option, _dimensions.Count, null, default).ToList();
        var problems = NameForm().IsMatch(name) ? [] : new List<string> { $"'{name}' is no name: give words of letters, digits, '_' and '-', joined by dots" };
        var taken = _dimensions.Select(dimension => dimension.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var clash in added.Skip(1).Select(dimension => dimension.Name).Distinct().Where(inner => Clash(inner, name)))
        {
            problems.Add($"'{clash}' is nested in '{name}', whose name it clashes with");
        }

        foreach (var clash in added.Select(dimension => dimension.Name).Distinct().Where(inner => taken.Any(other => Clash(inner, other))))
        {
            problems.Add($"'{clash}' clashes with another option's name: names differ, and none is the beginning of another's dotted name");
        }

        ConfigurationException.ThrowIfAny(problems);
        _options.Add(name, option);
        _dimensions.AddRange(added);
    }

    /// <summary>The parameter at a point of the unit cube.</summary>
    /// <param name="features"><see cref="FeatureSpaceDim"/> coordinates from 0 to 1, in the order of <see cref="Dimensions"/>.</param>
    public Parameter SampleFromFeatureSpace(IReadOnlyList<double> features)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(features.Count, FeatureSpaceDim);
        return Build(dimension => dimension.Option.SampleFromFeatureSpace(features[dimension.Index]));
    }

    /// <summary>A parameter's point in the unit cube; inactive options have the coordinate of their default.</summary>
    /// <exception cref="ConfigurationException">It is no parameter of this space.</exception>
    public double[] MappingToFeatureSpace(Parameter parameter)
    {
        ConfigurationException.ThrowIfAny(Problems(parameter));
        return [.. _dimensions.Select(dimension => dimension.Option.MappingToFeatureSpace(
            dimension.IsActive(parameter) ? parameter[dimension.Name] : dimension.Option.Default))];
    }

    /// <summary>A parameter drawn uniformly from the unit cube.</summary>
    public Parameter Sample(SeededRandom random) => Build(dimension => dimension.Option.SampleFromFeatureSpace(random.NextDouble()));

    /// <summary>What keeps a parameter from being one of this space: each problem with the name, the value and the rule.</summary>
    public IReadOnlyList<string> Problems(Parameter parameter)
    {
        var problems = new List<string>();
        var active = _dimensions.Where(dimension => dimension.IsActive(parameter)).ToDictionary(dimension => dimension.Name, StringComparer.Ordinal);
        problems.AddRange(active.Keys.Where(name => !parameter.ContainsKey(name)).Select(name => $"'{name}' is missing"));
        foreach (var (name, value) in parameter)
        {
            if (!active.TryGetValue(name, out var dimension))
            {
                problems.Add(_dimensions.Any(other => other.Name == name)
                    ? $"'{name}' is not active under the choices made: leave it out"
                    : $"'{name}' is no option here{CloseMatches.Hint(name, active.Keys)}");
            }
            else if (dimension.Option.Problem(value) is { } problem)
            {
                problems.Add($"'{name}': {problem}");
            }
        }

        return problems;
    }

    /// <summary>The option of a name at the top of the space; null where there is none.</summary>
    public OptionBase? TryGetOption(string name) => _options.GetValueOrDefault(name);

    /// <summary>The space with a choice at its top narrowed to one value, whose own options come to the top with it: they are active throughout.</summary>
    /// <param name="name">The name of a <see cref="ChoiceOption"/> at the top of the space.</param>
    /// <param name="choice">One of its values.</param>
    /// <exception cref="ConfigurationException">There is no such choice or value.</exception>
    public SearchSpace Restrict(string name, ParameterValue choice)
    {
        if (_options.GetValueOrDefault(name) is not ChoiceOption)
        {
            throw new ConfigurationException($"'{name}' is no choice of the space: choose from {string.Join(", ", _options.Where(pair => pair.Value is ChoiceOption).Select(pair => pair.Key))}");
        }

        var restricted = new SearchSpace();
        foreach (var (key, option) in _options)
        {
            if (key != name)
            {
                restricted.Add(key, option);
                continue;
            }

            restricted.Add(key, ((ChoiceOption)option).Only(choice));
            foreach (var (own, nested) in ((ChoiceOption)option).Nested(choice) ?? [])
            {
                restricted.Add(own, nested);
            }
        }

        return restricted;
    }

    /// <summary>The parameters of a grid, the last option changing fastest.</summary>
    /// <param name="resolution">How many values of a number are on it, at least 2; all where it has no more.</param>
    public IEnumerable<Parameter> Grid(int resolution)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 2);
        var digits = new long[FeatureSpaceDim];
        while (true)
        {
            var point = Build(dimension => dimension.Option.GridValue(digits[dimension.Index], resolution));
            yield return point;
            var next = _dimensions.LastOrDefault(dimension => dimension.IsActive(point) && digits[dimension.Index] + 1 < dimension.Option.GridCount(resolution));
            if (next is null)
            {
                yield break;
            }

            digits[next.Index]++;
            digits.AsSpan(next.Index + 1).Clear();
        }
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, OptionBase>> GetEnumerator() => _options.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // A parameter of one value per active option, made in order: what is active follows from the choices already made.
    internal Parameter Build(Func<SearchDimension, ParameterValue> value)
    {
        var values = new OrderedDictionary<string, ParameterValue>(StringComparer.Ordinal);
        var active = new bool[FeatureSpaceDim];
        foreach (var dimension in _dimensions)
        {
            active[dimension.Index] = dimension.Parent is not { } parent || (active[parent.Index] && values[parent.Name] == dimension.ParentChoice);
            if (active[dimension.Index])
            {
                values.Add(dimension.Name, value(dimension));
            }
        }

        return new Parameter(values);
    }

    private static IEnumerable<SearchDimension> Flatten(string name, OptionBase option, int index, SearchDimension? parent, ParameterValue parentChoice)
    {
        var self = new SearchDimension(index++, name, option, parent, parentChoice);
        yield return self;
        foreach (var choice in (option as ChoiceOption)?.Choices ?? [])
        {
            foreach (var (innerName, innerOption) in ((ChoiceOption)option).Nested(choice) ?? [])
            {
                foreach (var inner in Flatten(innerName, innerOption, index, self, choice))
                {
                    yield return inner;
                    index++;
                }
            }
        }
    }

    private static BigInteger? Points(OptionBase option) => option is ChoiceOption choice
        ? choice.Choices.Aggregate((BigInteger?)BigInteger.Zero, (sum, value) => sum + (choice.Nested(value) is { } nested ? nested.PointCount : BigInteger.One))
        : option.Count;

    private static bool Clash(string one, string other) =>
        one == other || one.StartsWith(other + ".", StringComparison.Ordinal) || other.StartsWith(one + ".", StringComparison.Ordinal);

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)*$")]
    private static partial Regex NameForm();
}
