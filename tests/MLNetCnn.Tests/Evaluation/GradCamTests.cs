using MLNetCnn.Architectures;
using MLNetCnn.Evaluation;
using MLNetCnn.Imaging;
using MLNetCnn.Testing;
using MLNetCnn.Tests.Architectures;
using MLNetCnn.Transfer;

namespace MLNetCnn.Tests.Evaluation;

public sealed class GradCamTests
{
    // The paper's equations 1 and 2, an image at a time.
    private const string Reference = """

        torch.set_grad_enabled(True)
        outputs = {'logits': torch.cat([forward(image[None])[1] for image in images]).detach(), 'maps': []}
        for image, chosen in zip(images, inputs['classes']):
            maps, logits = forward(image[None])
            gradient, = torch.autograd.grad(logits[0, int(chosen)], maps)
            alpha = gradient[0].mean(dim=(1, 2))
            heat = F.relu(sum(a * m for a, m in zip(alpha, maps[0])))
            outputs['maps'].append((heat / heat.max() if heat.max() > 0 else heat).detach())
        outputs['maps'] = torch.stack(outputs['maps'])
        """;

    private const string ResNet18 = """
        import torchvision
        network = torchvision.models.resnet18(weights=None, num_classes=11)
        found = {}
        network.layer4.register_forward_hook(lambda layer, given, maps: found.update(maps=maps))

        """;

    [Fact]
    public void The_maps_of_torchvisions_resnet18_are_those_that_PyTorch_gives() => AssertReference(
        () => ArchitectureCatalog.Create("resnet-18", new(3, 160, 160), 11), [3, 160, 160], [5, 5],
        ResNet18 + """
            network.load_state_dict(state)
            network.eval()
            forward = lambda image: (lambda logits: (found['maps'], logits))(network(image))
            """);

    [Fact]
    public void Of_a_frozen_backbone_under_a_head_of_ones_own_the_maps_are_those_that_PyTorch_gives()
    {
        AssertReference(
            Frozen, [3, 128, 128], [4, 4],
            ResNet18 + """
                network.fc = torch.nn.Identity()
                network.load_state_dict({name[9:]: value for name, value in state.items() if name.startswith('backbone.')})
                network.eval()
                layer = lambda name, x: F.linear(x, state[f'head.classifier.{name}.weight'], state[f'head.classifier.{name}.bias'])
                def forward(image):
                    pooled = network(image.requires_grad_())
                    return found['maps'], layer('output', F.relu(layer('dense1', 10 * F.normalize(pooled))))
                """);

        static TransferNetwork Frozen()
        {
            var backbone = ArchitectureCatalog.CreateBackbone("resnet-18", new(3, 128, 128), null);
            backbone.requires_grad_(false);
            return new TransferNetwork(backbone, new ClassifierHead(new() { Hidden = [16] }, [512, 4, 4], 7), ownsBackbone: true);
        }
    }

    [Fact]
    public void Of_a_plain_network_it_is_the_last_convolution_that_counts() => AssertReference(
        () => ArchitectureCatalog.Create("convnn-3", new(1, 28, 28), 10), [1, 28, 28], [9, 9],
        """
        conv = lambda i, x: F.conv2d(x, state[f'features.conv{i}.weight'], state[f'features.conv{i}.bias'])
        layer = lambda name, x: F.linear(x, state[f'classifier.{name}.weight'], state[f'classifier.{name}.bias'])
        def forward(image):
            maps = conv(3, F.relu(conv(2, F.max_pool2d(F.relu(conv(1, image)), 2)))).requires_grad_()
            return maps, layer('output', F.relu(layer('dense1', F.relu(maps).flatten(1))))
        """);

    [Theory]
    [InlineData("mobilenet-v2", 32, 2)]
    [InlineData("resnet-9", 16, 2)]
    [InlineData("inception-small", 16, 2)]
    [InlineData("convnn-8", 8, 10)]
    public void Where_the_last_maps_are_of_one_place_those_before_them_count(string architecture, int size, int expected)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var network = ArchitectureCatalog.Create(architecture, new(3, size, size), 4);

