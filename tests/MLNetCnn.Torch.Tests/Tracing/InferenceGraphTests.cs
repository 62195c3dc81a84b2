using MLNetCnn.Torch.Modules;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Tests.Tracing;

public sealed class InferenceGraphTests
{
    // What each gives is the network's own answer, whichever parts run as one.
    private static readonly Dictionary<string, Func<Layers, Tensor, Tensor>> Networks = new(StringComparer.Ordinal)
    {
        ["a convolution alone"] = (l, x) => l.Conv(x),
        ["norm and activation"] = (l, x) => l.Norm(l.Conv(x)).relu(),
        ["ReLU6"] = (l, x) => functional.relu6(l.Norm(l.Conv(x)).mul(5)).add(functional.relu6(l.Norm(l.Conv(x)))),
        ["SiLU"] = (l, x) => functional.silu(l.Norm(l.Conv(x))),
        ["hard swish"] = (l, x) => functional.hardswish(l.Conv(x)),
        ["a strange activation"] = (l, x) => l.Norm(l.Conv(x)).tanh(),
        ["a shortcut that nothing needs any more"] = (l, x) => Shortcut(l, l.Norm(l.Conv(x)).relu()),
        ["a shortcut that is needed later"] = (l, x) =>
        {
            var kept = l.Norm(l.Conv(x)).relu();
            return Shortcut(l, kept).mul(kept);
        },
        ["a shortcut that something looks into"] = (l, x) =>
        {
            var kept = l.Conv(x).relu();
            var view = kept.slice(1, 0, 4, 1);
            return cat([Shortcut(l, kept), view], 1);
        },
        ["the input as the shortcut"] = (l, x) => l.Norm(l.Same(x)).add(x).relu(),
        ["two convolutions in one sum"] = (l, x) => l.Norm(l.Conv(x)).add(l.Norm(l.Other(x))).relu(),
        ["a sum with itself"] = (l, x) =>
        {
            var own = l.Conv(x);
            return own.add(own);
        },
        ["a scaled sum"] = (l, x) => l.Conv(x).add(l.Other(x), 0.5),
        ["a result that two take"] = (l, x) =>
        {
            var own = l.Conv(x);
            return own.relu().add(own.sigmoid());
        },
        ["padding on one side"] = (l, x) => l.Strided(functional.pad(x, [0, 1, 0, 1])).relu(),
        ["padding that is no zeros"] = (l, x) => l.Strided(functional.pad(x, [0, 1, 0, 1], value: 1)).relu(),
        ["padding that two take"] = (l, x) =>
        {
            var padded = functional.pad(x, [1, 1, 1, 1]);
            return l.Strided(padded).sum().add(padded);
        },
        ["groups and dilation"] = (l, x) => l.Grouped(l.Conv(x)),
        ["excitation"] = (l, x) =>
        {
            var wide = l.Conv(x);
            return wide.mul(l.Point(wide.mean([2, 3], keepdim: true)).relu().sigmoid());
        },
        ["a list"] = (l, x) => cat([l.Conv(x).relu(), l.Other(x)], 1),
    };

    public static TheoryData<string> Forms { get; } = [.. Networks.Keys];

    [Theory]
    [MemberData(nameof(Forms))]
    public void It_gives_what_the_network_gives(string form)
    {
        manual_seed(3);
        using var scope = NewDisposeScope();
        using var network = new Layers(Networks[form]);
        network.eval();
        using var untracked = no_grad();
        using var exact = jit.optimize_for_inference(network, zeros([1, 6, 14, 10]), ScalarType.Float32, CPU);
        using var half = cpu.is_bf16_supported() ? jit.optimize_for_inference(network, zeros([1, 6, 14, 10]), ScalarType.BFloat16, CPU) : null;
        foreach (var batch in new[] { 1, 5, 2, 5 })
        {
            var images = randn([batch, 6, 14, 10]);
            var before = images.clone();
            var expected = network.call(images);
            AssertNear(expected, exact.call(images), 1e-5);
            if (half is not null)
            {
                AssertNear(expected, half.call(images.to(ScalarType.BFloat16)).to(ScalarType.Float32), 0.03);
            }

            Assert.Equal(0, images.sub(before).abs().max().ToDouble());
        }
    }

