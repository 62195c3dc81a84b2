using static MLNetCnn.Architectures.Layers;

namespace MLNetCnn.Architectures;

/// <summary>
/// LeNet-5 with ReLU and average pools. The first convolution is padded: 28×28 grey gives the classic 61 706 parameters for 10
/// classes, 32×32 colour the 83 976 of the study <c>cifar100-classic-cnns</c> for 20.
/// </summary>
internal static class LeNet
{
    public static IReadOnlyList<Architecture> All { get; } =
    [
        new(Build)
        {
            Name = "lenet-5",
            Family = "LeNet",
            Description = "two 5×5 convolutions with average pools, 120 and 84 units",
            Paper = "LeCun et al. 1998, Gradient-based learning applied to document recognition",
            MinimumSize = 12,
            Settings = [ActivationSetting(), Initializers.Setting()],
        },
    ];

    private static Sequential Build(ImageShape input, int classes, SettingValues settings)
    {
        var activation = settings.Choice("activation");
        var features = Sequential(
            ("conv1", Conv2d(input.Channels, 6, 5, padding: 2)), ("activation1", Activation(activation)), ("pool1", AvgPool2d(2)),
            ("conv2", Conv2d(6, 16, 5)), ("activation2", Activation(activation)), ("pool2", AvgPool2d(2)));
        return Initializers.Apply(WithClassifier(features, input, classes, activation, 120, 84), settings.Choice("initializer"));
    }
}
