using static MLNetCnn.Architectures.Layers;

namespace MLNetCnn.Architectures;

/// <summary>The small convolutional networks of the study <c>fashion-mnist-cnns</c>, with 32 filters of 3×3 and unpadded convolutions.</summary>
internal static class SmallCnns
{
    private const string Study = "study fashion-mnist-cnns";
    private const int Filters = 32;

    public static IReadOnlyList<Architecture> All { get; } =
    [
        Define("convnn-1", "one convolution, pool, 100 units", 4, null, [100], (input, _) => [.. Stage(input.Channels)]),
        Define("convnn-2", "convnn-1 with dropout after the pool", 4, 0.15, [100], (input, dropout) => [.. Stage(input.Channels), ("dropout", Dropout(dropout))]),
        Define("convnn-3", "three convolutions, 100 units", 12, null, [100], (input, _) => [.. Stage(input.Channels), .. Pair()]),
        Define("convnn-3a", "convnn-3 with dropout after each convolutional stage", 12, 0.1, [100], Dropped),
        Define("convnn-4", "convnn-3a with 1000, 500 and 100 units", 12, 0.1, [1000, 500, 100], Dropped),
        Define("convnn-6", "one separable convolution, pool, 100 units", 4, null, [100], (input, _) => [.. Separable(input.Channels), ("pool", MaxPool2d(2))]),
        Define("convnn-7", "one depthwise convolution as large as the image, 100 units", 1, null, [100], (input, _) => [("depthwise", WholeImage(input)), ("relu", ReLU())]),
        Define("convnn-8", "one transposed convolution, pool, 100 units", 1, null, [100], (input, _) => [("conv", ConvTranspose2d(input.Channels, Filters, 3)), ("relu", ReLU()), ("pool", MaxPool2d(2))]),
    ];

    private static Architecture Define(
        string name, string description, int minimum, double? dropout, long[] hidden,
        Func<ImageShape, double, List<(string, Module<Tensor, Tensor>)>> features) => new(
            (input, classes, settings) => Initializers.Apply(
                WithClassifier(Sequential(features(input, dropout is null ? 0 : settings.Number("dropout"))), input, classes, "relu", hidden),
                settings.Choice("initializer")))
        {
            Name = name,
            Family = "small CNNs",
            Description = description,
            Paper = Study,
            MinimumSize = minimum,
            Settings = dropout is { } share ? [ArchitectureSetting.Dropout(share), Initializers.Setting()] : [Initializers.Setting()],
        };

    private static (string, Module<Tensor, Tensor>)[] Stage(long channels) =>
        [("conv1", Conv2d(channels, Filters, 3)), ("relu1", ReLU()), ("pool1", MaxPool2d(2))];

    private static (string, Module<Tensor, Tensor>)[] Pair() =>
        [("conv2", Conv2d(Filters, Filters, 3)), ("relu2", ReLU()), ("conv3", Conv2d(Filters, Filters, 3)), ("relu3", ReLU())];

    private static List<(string, Module<Tensor, Tensor>)> Dropped(ImageShape input, double dropout) =>
        [.. Stage(input.Channels), ("dropout1", Dropout(dropout)), .. Pair(), ("dropout2", Dropout(dropout))];

    // As Keras has it: the bias belongs to the pointwise half alone.
    private static (string, Module<Tensor, Tensor>)[] Separable(long channels) =>
    [
        ("depthwise", Conv2d(channels, channels, 3, groups: channels, bias: false)),
        ("pointwise", Conv2d(channels, Filters, 1)),
        ("relu", ReLU()),
    ];

    private static Module<Tensor, Tensor> WholeImage(ImageShape input) =>
        Conv2d(input.Channels, input.Channels, (input.Height, input.Width), groups: input.Channels);
}
