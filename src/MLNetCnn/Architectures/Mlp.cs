using static MLNetCnn.Architectures.Layers;

namespace MLNetCnn.Architectures;

/// <summary>A multilayer perceptron on the pixels: the grid of the study <c>fashion-mnist-cnns</c>; its best network is the default.</summary>
internal static class Mlp
{
    public static IReadOnlyList<Architecture> All { get; } =
    [
        new(Build)
        {
            Name = "mlp",
            Family = "MLP",
            Description = "equal dense layers on the pixels",
            Paper = "study fashion-mnist-cnns",
            Settings =
            [
                ArchitectureSetting.Whole("layers", "hidden layers", 3, 0, 20),
                ArchitectureSetting.Whole("units", "units of each hidden layer", 500, 1, 100_000),
                ActivationSetting(),
                ArchitectureSetting.Dropout(0),
                Initializers.Setting("lecun_uniform"),
            ],
        },
    ];

    private static Sequential Build(ImageShape input, int classes, SettingValues settings)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)> { ("flatten", Flatten()) };
        var (width, units, dropout) = ((long)input.Channels * input.Height * input.Width, settings.Whole("units"), settings.Number("dropout"));
        for (var i = 1; i <= settings.Whole("layers"); i++)
        {
            layers.Add(($"dense{i}", Linear(width, units)));
            layers.Add(($"activation{i}", Activation(settings.Choice("activation"))));
            if (dropout > 0)
            {
                layers.Add(($"dropout{i}", Dropout(dropout)));
            }

            width = units;
        }

        layers.Add(("output", Linear(width, classes)));
        return Initializers.Apply(Sequential(layers), settings.Choice("initializer"));
    }
}
