using System.Text.Json.Nodes;
using MLNetCnn.Testing;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Tests;

/// <summary>Every layer against PyTorch's: names, first values, outputs, gradients, running statistics.</summary>
public class LayerTests
{
    private const string Python = """
        import torch
        from torch import nn
        outputs = {}
        for name, case in inputs['cases'].items():
            torch.manual_seed(7)
            layer = eval(case['layer'])
            answer = {'first': {k: v.clone() for k, v in layer.state_dict().items()}}
            layer.load_state_dict({k: torch.tensor(v) for k, v in case['state'].items()})
            layer.train(case['training'])
            x = torch.tensor(case['input'], requires_grad=True)
            out = layer(x)
            (out * torch.cos(torch.arange(out.numel(), dtype=torch.float32)).reshape(out.shape)).sum().backward()
            answer.update({'out': out, 'input_gradient': x.grad, 'gradients': {k: p.grad for k, p in layer.named_parameters()},
                           'after': {k: v for k, v in layer.state_dict().items()}})
            outputs[name] = answer
        """;

    private sealed record Case(string Python, Func<Module<Tensor, Tensor>> Ours, long[] Input, bool Training = true);

    private static readonly Case[] Cases =
    [
        new("nn.Conv2d(3, 8, 3)", () => Conv2d(3, 8, 3, padding: 0), [2, 3, 9, 9]),
        new("nn.Conv2d(3, 8, 3, bias=False)", () => Conv2d(3, 8, 3, bias: false), [2, 3, 9, 9]),
        new("nn.ConvTranspose2d(3, 8, 3, bias=False)", () => ConvTranspose2d(3, 8, 3, bias: false), [2, 3, 9, 9]),
        new("nn.Conv2d(3, 8, 5, stride=2, padding=2, bias=False)", () => Conv2d(3, 8, 5, stride: 2, padding: 2, bias: false), [2, 3, 9, 9]),
        new("nn.Conv2d(4, 8, (3, 5), padding=(1, 2), groups=2)", () => Conv2d(4, 8, (3, 5), padding: (1, 2), groups: 2), [2, 4, 9, 9]),
        new("nn.Conv2d(4, 4, 3, padding='same', groups=4)", () => Conv2d(4, 4, 3, padding: Padding.Same, groups: 4), [2, 4, 9, 9]),
        new("nn.Conv2d(3, 8, 3, dilation=2)", () => Conv2d(3, 8, 3, dilation: 2), [2, 3, 9, 9]),
        new("nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2)", () => ConvTranspose2d(4, 6, 3, stride: 2, padding: 1, output_padding: 1, groups: 2), [2, 4, 5, 5]),
        new("nn.Linear(7, 5)", () => Linear(7, 5), [4, 7]),
        new("nn.Linear(300, 40)", () => Linear(300, 40), [33, 300]),
        new("nn.Linear(7, 5, bias=False)", () => Linear(7, 5, hasBias: false), [4, 7]),
        new("nn.BatchNorm2d(3)", () => BatchNorm2d(3), [4, 3, 5, 5]),
        new("nn.BatchNorm2d(3, eps=1e-3, momentum=0.3)", () => BatchNorm2d(3, eps: 1e-3, momentum: 0.3), [4, 3, 5, 5]),
        new("nn.BatchNorm2d(3)", () => BatchNorm2d(3), [4, 3, 5, 5], Training: false),
        new("nn.BatchNorm2d(3, affine=False, track_running_stats=False)", () => BatchNorm2d(3, affine: false, track_running_stats: false), [4, 3, 5, 5], Training: false),
        new("nn.BatchNorm1d(3)", () => BatchNorm1d(3), [4, 3]),
        new("nn.LayerNorm([3, 5])", () => LayerNorm([3, 5]), [4, 3, 5]),
        new("nn.Dropout(0.4)", () => Dropout(0.4), [4, 5], Training: false),
        new("nn.Dropout(0)", () => Dropout(0), [4, 5]),
        new("nn.MaxPool2d(3, stride=2, padding=1)", () => MaxPool2d(3, stride: 2, padding: 1), [2, 3, 8, 8]),
        new("nn.AvgPool2d((2, 3))", () => AvgPool2d((2, 3)), [2, 3, 8, 9]),
        new("nn.AdaptiveAvgPool2d(1)", () => AdaptiveAvgPool2d(1), [2, 3, 8, 8]),
        new("nn.AdaptiveMaxPool2d((2, 3))", () => AdaptiveMaxPool2d((2, 3)), [2, 3, 8, 8]),
        new("nn.Flatten()", () => Flatten(), [2, 3, 4]),
        new("nn.ReLU()", () => ReLU(), [2, 3, 4]),
        new("nn.ReLU6()", () => ReLU6(), [2, 3, 4]),
        new("nn.LeakyReLU(0.3)", () => LeakyReLU(0.3), [2, 3, 4]),
        new("nn.ELU(0.5)", () => ELU(0.5), [2, 3, 4]),
        new("nn.SiLU()", () => SiLU(), [2, 3, 4]),
        new("nn.GELU()", () => GELU(), [2, 3, 4]),
        new("nn.Hardswish()", () => Hardswish(), [2, 3, 4]),
        new("nn.Hardsigmoid()", () => Hardsigmoid(), [2, 3, 4]),
        new("nn.Sigmoid()", () => Sigmoid(), [2, 3, 4]),
        new("nn.Tanh()", () => Tanh(), [2, 3, 4]),
        new("nn.Softmax(dim=1)", () => Softmax(1), [2, 3, 4]),
        new("nn.Identity()", () => Identity(), [2, 3, 4]),
        new("nn.ZeroPad2d((0, 1, 2, 3))", () => ZeroPad2d((0, 1, 2, 3)), [2, 3, 4, 4]),
        new(
            "nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 3))",
            () => Sequential(Conv2d(1, 4, 3), BatchNorm2d(4), ReLU(inplace: true), MaxPool2d(2), Flatten(), Linear(36, 3)),
            [2, 1, 8, 8]),
    ];

