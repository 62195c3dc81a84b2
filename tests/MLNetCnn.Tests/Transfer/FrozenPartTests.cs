using System.Text.Json.Nodes;

using MLNetCnn.Architectures;
using MLNetCnn.Transfer;

namespace MLNetCnn.Tests.Transfer;

public sealed class FrozenPartTests
{
    private static readonly ImageShape Images = new(3, 96, 96);

    [Theory]
    [InlineData("mobilenet-v2", "torchvision")]
    [InlineData("mobilenet-v2", "keras")]
    [InlineData("resnet-50", "keras")]
    public void Folding_changes_nothing_but_the_speed(string name, string form)
    {
        using var scope = NewDisposeScope();
        using var backbone = RandomBackbone(name, form);
        var images = randn([2, 3, 96, 96]);
        using var untracked = no_grad();
        foreach (var end in new[] { 3, backbone.Blocks.Count })
        {
            using var part = new FrozenPart(backbone, () => Build(name, form), end, pooling: null, Images, ScalarType.Float32, CPU);
            var expected = backbone.Features(images, 0, end);
            var actual = part.Run(images);
            Assert.Equal(expected.shape, actual.shape);
            Assert.True(actual.sub(expected).abs().max().ToDouble() < 1e-4 * Math.Max(1, expected.abs().max().ToDouble()));
        }
    }

    private static Backbone Build(string name, string form) => ArchitectureCatalog.CreateBackbone(name, Images, new(new JsonObject { ["form"] = form }));

    // BatchNorms that would show if one were left out.
    private static Backbone RandomBackbone(string name, string form)
    {
        manual_seed(1);
        var backbone = Build(name, form);
        using var untracked = no_grad();
        foreach (var (path, buffer) in backbone.named_buffers())
        {
            if (path.EndsWith("running_var", StringComparison.Ordinal))
            {
                buffer.uniform_(0.5, 2);
            }
            else if (path.EndsWith("running_mean", StringComparison.Ordinal))
            {
                buffer.uniform_(-0.5, 0.5);
            }
        }

        backbone.eval();
        return backbone;
    }
}