    [Fact]
    public void Bfloat16_is_refused_where_the_processor_has_none()
    {
        Assert.SkipWhen(cpu.is_bf16_supported(), "this processor computes with bfloat16");
        using var network = new Layers(Networks["a list"]);
        var refusal = Assert.Throws<NotSupportedException>(() => jit.optimize_for_inference(network, zeros([1, 6, 14, 10]), ScalarType.BFloat16, CPU));
        Assert.Contains("float32", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_oneDNN_is_installed_the_build_finds_it()
    {
        Assert.SkipUnless(File.Exists("/usr/include/dnnl.hpp"), "libdnnl-dev is not installed");
        Assert.True(jit.fuses_convolutions);
    }

    [Fact]
    public void It_needs_the_network_no_more_and_says_when_it_is_gone()
    {
        using var scope = NewDisposeScope();
        var network = new Layers(Networks["norm and activation"]);
        network.eval();
        var images = randn([2, 6, 14, 10]);
        var expected = network.call(images).detach();
        var graph = jit.optimize_for_inference(network, images, ScalarType.Float32, CPU);
        network.Dispose();
        AssertNear(expected, graph.call(images), 1e-5);
        Assert.Throws<TorchException>(() => graph.call(randn([2, 5, 14, 10])));
        graph.Dispose();
        Assert.Throws<ObjectDisposedException>(() => graph.call(images));
    }

    [Fact]
    public void Several_threads_may_call_it_each_with_threads_of_its_own()
    {
        using var scope = NewDisposeScope();
        using var network = new Layers(Networks["a shortcut that nothing needs any more"]);
        network.eval();
        using var graph = jit.optimize_for_inference(network, zeros([1, 6, 14, 10]), ScalarType.Float32, CPU);
        var images = randn([4, 6, 14, 10]);
        var expected = network.call(images).detach();
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            using var own = NewDisposeScope();
            AssertNear(expected, graph.call(images), 1e-5);
        });
    }

    private static Tensor Shortcut(Layers layers, Tensor kept) => layers.Norm(layers.Inner(kept)).add(kept).relu();

    private static void AssertNear(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        var difference = actual.sub(expected).abs().max().ToDouble();
        Assert.True(difference <= tolerance * Math.Max(1, expected.abs().max().ToDouble()), $"differs by {difference}");
    }

    private sealed class Layers : Module<Tensor, Tensor>
    {
        private readonly Func<Layers, Tensor, Tensor> _form;
        private readonly Module<Tensor, Tensor> _conv = Conv2d(6, 8, 3, padding: 1);
        private readonly Module<Tensor, Tensor> _other = Conv2d(6, 8, 1, bias: false);
        private readonly Module<Tensor, Tensor> _inner = Conv2d(8, 8, 3, padding: 1, bias: false);
        private readonly Module<Tensor, Tensor> _same = Conv2d(6, 6, 3, padding: 1);
        private readonly Module<Tensor, Tensor> _strided = Conv2d(6, 8, 3, stride: 2);
        private readonly Module<Tensor, Tensor> _grouped = Conv2d(8, 8, 3, padding: 2, dilation: 2, groups: 8);
        private readonly Module<Tensor, Tensor> _point = Conv2d(8, 8, 1);
        private readonly BatchNorm2d _norm8 = BatchNorm2d(8);
        private readonly BatchNorm2d _norm6 = BatchNorm2d(6);

        public Layers(Func<Layers, Tensor, Tensor> form)
            : base("Layers")
        {
            _form = form;
            RegisterComponents();
            using var untracked = no_grad();
            foreach (var norm in new[] { _norm8, _norm6 })
            {
                norm.weight!.uniform_(0.5, 2);
                norm.bias!.uniform_(-1, 1);
                norm.running_mean!.uniform_(-1, 1);
                norm.running_var!.uniform_(0.5, 2);
            }
        }

        public Tensor Conv(Tensor input) => _conv.call(input);

        public Tensor Other(Tensor input) => _other.call(input);

        public Tensor Inner(Tensor input) => _inner.call(input);

        public Tensor Same(Tensor input) => _same.call(input);

        public Tensor Strided(Tensor input) => _strided.call(input);

        public Tensor Grouped(Tensor input) => _grouped.call(input);

        public Tensor Point(Tensor input) => _point.call(input);

        public Tensor Norm(Tensor input) => (input.size(1) == 8 ? _norm8 : _norm6).call(input);

        public override Tensor forward(Tensor input) => _form(this, input);
    }
}
