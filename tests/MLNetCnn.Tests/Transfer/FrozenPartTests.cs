using System.Text.Json.Nodes;

using MLNetCnn.Architectures;
using MLNetCnn.Tests.Architectures;
using MLNetCnn.Transfer;

namespace MLNetCnn.Tests.Transfer;

public sealed class FrozenPartTests
{
    private static readonly ImageShape Images = new(3, 96, 96);

    public static TheoryData<string> Names { get; } = [.. ArchitectureCatalog.All.Where(known => known.IsBackbone).Select(known => known.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_backbone_gives_the_same_only_faster(string name) => AssertSame(name, settings: null);

    [Theory]
    [InlineData("mobilenet-v2")]
    [InlineData("resnet-50")]
    public void So_do_those_in_the_form_of_Keras(string name) => AssertSame(name, new() { ["form"] = "keras" });

    private static void AssertSame(string name, JsonObject? settings)
    {
        using var scope = NewDisposeScope();
        using var backbone = RandomBackbone(name, settings);
        var images = randn([2, 3, 96, 96]);
        using var untracked = no_grad();
        foreach (var end in new[] { 3, backbone.Blocks.Count })
        {
            var middle = AssertSame(backbone, ..end, images);
            if (end < backbone.Blocks.Count)
            {
                AssertSame(backbone, end.., middle);
            }
        }
    }

    // What features are computed in by default, where the processor does: rounded to eight bits, they still point where they did.
    [Theory]
    [MemberData(nameof(Names))]
    public void In_bfloat16_a_part_gives_features_of_nearly_the_same_direction(string name)
    {
        Assert.SkipUnless(torch.cpu.is_bf16_supported(), "this processor does not compute with bfloat16");
        using var scope = NewDisposeScope();
        using var backbone = RandomBackbone(name, settings: null);
        using var untracked = no_grad();
        var images = randn([4, 3, 96, 96]);
        using var exact = new FrozenPart(backbone, .., FeaturePooling.Average, [3, 96, 96], ScalarType.Float32, CPU);
        using var rounded = new FrozenPart(backbone, .., FeaturePooling.Average, [3, 96, 96], ScalarType.BFloat16, CPU);
        var (a, b) = (exact.Run(images).to(ScalarType.Float32).flatten(1), rounded.Run(images).to(ScalarType.Float32).flatten(1));
        var cosines = a.mul(b).sum(1).div(a.mul(a).sum(1).sqrt().mul(b.mul(b).sum(1).sqrt()));
        Assert.All(cosines.ToArray<float>(), cosine => Assert.InRange(cosine, 0.99f, 1.0001f));
    }

    private static Tensor AssertSame(Backbone backbone, Range blocks, Tensor input)
    {
        using var part = new FrozenPart(backbone, blocks, pooling: null, input.shape[1..], ScalarType.Float32, CPU);
        var (first, count) = blocks.GetOffsetAndLength(backbone.Blocks.Count);
        var expected = backbone.Features(input, first, first + count);
        var actual = part.Run(input);
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(actual.sub(expected).abs().max().ToDouble() < 1e-4 * Math.Max(1, expected.abs().max().ToDouble()));
        return expected;
    }

    // Weights that would show if a layer were left out.
    private static Backbone RandomBackbone(string name, JsonObject? settings)
    {
        manual_seed(1);
        var backbone = ArchitectureCatalog.CreateBackbone(name, Images, settings is null ? null : new(settings));
        TestNetworks.Randomise(backbone, rand([2, Images.Channels, Images.Height, Images.Width]), images => backbone.Features(images));
        backbone.eval();
        return backbone;
    }
}
