using static MLNetCnn.Architectures.Layers;

namespace MLNetCnn.Architectures;

/// <summary>The plain networks of the study <c>animals-transfer</c>, for photos of about 100×100 pixels; unpadded 3×3 convolutions.</summary>
internal static class PhotoCnns
{
    private const string Study = "study animals-transfer";

    public static IReadOnlyList<Architecture> All { get; } =
    [
        new((input, classes, settings) => Initializers.Apply(WithClassifier(Simple(input.Channels), input, classes, "relu"), settings.Choice("initializer")))
        {
            Name = "simple-cnn",
            Family = "photo CNNs",
            Description = "32 filters, pool, 64 filters, and the classes at once",
            Paper = Study,
            MinimumSize = 8,
            Settings = [Initializers.Setting()],
        },
        new((input, classes, settings) => Initializers.Apply(
            WithClassifier(Mid(input.Channels, settings.Number("dropout")), input, classes, "relu", 128), settings.Choice("initializer")))
        {
            Name = "mid-cnn",
            Family = "photo CNNs",
            Description = "pairs of 32, 64 and 128 filters, each with a pool and dropout; 128 units",
            Paper = Study,
            MinimumSize = 36,
            Settings = [ArchitectureSetting.Dropout(0.25), Initializers.Setting()],
        },
    ];

    private static Sequential Simple(long channels) => Sequential(
        ("conv1", Conv2d(channels, 32, 3)), ("relu1", ReLU()), ("pool1", MaxPool2d(2)),
        ("conv2", Conv2d(32, 64, 3)), ("relu2", ReLU()));

    private static Sequential Mid(long channels, double dropout)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        foreach (var filters in new[] { 32L, 64, 128 })
        {
            layers.AddRange(
            [
                ($"conv{filters}_1", Conv2d(channels, filters, 3)), ($"relu{filters}_1", ReLU()),
                ($"conv{filters}_2", Conv2d(filters, filters, 3)), ($"relu{filters}_2", ReLU()),
                ($"pool{filters}", MaxPool2d(2)), ($"dropout{filters}", Dropout(dropout)),
            ]);
            channels = filters;
        }

        return Sequential(layers);
    }
}
