using MLNetCnn.Architectures;
using MLNetCnn.Imaging;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Architectures;

public sealed class BackboneTests
{
    private static readonly ArchitectureSettings Keras = new(new() { ["form"] = "keras" });

    public static TheoryData<string> Names => [.. ArchitectureCatalog.All.Where(architecture => architecture.IsBackbone).Select(architecture => architecture.Name)];

    /// <summary>Parameters for 1000 classes: torchvision's figures without, Keras's with BatchNorm's statistics.</summary>
    public static TheoryData<string, bool, long> Published => new()
    {
        { "resnet-18", false, 11_689_512 },
        { "resnet-34", false, 21_797_672 },
        { "resnet-50", false, 25_557_032 },
        { "resnet-50", true, 25_636_712 },
        { "resnet-101", false, 44_549_160 },
        { "resnet-101", true, 44_707_176 },
        { "mobilenet-v2", false, 3_504_872 },
        { "resnet-50-v2", true, 25_613_800 },
        { "mobilenet-v2", true, 3_538_984 },
        { "mobilenet-v3-small", false, 2_542_856 },
        { "mobilenet-v3-large", false, 5_483_032 },
        { "inception-v3", false, 23_834_568 },
        { "xception", true, 22_910_480 },
        { "efficientnet-b0", false, 5_288_548 },
        { "efficientnet-v2-b0", true, 7_200_312 },
        { "efficientnet-v2-s", false, 21_458_488 },
        { "vgg-16", false, 138_357_544 },
        { "convnext-tiny", false, 28_589_128 },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void For_ImageNet_it_has_the_published_number_of_parameters(string name, bool keras, long parameters)
    {
        var settings = keras && ArchitectureCatalog.Get(name).Settings.Any(setting => setting.Name == "form") ? Keras : null;
        using var network = ArchitectureCatalog.Create(name, new(3, 224, 224), 1000, settings);
        var counts = NetworkSummary.Count(network);
        Assert.Equal(parameters, keras ? counts.Total : counts.Trainable);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_a_head_it_is_blocks_that_can_be_run_in_parts_and_trained(string name)
    {
        using var scope = NewDisposeScope();
        var size = ArchitectureCatalog.Get(name).MinimumSize + 1;
        manual_seed(1);
        using var network = ArchitectureCatalog.CreateBackbone(name, new(1, size, size));
        Assert.DoesNotContain(network.state_dict().Keys, key => key.StartsWith(network.HeadPrefix, StringComparison.Ordinal));
        AssertBlocks(network);
        var images = rand([2, 1, size, size]);
        AssertParts(network, images);

        // What is changed in place must not be what a gradient needs.
        network.Features(images).square().mean().backward();
        Assert.All(network.named_parameters(), entry => Assert.True(entry.parameter.grad is not null, entry.name));
    }

    private static void AssertBlocks(Backbone network)
    {
        Assert.Equal(network.Blocks.Count, network.Blocks.Select(block => block.Name).Distinct().Count());
        Assert.Equal(network.parameters().Count(), network.Blocks.SelectMany(block => block.Layers).Sum(layer => layer.parameters().Count()));
        var stages = network.Blocks.Select(block => block.Stage).ToList();
        Assert.Equal(stages.Distinct().Count(), 1 + stages.Zip(stages.Skip(1)).Count(pair => pair.First != pair.Second));
    }

    private static void AssertParts(Backbone network, Tensor images)
    {
        using var untracked = no_grad();
        network.eval();
        var before = images.clone();
        var cut = network.Blocks.Count / 2;
        var half = network.Features(images, 0, cut);
        var kept = half.clone();
        var handles = live_handles;
        var features = network.Features(half, cut, network.Blocks.Count);
        Assert.Equal(handles + 1, live_handles);
        Assert.Equal([2, network.FeatureChannels], features.shape[..2]);
        Assert.True(features.equal(network.Features(images)));
        Assert.True(before.equal(images) && kept.equal(half), "a block changed what it was given");
        network.train();
    }

    [Fact]
    public void The_published_MobileNetV2_names_the_photographs_right()
    {
        var photos = SharedData.Require("photos");
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var network = ArchitectureCatalog.Create("mobilenet-v2", new(3, 224, 224), 1001, Keras);
        var (missing, unexpected) = network.load_state_dict(Torch.Safetensors.Load(SharedData.Require("weights/mobilenet_v2-imagenet-ptq.safetensors")), strict: false);
        Assert.Empty(unexpected);
        Assert.All(missing, name => Assert.EndsWith("num_batches_tracked", name, StringComparison.Ordinal));
        network.eval();

        // ImageNet's numbers, after the background: macaw, hotdog, tabby or Egyptian cat, chickadee.
        foreach (var (file, labels, least) in new[] { ("parrot", new[] { 89 }, 0.9), ("hot_dog", [935], 0.5), ("cat", [282, 286], 0.5), ("bird", [20], 0.7) })
        {
            var pixels = MLImage.CreateFromFile(Path.Combine(photos, file + ".jpg")).Resize(224, 224).Pixels;
            var image = tensor(pixels, [1, 224, 224, 3]).permute(0, 3, 1, 2).to(ScalarType.Float32).div(127.5).sub(1);
            var scores = network.call(image).softmax(1).ToArray<float>();
            var best = Array.IndexOf(scores, scores.Max());
            Assert.Contains(best, labels);
            Assert.True(labels.Sum(label => scores[label]) > least, $"{file}: {scores[best]}");
        }
    }
}
