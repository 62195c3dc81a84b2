using MLNetCnn.Data;

namespace MLNetCnn.AutoML;

/// <summary>
/// A density over options that are active together: a mixture of one kernel per trial, the product over options of a normal one
/// truncated to the unit interval or, for a choice, of one that favours the trial's own, and of one broad kernel so that nothing is
/// impossible. The width is Scott's: 0.2·n^(-1/(d+4)), for n trials and d options.
/// </summary>
internal sealed class ParzenDensity
{
    private readonly IReadOnlyList<SearchDimension> _dimensions;
    private readonly IReadOnlyList<double[]> _centres;
    private readonly double _width;
    private readonly double[] _logScale;

    /// <param name="dimensions">The options.</param>
    /// <param name="centres">For every trial, the coordinates of the options; may be empty.</param>
    public ParzenDensity(IReadOnlyList<SearchDimension> dimensions, IReadOnlyList<double[]> centres)
    {
        (_dimensions, _centres) = (dimensions, centres);
        var scott = 0.2 * Math.Pow(Math.Max(1, centres.Count), -1.0 / (dimensions.Count + 4));
        _width = Math.Max(scott, 1.0 / Math.Min(100, centres.Count + 1.0));
        _logScale = [.. Enumerable.Range(0, centres.Count + 1).Select(kernel => dimensions.Index()
            .Where(item => item.Item.Option is UniformNumericOption)
            .Sum(item => TruncatedNormal.LogScale(Mean(kernel, item.Index), Deviation(kernel))))];
    }

    /// <summary>Draws a point; a choice's coordinate is the middle of its interval.</summary>
    public double[] Sample(SeededRandom random)
    {
        var kernel = random.NextInt(_centres.Count + 1);
        return [.. _dimensions.Select((dimension, i) => dimension.Option is ChoiceOption choice
            ? SampleChoice(choice, kernel < _centres.Count ? _centres[kernel][i] : null, random)
            : TruncatedNormal.Sample(Mean(kernel, i), Deviation(kernel), random))];
    }

    /// <summary>The logarithm of the density at a point.</summary>
    public double LogDensity(double[] point)
    {
        var logs = _logScale.ToArray();
        for (var i = 0; i < _dimensions.Count; i++)
        {
            var choice = _dimensions[i].Option as ChoiceOption;
            for (var kernel = 0; kernel < logs.Length; kernel++)
            {
                var away = (point[i] - Mean(kernel, i)) / Deviation(kernel);
                logs[kernel] += choice is null ? -0.5 * away * away : Math.Log(Probability(choice, kernel < _centres.Count ? _centres[kernel][i] : null, point[i]));
            }
        }

        var highest = logs.Max();
        return highest + Math.Log(logs.Sum(log => Math.Exp(log - highest)) / logs.Length);
    }

    // The last kernel is the broad one.
    private double Mean(int kernel, int dimension) => kernel < _centres.Count ? _centres[kernel][dimension] : 0.5;

    private double Deviation(int kernel) => kernel < _centres.Count ? _width : 1;

    private double SampleChoice(ChoiceOption choice, double? centre, SeededRandom random)
    {
        var other = Other(choice);
        var (count, draw) = ((int)choice.Count!, random.NextDouble());
        return centre is { } own && draw >= other * count ? own : (random.NextInt(count) + 0.5) / count;
    }

    private double Probability(ChoiceOption choice, double? centre, double at) =>
        centre is not { } own ? 1.0 / choice.Count!.Value
        : Other(choice) + (Index(own, choice) == Index(at, choice) ? 1 - (Other(choice) * choice.Count!.Value) : 0);

    // The probability of each value that is not the trial's own: one count spread over all kernels and values.
    private double Other(ChoiceOption choice) => 1.0 / (_centres.Count + 1.0 + choice.Count!.Value);

    private static int Index(double feature, ChoiceOption choice) => (int)(feature * choice.Count!.Value);
}
