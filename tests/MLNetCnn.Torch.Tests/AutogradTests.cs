using MLNetCnn.Testing;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Tests;

public class AutogradTests
{
    [Fact]
    public void Relu6_has_a_gradient_in_bfloat16_too()
    {
        using var scope = NewDisposeScope();
        var x = tensor<float>([-1, 3, 7]).requires_grad_();
        functional.relu6(x.to(ScalarType.BFloat16).mul(1)).sum().backward();
        Assert.Equal([0f, 1f, 0f], x.grad!.ToArray<float>());
    }

    [Fact]
    public void Recording_follows_the_innermost_mode_of_the_thread()
    {
        using var scope = NewDisposeScope();
        var x = ones([2], requires_grad: true);
        Assert.True((x * 2).requires_grad);
        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
            {
                Assert.True((x * 2).requires_grad);
            }

            Assert.False((x * 2).requires_grad);
        }

        using (inference_mode())
        {
            Assert.False((x * 2).requires_grad);
        }

        Assert.True((x * 2).requires_grad);
        Assert.False(x.detach().requires_grad);
    }

    [Fact]
    public void Gradients_of_inner_results_are_there_on_demand()
    {
        using var scope = NewDisposeScope();
        var x = torch.tensor([1f, 2], requires_grad: true);
        var inner = x * x;
        inner.retain_grad();
        inner.mul(3).sum().backward(retain_graph: true);
        Assert.Equal([3f, 3], inner.grad!.ToArray<float>());
        Assert.Equal([6f, 12], x.grad!.ToArray<float>());
        var direct = autograd.grad([inner.sum()], [x], create_graph: true)[0];
        Assert.Equal([2f, 4], direct.detach().ToArray<float>());
        Assert.True(direct.requires_grad);
    }

    [Fact]
    public void Mixed_precision_computes_products_in_bfloat16_and_learns_as_PyTorch_does()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        using var net = Sequential(Conv2d(3, 8, 3), ReLU(), Flatten(), Linear(8 * 36, 5));
        var images = rand([4, 3, 8, 8]);
        var expected = PythonOracle.Run(
            """
            import torch
            from torch import nn
            net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(288, 5))
            net.load_state_dict({k: torch.tensor(v) for k, v in inputs['state'].items()})
            with torch.autocast('cpu', torch.bfloat16):
                out = net(torch.tensor(inputs['x']))
            out.float().logsumexp(1).sum().backward()
            outputs = {'out': out.float(), 'grad': net[0].weight.grad, 'type': str(out.dtype)}
            """,
            new() { ["x"] = Near.Pack(images), ["state"] = new System.Text.Json.Nodes.JsonObject(net.state_dict().Select(entry => KeyValuePair.Create(entry.Key, (System.Text.Json.Nodes.JsonNode?)Near.Pack(entry.Value)))) });
        Tensor output;
        using (autocast("cpu", bfloat16))
        {
            // Of a convolution's bfloat16 and weights in float32.
            var normal = nn.functional.layer_norm(ones([2, 3, 4]).to(bfloat16), [4], ones([4]), zeros([4]));
            Assert.Equal((ScalarType.Float32, 0.0), (normal.dtype, normal.abs().max().ToDouble()));
        }

        using (autocast("cpu", bfloat16))
        {
            output = net.call(images);
            using (autocast("cpu", enabled: false))
            {
                Assert.Equal(float32, net.call(images).dtype);
            }
        }

        Assert.Equal("torch.bfloat16", (string?)expected["type"]);
        Assert.Equal(bfloat16, output.dtype);
        Near.Equal(expected["out"], output, "output", 1e-2);
        output.to(float32).logsumexp(1).sum().backward();
        var gradient = net.state_dict()["0.weight"].grad!;
        Assert.Equal(float32, gradient.dtype);
        Near.Equal(expected["grad"], gradient, "gradient", 2e-2);
        Assert.Equal(float32, net.call(images).dtype);
    }
}
