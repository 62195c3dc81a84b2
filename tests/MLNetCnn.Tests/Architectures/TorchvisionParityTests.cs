using System.Text.Json.Nodes;
using MLNetCnn.Architectures;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Architectures;

public sealed class TorchvisionParityTests
{
    public static TheoryData<string, string, int> Networks => new()
    {
        { "alexnet", "alexnet", 96 },
        { "vgg-11", "vgg11", 64 },
        { "vgg-16", "vgg16", 64 },
        { "vgg-16-bn", "vgg16_bn", 64 },
        { "resnet-18", "resnet18", 64 },
        { "resnet-34", "resnet34", 64 },
        { "resnet-50", "resnet50", 75 },
        { "resnet-101", "resnet101", 64 },
        { "mobilenet-v2", "mobilenet_v2", 97 },
        { "mobilenet-v3-small", "mobilenet_v3_small", 97 },
        { "mobilenet-v3-large", "mobilenet_v3_large", 96 },
        { "inception-v3", "inception_v3", 107 },
        { "efficientnet-b0", "efficientnet_b0", 97 },
        { "efficientnet-v2-s", "efficientnet_v2_s", 96 },
        { "convnext-tiny", "convnext_tiny", 97 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void With_our_weights_torchvisions_network_gives_our_logits(string name, string torchvision, int size)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        // Dense layers of 4096 units cost seconds and show nothing that 64 don't.
        var dense = ArchitectureCatalog.Get(name).Settings.Any(setting => setting.Name == "hidden");
        using var network = ArchitectureCatalog.Create(name, new(3, size, size), 11, dense ? new(new() { ["hidden"] = 64 }) : null);
        network.eval();
        var arguments = new JsonObject { ["num_classes"] = 11 };
        if (name == "inception-v3")
        {
            (arguments["aux_logits"], arguments["init_weights"]) = (false, false);
        }

        AssertSame(network, torchvision, rand([2, 3, size, size]), arguments);
    }

    [Theory]
    [InlineData("resnet-50", "resnet50")]
    [InlineData("mobilenet-v2", "mobilenet_v2")]
    [InlineData("mobilenet-v3-small", "mobilenet_v3_small")]
    [InlineData("efficientnet-b0", "efficientnet_b0")]
    [InlineData("convnext-tiny", "convnext_tiny")]
    public void In_training_logits_and_gradients_are_torchvisions(string name, string torchvision)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var chances = ArchitectureCatalog.Get(name).Settings.Select(setting => setting.Name).Intersect(["dropout", "stochastic_depth"]);
        using var network = ArchitectureCatalog.Create(name, new(3, 80, 80), 11, new([.. chances.Select(chance => KeyValuePair.Create(chance, (JsonNode?)0))]));
        var images = rand([4, 3, 80, 80]);
        var outputs = AssertSame(network, torchvision, images, new() { ["num_classes"] = 11 });
        // In double precision: BatchNorm of few values makes percents of what float32 rounds off.
        network.to(ScalarType.Float64).call(images.to(ScalarType.Float64)).square().mean().backward();
        var gradient = network.parameters().First(parameter => parameter.dim() == 4).grad!.to(ScalarType.Float32);
        NetworkOracle.AssertClose(PythonOracle.Floats(outputs["gradient"]), gradient, 1e-5);
    }

    public static TheoryData<string, string> Drawn => new()
    {
        { "resnet-18", "resnet18" },
        { "mobilenet-v2", "mobilenet_v2" },
        { "mobilenet-v3-small", "mobilenet_v3_small" },
        { "inception-v3", "inception_v3" },
        { "efficientnet-b0", "efficientnet_b0" },
        { "convnext-tiny", "convnext_tiny" },
    };

    [Theory]
    [MemberData(nameof(Drawn))]
    public void Initial_weights_are_drawn_as_torchvision_draws_them(string name, string torchvision)
    {
        manual_seed(6);
        using var network = ArchitectureCatalog.Create(name, new(3, 96, 96), 500);
        var drawn = PythonOracle.Run(
            """
            import torch, torchvision, warnings
            warnings.simplefilter('ignore')
            network = getattr(torchvision.models, inputs['name'])(weights=None, num_classes=500)
            outputs = {name: float(p.abs().mean()) for name, p in network.named_parameters()}
            """,
            new() { ["name"] = torchvision });
        foreach (var (path, parameter) in network.named_parameters())
        {
            // Not squares: PyTorch's truncated normal numbers hold a −2 among millions around 0.02.
            using var scope = NewDisposeScope();
            var size = parameter.detach().abs().mean().ToDouble();
            var expected = (double)drawn[path]!;
            Assert.True(Math.Abs(expected - size) <= expected * 5 / Math.Sqrt(parameter.numel()), $"{path}: {size} instead of {expected}");
        }
    }

    private static JsonObject AssertSame(Module<Tensor, Tensor> network, string torchvision, Tensor images, JsonObject arguments)
    {
        var outputs = NetworkOracle.AssertSameLogits(
            network, images,
            """
            import torchvision
            network = getattr(torchvision.models, inputs['name'])(weights=None, **inputs['arguments'])
            for i, layer in enumerate(getattr(network, 'classifier', ())):
                if isinstance(layer, torch.nn.Linear):
                    network.classifier[i] = torch.nn.Linear(*reversed(state[f'classifier.{i}.weight'].shape))
            outputs = {'names': list(network.state_dict())}
            network.load_state_dict(state, strict=True)
            network.train(inputs['training'])
            if inputs['training']:
                for layer in network.modules():
                    if isinstance(layer, (torch.nn.Dropout, torchvision.ops.StochasticDepth)): layer.p = 0
            outputs['logits'] = network(images)
            if inputs['training']:
                torch.set_grad_enabled(True)
                network.double()(images.double()).square().mean().backward()
                outputs['gradient'] = next(p.grad for p in network.parameters() if p.dim() == 4)
            """,
            new() { ["name"] = torchvision, ["arguments"] = arguments, ["training"] = network.training });
        Assert.Equal(outputs["names"]!.AsArray().Select(node => (string)node!), network.state_dict().Keys);
        return outputs;
    }
}
