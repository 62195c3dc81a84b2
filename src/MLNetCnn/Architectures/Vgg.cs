using MLNetCnn.Architectures.Blocks;
using static MLNetCnn.Architectures.Layers;

namespace MLNetCnn.Architectures;

/// <summary>VGG as torchvision has it, and its form for 32×32 images in the study <c>cifar100-classic-cnns</c>.</summary>
internal static class Vgg
{
    private const string Paper = "Simonyan and Zisserman 2014, Very deep convolutional networks for large-scale image recognition";

    // Filters of each block's convolutions.
    private static readonly int[][] Vgg11 = [[64], [128], [256, 256], [512, 512], [512, 512]];
    private static readonly int[][] Vgg16 = [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]];

    public static IReadOnlyList<Architecture> All { get; } =
    [
        Define("vgg-11", "eleven layers; torchvision's form and weight names", Vgg11, normalised: false),
        Define("vgg-16", "sixteen layers; torchvision's form and weight names", Vgg16, normalised: false),
        Define("vgg-16-bn", "vgg-16 with BatchNorm; torchvision's form and weight names", Vgg16, normalised: true),
        new(Cifar)
        {
            Name = "vgg-16-cifar",
            Family = "VGG",
            Description = "VGG-16 with BatchNorm for small images: 3×3 pools of stride 2 after the first two blocks only",
            Paper = "study cifar100-classic-cnns, after " + Paper,
            MinimumSize = 7,
            Settings = [ArchitectureSetting.Dropout(0.5), ArchitectureSetting.Hidden(4096), Initializers.Setting()],
        },
    ];

    private static Architecture Define(string name, string description, int[][] blocks, bool normalised) => new((input, classes, settings) =>
    {
        var groups = Groups(input.Channels, blocks, normalised ? filters => BatchNorm2d(filters) : null, _ => MaxPool2d(2, stride: 2));
        var classifier = classes == 0 ? null : Classifier(512 * 7 * 7, classes, settings);
        return Initializers.Fill(
            new FeatureNetwork("VGG", groups, 512, classifier, positions: 7), Initializers.KaimingFanOut, weight => init.normal_(weight, 0, 0.01));
    })
    {
        Name = name,
        Family = "VGG",
        Description = description,
        Paper = Paper,
        MinimumSize = 32,
        Settings = [ArchitectureSetting.Dropout(0.5), ArchitectureSetting.Hidden(4096)],
    };

    // Each convolution with what follows it; the pool belongs to the last of its block.
    private static List<(string Stage, Module<Tensor, Tensor>[] Layers)> Groups(
        long channels, int[][] blocks, Func<long, Module<Tensor, Tensor>>? norm, Func<int, Module<Tensor, Tensor>?> pool)
    {
        var groups = new List<(string Stage, Module<Tensor, Tensor>[] Layers)>();
        foreach (var (i, block) in blocks.Index())
        {
            foreach (var (j, filters) in block.Index())
            {
                Module<Tensor, Tensor>?[] layers =
                    [Conv2d(channels, filters, 3, padding: 1), norm?.Invoke(filters), ReLU(inplace: true), j == block.Length - 1 ? pool(i) : null];
                groups.Add(($"block{i + 1}", [.. layers.OfType<Module<Tensor, Tensor>>()]));
                channels = filters;
            }
        }

        return groups;
    }

    // The pools leave 7×7 of 32×32: the 25 088 features of the original.
    private static Sequential Cifar(ImageShape input, int classes, SettingValues settings)
    {
        var groups = Groups(input.Channels, Vgg16, KerasBatchNorm, block => block < 2 ? MaxPool2d(3, stride: 2) : null);
        var features = Sequential(groups.SelectMany(group => group.Layers));
        return Initializers.Apply(
            Sequential(
                ("features", features), ("flatten", Flatten()),
                ("classifier", Classifier(FeatureCount(features, input), classes, settings))),
            settings.Choice("initializer"));
    }

    private static Sequential Classifier(long width, int classes, SettingValues settings)
    {
        var (dropout, hidden) = (settings.Number("dropout"), settings.Whole("hidden"));
        return Sequential(
            Linear(width, hidden), ReLU(), Dropout(dropout),
            Linear(hidden, hidden), ReLU(), Dropout(dropout),
            Linear(hidden, classes));
    }
}
