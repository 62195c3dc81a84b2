using MLNetCnn.AutoML;

namespace MLNetCnn.Tests.AutoML;

/// <summary>Spaces that tests of search spaces, tuners and stores share.</summary>
internal static class TestSpaces
{
    /// <summary>Every kind of option, nested by choice, with one name in two branches.</summary>
    public static SearchSpace Conditional() => new()
    {
        {
            "mode", new ChoiceOption("frozen", "partial", "scratch")
                .When("frozen", new SearchSpace
                {
                    { "learningRate", new UniformDoubleOption(1e-5, 1, logBase: true, defaultValue: 1e-3) },
                    { "head.dropout", new UniformSingleOption(0, 0.8f, defaultValue: 0.2f) },
                })
                .When("scratch", new SearchSpace
                {
                    { "learningRate", new UniformDoubleOption(1e-4, 1, logBase: true, defaultValue: 1e-2) },
                    { "width", new UniformIntOption(8, 256, logBase: true, defaultValue: 16) },
                    { "norm", new ChoiceOption(new object[] { true, false }, true).When(true, new SearchSpace { { "momentum", new UniformDoubleOption(0.5, 0.99) } }) },
                })
        },
        { "weightDecay", new UniformDoubleOption(1e-6, 1e-1, logBase: true) },
        { "batchSize", new ChoiceOption(16, 32, 64, 128) },
        { "layers", new UniformIntOption(-1, 3, defaultValue: 0) },
    };

    /// <summary>12 points: 2 × 3 under one mode, 5 under the other, and one alone.</summary>
    public static SearchSpace Finite() => new()
    {
        {
            "mode", new ChoiceOption("a", "b", "c")
                .When("a", new SearchSpace { { "x", new ChoiceOption(1, 2) }, { "y", new UniformIntOption(4, 6) } })
                .When("b", new SearchSpace { { "x", new UniformIntOption(1, 5, logBase: true) } })
        },
    };
}
