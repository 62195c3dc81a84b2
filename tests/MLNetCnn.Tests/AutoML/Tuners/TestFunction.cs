using MLNetCnn.AutoML;

using Parameter = MLNetCnn.AutoML.Parameter;

namespace MLNetCnn.Tests.AutoML;

/// <summary>A function to minimise, with the value of its minimum and what a trial costs.</summary>
internal sealed record TestFunction(string Name, SearchSpace Space, double Minimum, Func<Parameter, double> Loss, Func<Parameter, double> Seconds)
{
    private static readonly double[,] Slopes = { { 10, 3, 17, 3.5, 1.7, 8 }, { 0.05, 10, 17, 0.1, 8, 14 }, { 3, 3.5, 1.7, 10, 17, 8 }, { 17, 8, 0.05, 10, 0.1, 14 } };

    private static readonly double[,] Places =
    {
        { 0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886 }, { 0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991 },
        { 0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650 }, { 0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381 },
    };

    private static UniformDoubleOption Unit => new(0, 1, defaultValue: 0.5);

    /// <summary>F. H. Branin, IBM J. Res. Dev. 16(5) (1972): two dimensions, three minima.</summary>
    public static TestFunction Branin { get; } = new(
        "Branin",
        new SearchSpace { { "x", new UniformDoubleOption(-5, 10, defaultValue: 2.5) }, { "y", new UniformDoubleOption(0, 15, defaultValue: 7.5) } },
        0.397887,
        at =>
        {
            var (x, y) = (at["x"].AsType<double>(), at["y"].AsType<double>());
            var bowl = y - (5.1 / (4 * Math.PI * Math.PI) * x * x) + (5 / Math.PI * x) - 6;
            return (bowl * bowl) + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x)) + 10;
        },
        _ => 1);

    /// <summary>J. K. Hartman, Naval Research Logistics 20(3) (1973): six dimensions, six minima.</summary>
    public static TestFunction Hartmann6 { get; } = new(
        "Hartmann6",
        new SearchSpace { { "x0", Unit }, { "x1", Unit }, { "x2", Unit }, { "x3", Unit }, { "x4", Unit }, { "x5", Unit } },
        -3.32237,
        at =>
        {
            double[] heights = [1, 1.2, 3, 3.2];
            return -heights.Index().Sum(peak => peak.Item * Math.Exp(-Enumerable.Range(0, 6).Sum(i => Slopes[peak.Index, i] * Math.Pow(at[$"x{i}"].AsType<double>() - Places[peak.Index, i], 2))));
        },
        _ => 1);

    /// <summary>Options of all kinds nested by choice, shaped like trainings: each mode has its own best learning rate, floor and cost.</summary>
    public static TestFunction Mixed { get; } = new(
        "Mixed",
        new SearchSpace
        {
            {
                "mode", new ChoiceOption("frozen", "partial", "scratch")
                    .When("frozen", new SearchSpace { { "rate", new UniformDoubleOption(1e-5, 1, logBase: true, 1e-3) }, { "dropout", new UniformDoubleOption(0, 0.8) } })
                    .When("partial", new SearchSpace { { "rate", new UniformDoubleOption(1e-6, 0.1, logBase: true, 1e-3) }, { "depth", new UniformIntOption(1, 8) } })
                    .When("scratch", new SearchSpace { { "rate", new UniformDoubleOption(1e-4, 1, logBase: true, 1e-2) }, { "width", new UniformIntOption(8, 256, logBase: true) } })
            },
            { "weightDecay", new UniformDoubleOption(1e-6, 0.1, logBase: true) },
            { "batch", new ChoiceOption(16, 32, 64, 128) },
        },
        0.1,
        at =>
        {
            var rate = Math.Log10(at["rate"].AsType<double>());
            var shared = (0.02 * Math.Pow(Math.Log10(at["weightDecay"].AsType<double>()) + 4, 2)) + (0.03 * Math.Abs(Math.Log2(at["batch"].AsType<int>() / 32.0)));
            return shared + at["mode"].AsType<string>() switch
            {
                "frozen" => 0.25 + (0.05 * Math.Pow(rate + 2.5, 2)) + (0.3 * Math.Pow(at["dropout"].AsType<double>() - 0.3, 2)),
                "partial" => 0.1 + (0.06 * Math.Pow(rate + 3.2 + (0.1 * (at["depth"].AsType<int>() - 4)), 2)) + (0.02 * Math.Abs(at["depth"].AsType<int>() - 5)),
                _ => 0.3 + (0.1 * Math.Pow(rate + 1.5, 2)) + (0.05 * Math.Abs(Math.Log2(at["width"].AsType<int>() / 64.0))),
            };
        },
        at => at["mode"].AsType<string>() switch { "frozen" => 1, "partial" => 3, _ => 6 });
}
