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

    private static Architecture Define(string name, string description, int[][] blocks, bool normalised) => new(
        (input, classes, settings) => Torchvision(
            Features(input.Channels, blocks, normalised ? filters => BatchNorm2d(filters) : null, _ => MaxPool2d(2, stride: 2)),
            classes, settings))
    {
        Name = name,
        Family = "VGG",
        Description = description,
        Paper = Paper,
        MinimumSize = 32,
        Settings = [ArchitectureSetting.Dropout(0.5), ArchitectureSetting.Hidden(4096)],
    };

    private static Sequential Features(
        long channels, int[][] blocks, Func<long, Module<Tensor, Tensor>>? norm, Func<int, Module<Tensor, Tensor>?> pool)
    {
        var layers = new List<Module<Tensor, Tensor>>();
        foreach (var (i, block) in blocks.Index())
        {
            foreach (var filters in block)
            {
                layers.Add(Conv2d(channels, filters, 3, padding: 1));
                if (norm is not null)
                {
                    layers.Add(norm(filters));
                }

                layers.Add(ReLU());
                channels = filters;
            }

            if (pool(i) is { } layer)
            {
                layers.Add(layer);
            }
        }

        return Sequential(layers);
    }

    private static Sequential Torchvision(Sequential features, int classes, SettingValues settings)
    {
        var network = Sequential(
            ("features", features), ("avgpool", AdaptiveAvgPool2d(7)), ("flatten", Flatten()),
            ("classifier", Classifier(512 * 7 * 7, classes, settings)));
        foreach (var (name, parameter) in network.named_parameters())
        {
            switch (parameter.dim())
            {
                case 4:
                    init.kaiming_normal_(parameter, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
                    break;
                case 2:
                    init.normal_(parameter, 0, 0.01);
                    break;
                default:
                    if (name.EndsWith("bias", StringComparison.Ordinal))
                    {
                        init.zeros_(parameter);
                    }

                    break;
            }
        }

        return network;
    }

    // The pools leave 7×7 of 32×32: the 25 088 features of the original.
    private static Sequential Cifar(ImageShape input, int classes, SettingValues settings)
    {
        var features = Features(input.Channels, Vgg16, KerasBatchNorm, block => block < 2 ? MaxPool2d(3, stride: 2) : null);
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
