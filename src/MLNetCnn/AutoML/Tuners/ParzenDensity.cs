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

    /// <param name="dimensions">The options.</param>
    /// <param name="centres">For every trial, the coordinates of the options; may be empty.</param>
    public ParzenDensity(IReadOnlyList<SearchDimension> dimensions, IReadOnlyList<double[]> centres)
    {
        (_dimensions, _centres) = (dimensions, centres);
        var scott = 0.2 * Math.Pow(Math.Max(1, centres.Count), -1.0 / (dimensions.Count + 4));
        _width = Math.Max(scott, 1.0 / Math.Min(100, centres.Count + 1.0));
    }

    /// <summary>Draws a point; a choice's coordinate is the middle of its interval.</summary>
    public double[] Sample(SeededRandom random)
    {
        var kernel = random.NextInt(_centres.Count + 1);
        var centre = kernel < _centres.Count ? _centres[kernel] : null;
        return [.. _dimensions.Select((dimension, i) => dimension.Option switch
        {
            ChoiceOption choice => SampleChoice(choice, centre?[i], random),
            _ => TruncatedNormal.Sample(centre?[i] ?? 0.5, centre is null ? 1 : _width, random),
        })];
    }

    /// <summary>The logarithm of the density at a point.</summary>
    public double LogDensity(double[] point)
    {
        var logs = new double[_centres.Count + 1];
        for (var kernel = 0; kernel < logs.Length; kernel++)
        {
            var centre = kernel < _centres.Count ? _centres[kernel] : null;
            foreach (var (i, dimension) in _dimensions.Index())
            {
                logs[kernel] += dimension.Option is ChoiceOption choice
                    ? Math.Log(Probability(choice, centre?[i], point[i]))
                    : TruncatedNormal.LogDensity(point[i], centre?[i] ?? 0.5, centre is null ? 1 : _width);
            }
        }

        var highest = logs.Max();
        return highest + Math.Log(logs.Sum(log => Math.Exp(log - highest)) / logs.Length);
    }

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
