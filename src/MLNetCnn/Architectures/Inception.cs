using static MLNetCnn.Architectures.Layers;

namespace MLNetCnn.Architectures;

/// <summary>Networks whose blocks look at an image through kernels of several sizes at once (Szegedy et al. 2014).</summary>
internal sealed class Inception : Module<Tensor, Tensor>
{
    private readonly ModuleList<Module<Tensor, Tensor>> branches;

    private Inception(long channels, long filters)
        : base("Inception")
    {
        branches = ModuleList<Module<Tensor, Tensor>>(
            Sequential(Conv2d(channels, filters, 1), ReLU()),
            Sequential(Conv2d(channels, filters, 3, padding: 1), ReLU()),
            Sequential(Conv2d(channels, filters, 5, padding: 2), ReLU()));
        RegisterComponents();
    }

    public static IReadOnlyList<Architecture> All { get; } =
    [
        new((input, classes, settings) => Initializers.Apply(
            WithClassifier(Features(input.Channels), input, classes, "relu", 1000), settings.Choice("initializer")))
        {
            Name = "inception-small",
            Family = "Inception",
            Description = "three inception blocks, each with a 7×7 reduction of stride 2 behind it; 1000 units",
            Paper = "study animals-transfer, after Szegedy et al. 2014, Going deeper with convolutions",
            MinimumSize = 8,
            Settings = [Initializers.Setting()],
        },
    ];

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(cat([.. branches.Select(branch => branch.call(input))], 1));
    }

    private static Sequential Features(long channels)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        foreach (var (i, (filters, reduced)) in new[] { (16L, 32L), (32, 64), (64, 64) }.Index())
        {
            layers.AddRange(
            [
                ($"inception{i + 1}", new Inception(channels, filters)),
                ($"reduction{i + 1}", Conv2d(3 * filters, reduced, 7, stride: 2, padding: 3)), ($"relu{i + 1}", ReLU()),
            ]);
            channels = reduced;
        }

        return Sequential(layers);
    }
}
