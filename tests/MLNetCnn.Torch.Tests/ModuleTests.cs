using MLNetCnn.Torch.Modules;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Tests;

public class ModuleTests
{
    private sealed class Net : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv = Conv2d(1, 2, 3, padding: 1);
        private readonly Sequential body = Sequential(("norm", BatchNorm2d(2)), ("act", ReLU()));
        private readonly ModuleList<Linear> heads = ModuleList(Linear(2, 3), Linear(2, 4));
        private readonly Parameter scale = Parameter(ones([1]));
        private readonly Tensor offset = zeros([1]);

        [ComponentName(Name = "out")]
        private readonly Module<Tensor, Tensor> last = Identity();

        public Net()
            : base(nameof(Net)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var features = body.call(conv.call(input)).mean([2, 3]);
            return last.call((heads[0].call(features) * scale) + offset);
        }
    }

    [Fact]
    public void State_is_named_by_fields_in_the_order_of_PyTorch()
    {
        using var net = new Net();
        Assert.Equal(
            ["scale", "offset", "conv.weight", "conv.bias", "body.norm.weight", "body.norm.bias", "body.norm.running_mean", "body.norm.running_var", "body.norm.num_batches_tracked", "heads.0.weight", "heads.0.bias", "heads.1.weight", "heads.1.bias"],
            net.state_dict().Keys);
        Assert.Equal(["", "conv", "body", "body.norm", "body.act", "heads", "heads.0", "heads.1", "out"], net.named_modules().Select(entry => entry.name));
        Assert.Equal(9, net.parameters().Count());
        Assert.Equal(4, net.buffers().Count());
    }

    [Fact]
    public void Loading_a_state_reports_all_that_does_not_fit_and_copies_nothing()
    {
        using var scope = NewDisposeScope();
        using var net = new Net();
        var state = net.state_dict().ToDictionary(entry => entry.Key, entry => zeros_like(entry.Value));
        state.Remove("scale");
        state["extra"] = zeros([1]);
        state["conv.weight"] = zeros([2, 1, 5, 5]);
        var error = Assert.Throws<ArgumentException>(() => net.load_state_dict(state));
        Assert.Equal("the state does not fit Net: missing: scale; unexpected: extra; of another shape: conv.weight ([2, 1, 5, 5] given, [2, 1, 3, 3] needed)", error.Message);
        Assert.NotEqual(0, net.state_dict()["conv.bias"].abs().sum().item<float>());

        state["conv.weight"] = zeros([2, 1, 3, 3]);
        var (missing, unexpected) = net.load_state_dict(state, strict: false);
        Assert.Equal(["scale"], missing);
        Assert.Equal(["extra"], unexpected);
        Assert.Equal(0, net.state_dict()["conv.bias"].abs().sum().item<float>());
    }

    [Fact]
    public void Converting_a_module_keeps_its_parameters_identities_and_its_output()
    {
        using var scope = NewDisposeScope();
        using var net = new Net();
        var weight = net.state_dict()["conv.weight"];
        var image = rand([4, 1, 6, 6]);
        net.eval();
        var before = net.call(image);
        net.to(channels_last);
        Assert.True(net.call(image).allclose(before, atol: 1e-6));
        net.to(float64);
        Assert.Equal(float64, weight.dtype);
        Assert.True(weight.is_contiguous(channels_last));
        Assert.Equal(torch.int64, net.state_dict()["body.norm.num_batches_tracked"].dtype);
        Assert.True(net.call(image.to(float64)).to(float32).allclose(before, atol: 1e-6));
        Assert.Same(weight, net.state_dict()["conv.weight"]);
    }

    [Fact]
    public void A_forward_hook_sees_and_may_replace_the_output_until_it_is_removed()
    {
        using var scope = NewDisposeScope();
        using var layer = Linear(2, 2);
        var seen = 0;
        using (layer.register_forward_hook((_, _, output) =>
        {
            seen++;
            return output * 0;
        }))
        {
            Assert.Equal(0, layer.call(ones([1, 2])).abs().sum().item<float>());
        }

        Assert.NotEqual(0, layer.call(ones([1, 2])).abs().sum().item<float>());
        Assert.Equal(1, seen);
    }

    [Fact]
    public void Freezing_training_mode_and_gradients_reach_every_part()
    {
        using var scope = NewDisposeScope();
        using var net = new Net();
        net.call(rand([4, 1, 6, 6])).sum().backward();
        Assert.Contains(net.parameters(), parameter => parameter.grad is not null);
        net.zero_grad();
        Assert.All(net.parameters(), parameter => Assert.Null(parameter.grad));
        net.requires_grad_(false);
        Assert.False(net.call(rand([4, 1, 6, 6])).requires_grad);
        net.eval();
        Assert.All(net.modules(), module => Assert.False(module.training));
    }

    [Fact]
    public void Wrong_registrations_and_layers_say_what_is_wrong()
    {
        using var list = Sequential(("a", ReLU()));
        Assert.Contains("already", Assert.Throws<ArgumentException>(() => list.append("a", ReLU())).Message, StringComparison.Ordinal);
        Assert.Contains("dot", Assert.Throws<ArgumentException>(() => list.append("a.b", ReLU())).Message, StringComparison.Ordinal);
        Assert.Contains("4 groups", Assert.Throws<ArgumentException>(() => Conv2d(3, 8, 3, groups: 4)).Message, StringComparison.Ordinal);
        Assert.Contains("stride 1", Assert.Throws<ArgumentException>(() => Conv2d(3, 8, 3, Padding.Same, stride: 2)).Message, StringComparison.Ordinal);
    }
}