        var maps = GradCam.Of(network, rand([2, 3, size, size]), tensor<long>([0, 3]))!;

        Assert.Equal([2, expected, expected], maps.shape);
        Assert.InRange(maps.max().ToDouble(), 0, 1);
        Assert.False(maps.requires_grad);
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("convnn-7")]
    public void A_network_without_places_has_no_maps(string architecture)
    {
        using var scope = NewDisposeScope();
        using var network = ArchitectureCatalog.Create(architecture, new(1, 12, 12), 3);

        Assert.Null(GradCam.Of(network, rand([2, 1, 12, 12]), tensor<long>([0, 2])));
    }

    [Fact]
    public void The_network_is_afterwards_what_it_was_and_nothing_leaks()
    {
        using var outer = NewDisposeScope();
        using var network = ArchitectureCatalog.Create("resnet-9", new(3, 16, 16), 4, new(new() { ["width"] = 4 }));
        network.parameters().First().requires_grad_(false);
        network.modules().OfType<BatchNorm2d>().First().eval();
        var modes = network.modules().Select(module => module.training).ToArray();
        var tracked = network.parameters().Select(parameter => parameter.requires_grad).ToArray();
        var state = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.to(ScalarType.Float32).ToArray<float>());
        var (images, classes) = (rand([2, 3, 16, 16]), tensor<long>([1, 2]));
        GradCam.Of(network, images, classes)!.Dispose();
        var handles = live_handles;

        using (no_grad())
        {
            GradCam.Of(network, images, classes)!.Dispose();
            Assert.False(is_grad_enabled());
        }

        Assert.Equal(handles, live_handles);
        Assert.Equal(modes, network.modules().Select(module => module.training));
        Assert.Equal(tracked, network.parameters().Select(parameter => parameter.requires_grad));
        Assert.All(network.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.All(network.state_dict(), entry => Assert.Equal(state[entry.Key], entry.Value.to(ScalarType.Float32).ToArray<float>()));

        // No hook cuts the gradients off.
        network.call(images).sum().backward();
        Assert.All(network.parameters().Skip(1), parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void An_overlay_is_grey_where_nothing_was_looked_at_and_coloured_elsewhere()
    {
        using var scope = NewDisposeScope();
        var grey = MLImage.CreateFromPixels(8, 4, MLPixelFormat.Grey8, [.. Enumerable.Range(100, 32).Select(value => (byte)value)]);

        Assert.Equal(grey.ToFormat(MLPixelFormat.Rgb24).Pixels, HeatOverlay.Over(grey, zeros([2, 2])).Pixels);

        // The right half, with a ramp of one place between the halves.
        var half = HeatOverlay.Over(grey, tensor<float>([0, 0, 1, 1]).view(1, 4));
        Assert.Equal((8, 4, MLPixelFormat.Rgb24), (half.Width, half.Height, half.PixelFormat));
        for (var x = 0; x < 8; x++)
        {
            var pixel = half.Pixels.Slice(3 * x, 3);
            var warmth = pixel[0] - pixel[2];
            Assert.True(x < 3 ? warmth == 0 : warmth > 0, $"column {x}: {warmth}");
        }
    }

    private static void AssertReference(Func<Module<Tensor, Tensor>> build, long[] image, long[] map, string code)
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        using var network = build();
        network.eval();
        var images = rand([4, .. image]);
        long[] classes = [1, 5, 6, 0];
        var outputs = NetworkOracle.AssertSameLogits(network, images, code + Reference, new() { ["classes"] = PythonOracle.Array(classes, 4) });

        var maps = GradCam.Of(network, images, tensor<long>(classes))!;

        Assert.Equal([4, .. map], maps.shape);
        var expected = PythonOracle.Floats(outputs["maps"]);
        Assert.True(expected.Count(share => share == 1) >= 3, "the maps say nothing");
        NetworkOracle.AssertClose(expected, maps, 1e-3);
    }
}
