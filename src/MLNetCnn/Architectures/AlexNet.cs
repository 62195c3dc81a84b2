using static MLNetCnn.Architectures.Layers;

namespace MLNetCnn.Architectures;

/// <summary>AlexNet as torchvision has it, and its form for 32×32 images in the study <c>cifar100-classic-cnns</c>.</summary>
internal static class AlexNet
{
    public static IReadOnlyList<Architecture> All { get; } =
    [
        new(Torchvision)
        {
            Name = "alexnet",
            Family = "AlexNet",
            Description = "five convolutions, two dense layers; torchvision's form and weight names",
            Paper = "Krizhevsky 2014, One weird trick for parallelizing convolutional neural networks",
            MinimumSize = 63,
            Settings = [ArchitectureSetting.Dropout(0.5), ArchitectureSetting.Hidden(4096)],
        },
        new(Cifar)
        {
            Name = "alexnet-cifar",
            Family = "AlexNet",
            Description = "AlexNet for small images: BatchNorm after each convolution, no pools",
            Paper = "study cifar100-classic-cnns, after Krizhevsky et al. 2012",
            MinimumSize = 11,
            Settings = [ArchitectureSetting.Dropout(0.5), ArchitectureSetting.Hidden(4096), Initializers.Setting()],
        },
    ];

    private static Sequential Torchvision(ImageShape input, int classes, SettingValues settings)
    {
        var (dropout, hidden) = (settings.Number("dropout"), settings.Whole("hidden"));
        return Sequential(
            ("features", Sequential(
                Conv2d(input.Channels, 64, 11, stride: 4, padding: 2), ReLU(), MaxPool2d(3, stride: 2),
                Conv2d(64, 192, 5, padding: 2), ReLU(), MaxPool2d(3, stride: 2),
                Conv2d(192, 384, 3, padding: 1), ReLU(),
                Conv2d(384, 256, 3, padding: 1), ReLU(),
                Conv2d(256, 256, 3, padding: 1), ReLU(), MaxPool2d(3, stride: 2))),
            ("avgpool", AdaptiveAvgPool2d(6)),
            ("flatten", Flatten()),
            ("classifier", Sequential(
                Dropout(dropout), Linear(256 * 6 * 6, hidden), ReLU(),
                Dropout(dropout), Linear(hidden, hidden), ReLU(),
                Linear(hidden, classes))));
    }

    // Unpadded, the first convolution leaves 6×6 of 32×32: the 9216 features of the original.
    private static Sequential Cifar(ImageShape input, int classes, SettingValues settings)
    {
        var layers = new List<Module<Tensor, Tensor>>();
        var channels = (long)input.Channels;
        foreach (var (filters, kernel) in new[] { (96, 11), (256, 5), (384, 3), (384, 3), (256, 3) })
        {
            var first = layers.Count == 0;
            layers.AddRange([Conv2d(channels, filters, kernel, stride: first ? 4 : 1, padding: first ? 0 : kernel / 2), KerasBatchNorm(filters), ReLU()]);
            channels = filters;
        }

        var features = Sequential(layers);
        var (dropout, hidden) = (settings.Number("dropout"), settings.Whole("hidden"));
        var classifier = Sequential(
            Linear(FeatureCount(features, input), hidden), ReLU(), Dropout(dropout),
            Linear(hidden, hidden), ReLU(), Dropout(dropout),
            Linear(hidden, classes));
        return Initializers.Apply(
            Sequential(("features", features), ("flatten", Flatten()), ("classifier", classifier)), settings.Choice("initializer"));
    }
}