    [Fact]
    public void Every_layer_starts_computes_and_learns_as_in_PyTorch()
    {
        using var scope = NewDisposeScope();
        var request = new JsonObject();
        var layers = new Module<Tensor, Tensor>[Cases.Length];
        var images = new Tensor[Cases.Length];
        var first = new Dictionary<string, Tensor>[Cases.Length];
        for (var i = 0; i < Cases.Length; i++)
        {
            manual_seed(7);
            layers[i] = Cases[i].Ours();
            layers[i].train(Cases[i].Training);
            first[i] = layers[i].state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());
            Disturb(layers[i]);
            images[i] = randn(Cases[i].Input, requires_grad: true);
            request[$"{i}"] = new JsonObject
            {
                ["layer"] = Cases[i].Python,
                ["state"] = new JsonObject(layers[i].state_dict().Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Near.Pack(entry.Value)))),
                ["input"] = Near.Pack(images[i]),
                ["training"] = Cases[i].Training,
            };
        }

        var answer = PythonOracle.Run(Python, new JsonObject { ["cases"] = request });
        for (var i = 0; i < Cases.Length; i++)
        {
            var expected = answer[$"{i}"]!;
            var name = Cases[i].Python;
            AssertState(expected["first"]!, first[i], $"{name}: first", tolerance: 0);
            var result = layers[i].call(images[i]);
            Near.Equal(expected["out"], result, name);
            var cosines = torch.tensor([.. Enumerable.Range(0, (int)result.numel()).Select(k => (float)Math.Cos(k))], result.shape);
            (result * cosines).sum().backward();
            Near.Equal(expected["input_gradient"], images[i].grad!, $"{name}: gradient of the input", 2e-5);
            var gradients = layers[i].named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.grad!);
            AssertState(expected["gradients"]!, gradients, $"{name}: gradient", 2e-5);
            AssertState(expected["after"]!, layers[i].state_dict(), $"{name}: after", 1e-5);
            layers[i].Dispose();
        }
    }

    [Fact]
    public void Dropout_draws_the_numbers_that_PyTorch_draws()
    {
        using var scope = NewDisposeScope();
        var expected = PythonOracle.Run("""
            import torch, torch.nn.functional as F
            torch.manual_seed(3)
            x = torch.ones(4, 6, 2, 2)
            outputs = {'plain': F.dropout(x, 0.3), 'channels': F.dropout2d(x, 0.5)}
            outputs.update({'long': F.dropout(torch.ones(10007), 0.6), 'after': torch.rand(5)})
            """);
        manual_seed(3);
        var x = ones([4, 6, 2, 2]);
        Near.Equal(expected["plain"], functional.dropout(x, 0.3), "dropout");
        Near.Equal(expected["channels"], functional.dropout2d(x, 0.5), "dropout2d");
        Near.Equal(expected["long"], functional.dropout(ones([10007]), 0.6), "more numbers than the generator makes at once");
        Near.Equal(expected["after"], rand([5]), "what is drawn afterwards");
        Assert.Equal(0, functional.dropout(x, 1).sum().item<float>());
    }

    [Fact]
    public void A_batch_of_one_value_per_channel_is_refused_in_training()
    {
        using var scope = NewDisposeScope();
        using var layer = BatchNorm1d(3);
        Assert.Contains("more than 1 value per channel", Assert.Throws<TorchException>(() => layer.call(ones([1, 3]))).Message, StringComparison.Ordinal);
        Assert.True(layer.running_var!.isfinite().all().ToBoolean());
    }

    private static void Disturb(Module layer)
    {
        using var _ = no_grad();
        foreach (var tensor in layer.state_dict().Values.Where(tensor => tensor.is_floating_point()))
        {
            tensor.copy_(rand(tensor.shape) + 0.2);
        }
    }

    private static void AssertState(JsonNode expected, Dictionary<string, Tensor> actual, string what, double tolerance)
    {
        Assert.Equal(expected.AsObject().Select(entry => entry.Key), actual.Keys);
        foreach (var (name, tensor) in actual)
        {
            Near.Equal(expected[name], tensor, $"{what} {name}", tolerance);
        }
    }
}
