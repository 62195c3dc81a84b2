using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Tests.Tracing;

public sealed class TraceTests
{
    private sealed class Network : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv = Conv2d(3, 4, 3, stride: 2, padding: 1);
        private readonly Module<Tensor, Tensor> norm = BatchNorm2d(4);
        private readonly Module<Tensor, Tensor> relu = ReLU(inplace: true);
        private readonly Module<Tensor, Tensor> head = Linear(4, 2);

        public Network()
            : base("Network") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = relu.call(norm.call(conv.call(input)));
            x = cat([x.mul(0.5), x.add(x)], 1);
            x = x.mean([2, 3]);
            return scope.MoveToOuter(head.call(x.slice(1, 0, 4, 1)));
        }
    }

    private sealed class Failing : Module<Tensor, Tensor>
    {
        public Failing()
            : base("Failing")
        {
        }

        public override Tensor forward(Tensor input) => throw new InvalidOperationException("no way forward");
    }

    [Fact]
    public void A_forward_pass_written_in_CSharp_becomes_a_graph_of_plain_data()
    {
        using var scope = NewDisposeScope();
        using var network = new Network();
        var graph = jit.trace(network, zeros([2, 3, 8, 6]));
        Assert.True(network.training);

        Assert.Equal(
            ["aten::_convolution", "aten::batch_norm", "aten::relu", "aten::mul", "aten::add", "aten::cat", "aten::mean", "aten::slice", "aten::linear"],
            graph.Nodes.Select(node => node.Kind));
        Assert.Equal([2, 3, 8, 6], graph.Input.Shape);
        Assert.Equal([2, 2], graph.Output.Shape);
        var convolution = graph.Nodes[0];
        Assert.Equal(graph.Input.Number, Assert.IsType<TracedTensor>(convolution.Inputs[0]).Number);
        Assert.Equal("conv.weight", Assert.IsType<TracedParameter>(convolution.Inputs[1]).Name);
        Assert.Equal([2L, 2L], Assert.IsType<long[]>(Assert.IsType<TracedConstant>(convolution.Inputs[3]).Value));
        Assert.Equal([2, 4, 4, 3], convolution.Outputs[0].Shape);
        Assert.Equal("norm.running_var", Assert.IsType<TracedParameter>(graph.Nodes[1].Inputs[4]).Name);
        Assert.Equal(1e-5, Assert.IsType<double>(Assert.IsType<TracedConstant>(graph.Nodes[1].Inputs[7]).Value));
        Assert.Equal(2, Assert.IsType<TracedList>(graph.Nodes[5].Inputs[0]).Items.Count);
    }

    [Fact]
    public void An_exception_of_the_network_comes_through_and_tracing_works_again()
    {
        using var scope = NewDisposeScope();
        using var failing = new Failing();
        using var network = new Network();
        var example = zeros([1, 3, 8, 8]);
        Assert.Equal("no way forward", Assert.Throws<InvalidOperationException>(() => jit.trace(failing, example)).Message);
        Assert.NotEmpty(jit.trace(network, example).Nodes);
    }

    [Fact]
    public void Tracing_leaves_no_handle_behind()
    {
        using var network = new Network();
        var before = live_handles;
        for (var i = 0; i < 3; i++)
        {
            using var scope = NewDisposeScope();
            jit.trace(network, zeros([1, 3, 8, 8]));
        }

        Assert.Equal(before, live_handles);
    }
}
