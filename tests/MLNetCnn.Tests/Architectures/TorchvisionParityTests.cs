using System.Text.Json.Nodes;
using MLNetCnn.Architectures;

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

        AssertSame(network, torchvision, size, arguments);
    }

    [Theory]
    [InlineData("resnet-50", "resnet50")]
    [InlineData("mobilenet-v2", "mobilenet_v2")]
    public void In_training_too(string name, string torchvision)
    {
        manual_seed(5);
        using var network = ArchitectureCatalog.Create(name, new(3, 80, 80), 11, new(new() { ["dropout"] = 0 }));
        var arguments = new JsonObject { ["num_classes"] = 11 };
        if (name != "resnet-50")
        {
            arguments["dropout"] = 0;
        }

        AssertSame(network, torchvision, 80, arguments);
    }

    private static void AssertSame(Module<Tensor, Tensor> network, string torchvision, int size, JsonObject arguments)
    {
        var outputs = NetworkOracle.AssertSameLogits(
            network, new(3, size, size),
            """
            import torchvision
            network = getattr(torchvision.models, inputs['name'])(weights=None, **inputs['arguments'])
            for i, layer in enumerate(getattr(network, 'classifier', ())):
                if isinstance(layer, torch.nn.Linear):
                    network.classifier[i] = torch.nn.Linear(*reversed(state[f'classifier.{i}.weight'].shape))
            names = list(network.state_dict())
            network.load_state_dict(state, strict=True)
            outputs = {'names': names, 'logits': network.train(inputs['training'])(images)}
            """,
            new() { ["name"] = torchvision, ["arguments"] = arguments, ["training"] = network.training });
        Assert.Equal(outputs["names"]!.AsArray().Select(node => (string)node!), network.state_dict().Keys);
    }
}
