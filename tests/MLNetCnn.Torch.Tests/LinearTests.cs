using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Tests;

/// <summary>Dense layers on matrices that lie in memory in other ways than row by row, against the same in float64.</summary>
public sealed class LinearTests
{
    public static TheoryData<string> Layouts => [.. Inputs.Keys];

    private static readonly Dictionary<string, Func<Tensor>> Inputs = new(StringComparer.Ordinal)
    {
        ["row by row"] = () => randn([6, 9]),
        ["column by column"] = () => randn([9, 6]).t(),
        ["part of wider rows"] = () => randn([6, 20]).narrow(1, 3, 9),
        ["every second row"] = () => randn([6, 2, 9]).select(1, 0),
        ["one row for all"] = () => randn([1, 9]).expand(6, 9),
        ["one row"] = () => randn([1, 9]),
        ["no row"] = () => randn([0, 9]),
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_dense_layer_takes_matrices_however_they_lie(string layout)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        using var layer = Linear(9, 4);
        var given = Inputs[layout]().detach().requires_grad_();
        var output = layer.call(given);
        // The gradient of a sum is one number for all places.
        output.sum().backward();

        var (weight, bias) = (layer.weight.detach().to(ScalarType.Float64), layer.bias!.detach().to(ScalarType.Float64));
        var x = given.detach().to(ScalarType.Float64);
        var ones = torch.ones([x.shape[0], 4], ScalarType.Float64);
        AssertNear(x.matmul(weight.t()) + bias, output);
        AssertNear(ones.matmul(weight), given.grad!);
        AssertNear(ones.t().matmul(x), layer.weight.grad!);
        AssertNear(ones.sum(0), layer.bias.grad!);
    }

    private static void AssertNear(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        if (expected.numel() > 0)
        {
            Assert.InRange((expected - actual.detach().to(ScalarType.Float64)).abs().max().item<double>(), 0, 1e-5);
        }
    }
}
