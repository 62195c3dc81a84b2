using System.Text.Json.Nodes;
using MLNetCnn.Testing;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Tests;

/// <summary>Every differentiable operation, its value and its gradients, against PyTorch: all in one Python process.</summary>
public class OperationTests
{
    private const string Python = """
        import torch, torch.nn.functional as F
        outputs = {}
        for name, case in inputs['cases'].items():
            args = [torch.tensor(a) for a in case['args']]
            args = [a.requires_grad_() if a.dtype == torch.float32 else a for a in args]
            x, y, z, w = (args + [None] * 4)[:4]
            out = eval(case['expression'])
            if out.requires_grad:
                (out * torch.cos(torch.arange(out.numel(), dtype=torch.float32)).reshape(out.shape)).sum().backward()
            outputs[name] = {'out': out.detach().to(torch.float32), 'grads': [a.grad for a in args if a.grad is not None]}
        """;

    private sealed record Case(string Expression, Func<Tensor[], Tensor> Ours, long[][] Shapes, bool Positive = false, Func<Tensor>? Last = null);

    private static Tensor Classes() => torch.tensor([2L, 0, 3, 1, 2, 2]);

    private static readonly Case[] Cases =
    [
        new("x + y", t => t[0] + t[1], [[3, 4], [4]]),
        new("x - y", t => t[0] - t[1], [[3, 4], [3, 1]]),
        new("x * y", t => t[0] * t[1], [[3, 4], [4]]),
        new("x / y", t => t[0] / t[1], [[3, 4], [4]], Positive: true),
        new("torch.add(x, y, alpha=2.5)", t => t[0].add(t[1], 2.5), [[3, 4], [3, 4]]),
        new("x + 2", t => t[0] + 2, [[3, 4]]),
        new("2 - x", t => 2 - t[0], [[3, 4]]),
        new("3 / x", t => 3 / t[0], [[3, 4]], Positive: true),
        new("-x * 0.5", t => -t[0] * 0.5, [[3, 4]]),
        new("x.mul(1).mul_(y).add_(1)", t => t[0].mul(1).mul_(t[1]).add_(1), [[3, 4], [3, 4]]),
        new("x ** 3", t => t[0].pow(3), [[3, 4]]),
        new("x ** y", t => t[0].pow(t[1]), [[3, 4], [3, 4]], Positive: true),
        new("x @ y", t => t[0].matmul(t[1]), [[2, 3, 4], [4, 5]]),
        new("torch.minimum(x, y)", t => t[0].minimum(t[1]), [[3, 4], [3, 4]]),
        new("torch.maximum(x, y)", t => t[0].maximum(t[1]), [[3, 4], [3, 4]]),
        new("x.abs()", t => t[0].abs(), [[3, 4]]),
        new("x.exp()", t => t[0].exp(), [[3, 4]]),
        new("x.log()", t => t[0].log(), [[3, 4]], Positive: true),
        new("x.log1p()", t => t[0].log1p(), [[3, 4]], Positive: true),
        new("x.sqrt()", t => t[0].sqrt(), [[3, 4]], Positive: true),
        new("x.rsqrt()", t => t[0].rsqrt(), [[3, 4]], Positive: true),
        new("x.square()", t => t[0].square(), [[3, 4]]),
        new("x.reciprocal()", t => t[0].reciprocal(), [[3, 4]], Positive: true),
        new("x.floor()", t => t[0].floor(), [[3, 4]]),
        new("x.round()", t => t[0].round(), [[3, 4]]),
        new("x.sign()", t => t[0].sign(), [[3, 4]]),
        new("x.clamp(-0.5, 0.5)", t => t[0].clamp(-0.5, 0.5), [[3, 4]]),
        new("x.clamp(min=0)", t => t[0].clamp(min: 0), [[3, 4]]),
        new("x.clamp(max=0.1)", t => t[0].clamp(max: 0.1), [[3, 4]]),
        new("torch.where(x > y, x, y * 2)", t => where(t[0].gt(t[1]), t[0], t[1] * 2), [[3, 4], [3, 4]]),
        new("x.masked_fill(x < 0, 7)", t => t[0].masked_fill(t[0].lt(0), 7), [[3, 4]]),
        new("(x >= 0).float() + (x != y) + (x <= y) + (x == x)", t => t[0].ge(0).to(float32) + t[0].ne(t[1]) + t[0].le(t[1]) + t[0].eq(t[0]), [[3, 4], [3, 4]]),
        new("x.relu()", t => t[0].relu(), [[3, 4]]),
        new("F.relu(x * 1, inplace=True)", t => functional.relu(t[0] * 1, inplace: true), [[3, 4]]),
        new("F.relu6(x * 5)", t => functional.relu6(t[0] * 5), [[3, 4]]),
        new("F.leaky_relu(x, 0.2)", t => functional.leaky_relu(t[0], 0.2), [[3, 4]]),
        new("F.elu(x, 0.7)", t => functional.elu(t[0], 0.7), [[3, 4]]),
        new("F.silu(x)", t => functional.silu(t[0]), [[3, 4]]),
        new("F.gelu(x)", t => functional.gelu(t[0]), [[3, 4]]),
        new("F.gelu(x, approximate='tanh')", t => functional.gelu(t[0], tanh_approximation: true), [[3, 4]]),
        new("F.hardswish(x * 3)", t => functional.hardswish(t[0] * 3), [[3, 4]]),
        new("F.hardsigmoid(x * 3)", t => functional.hardsigmoid(t[0] * 3), [[3, 4]]),
        new("F.softplus(x, 2, 1)", t => functional.softplus(t[0], 2, 1), [[3, 4]]),
        new("x.sigmoid()", t => t[0].sigmoid(), [[3, 4]]),
        new("x.tanh()", t => t[0].tanh(), [[3, 4]]),
        new("x.softmax(1)", t => t[0].softmax(1), [[3, 4]]),
        new("x.log_softmax(0)", t => t[0].log_softmax(0), [[3, 4]]),
        new("x.sum()", t => t[0].sum(), [[3, 4]]),
        new("x.sum(1)", t => t[0].sum(1), [[3, 4]]),
        new("x.sum([0, 2], keepdim=True)", t => t[0].sum([0, 2], keepdim: true), [[3, 4, 2]]),
        new("x.mean()", t => t[0].mean(), [[3, 4]]),
        new("x.mean([2, 3])", t => t[0].mean([2, 3]), [[2, 3, 4, 5]]),
        new("x.var()", t => t[0].var(), [[3, 4]]),
        new("x.var([1], unbiased=False, keepdim=True)", t => t[0].var([1], unbiased: false, keepdim: true), [[3, 4]]),
        new("x.std([0])", t => t[0].std([0]), [[3, 4]]),
        new("x.norm()", t => t[0].norm(), [[3, 4]]),
        new("x.norm(p=1, dim=1)", t => t[0].norm([1], p: 1), [[3, 4]]),
        new("x.logsumexp(1)", t => t[0].logsumexp(1), [[3, 4]]),
        new("x.cumsum(1)", t => t[0].cumsum(1), [[3, 4]]),
        new("x.max()", t => t[0].max(), [[3, 4]]),
        new("x.min()", t => t[0].min(), [[3, 4]]),
        new("x.max(1).values", t => t[0].max(1).values, [[3, 4]]),
        new("x.min(0, keepdim=True).values", t => t[0].min(0, keepdim: true).values, [[3, 4]]),
        new("x.topk(2, 1).values", t => t[0].topk(2, 1).values, [[3, 4]]),
        new("x.topk(2, 1, largest=False).indices", t => t[0].topk(2, 1, largest: false).indexes, [[3, 4]]),
        new("x.sort(dim=0, descending=True).values", t => t[0].sort(0, descending: true).values, [[3, 4]]),
        new("x.argmax()", t => t[0].argmax(), [[3, 4]]),
        new("x.argmax(1, keepdim=True)", t => t[0].argmax(1, keepdim: true), [[3, 4]]),
        new("x.argmin(0)", t => t[0].argmin(0), [[3, 4]]),
        new("(x > 0).nonzero()", t => t[0].gt(0).nonzero(), [[3, 4]]),
        new("x.view(2, -1)", t => t[0].view(2, -1), [[3, 4]]),
        new("x.t().reshape(6, 2)", t => t[0].t().reshape(6, 2), [[3, 4]]),
        new("x.flatten(1)", t => t[0].flatten(1), [[2, 3, 4]]),
        new("x.permute(2, 0, 1)", t => t[0].permute(2, 0, 1), [[2, 3, 4]]),
        new("x.transpose(0, 2)", t => t[0].transpose(0, 2), [[2, 3, 4]]),
        new("x.unsqueeze(1)", t => t[0].unsqueeze(1), [[3, 4]]),
        new("x.squeeze()", t => t[0].squeeze(), [[3, 1, 4, 1]]),
        new("x.squeeze(1)", t => t[0].squeeze(1), [[3, 1, 4, 1]]),
        new("x.expand(5, 3, -1)", t => t[0].expand(5, 3, -1), [[3, 4]]),
        new("x.repeat(2, 3)", t => t[0].repeat(2, 3), [[3, 4]]),
        new("x.flip(0, 1)", t => t[0].flip(0, 1), [[3, 4]]),
        new("x[1]", t => t[0][1], [[3, 4]]),
        new("x[:, 1:4:2]", t => t[0].slice(1, 1, 4, 2), [[3, 4]]),
        new("x.narrow(1, 1, 2)", t => t[0].narrow(1, 1, 2), [[3, 4]]),
        new("x.split(3, 1)[1]", t => t[0].split(3, 1)[1], [[3, 4]]),
        new("x.chunk(2, 1)[1]", t => t[0].chunk(2, 1)[1], [[3, 5]]),
        new("x[y]", t => t[0][t[1]], [[6, 4]], Last: Classes),
        new("x.index_select(1, y)", t => t[0].index_select(1, t[1]), [[3, 4]], Last: Classes),
        new("x.gather(1, y.unsqueeze(1))", t => t[0].gather(1, t[1].unsqueeze(1)), [[6, 4]], Last: Classes),
        new("torch.cat([x, y], 1)", t => cat([t[0], t[1]], 1), [[3, 4], [3, 2]]),
        new("torch.stack([x, y], 1)", t => stack([t[0], t[1]], 1), [[3, 4], [3, 4]]),
        new("F.one_hot(x, 5)", t => functional.one_hot(t[0], 5), [], Last: Classes),
        new("F.pad(x, [1, 2, 3, 0], value=0.5)", t => functional.pad(t[0], [1, 2, 3, 0], value: 0.5), [[2, 3, 4, 5]]),
        new("F.pad(x, [1, 2, 1, 0], mode='reflect')", t => functional.pad(t[0], [1, 2, 1, 0], PaddingModes.Reflect), [[2, 3, 4, 5]]),
        new("F.linear(x, y, z)", t => functional.linear(t[0], t[1], t[2]), [[6, 4], [5, 4], [5]]),
        new("F.conv2d(x, y, z, stride=2, padding=1)", t => functional.conv2d(t[0], t[1], t[2], [2], [1]), [[2, 3, 8, 8], [4, 3, 3, 3], [4]]),
        new("F.conv2d(x, y, None, padding='same', dilation=2)", t => functional.conv2d(t[0], t[1], null, null, Padding.Same, [2]), [[2, 3, 8, 8], [4, 3, 3, 3]]),
        new("F.conv2d(x, y, padding='same')", t => functional.conv2d(t[0], t[1], null, null, Padding.Same), [[2, 3, 7, 7], [4, 3, 2, 4]]),
        new("F.conv2d(x, y, groups=3)", t => functional.conv2d(t[0], t[1], groups: 3), [[2, 3, 8, 8], [6, 1, 3, 3]]),
        new("F.conv_transpose2d(x, y, z, stride=2, padding=1, output_padding=1)", t => functional.conv_transpose2d(t[0], t[1], t[2], [2], [1], [1]), [[2, 3, 4, 4], [3, 5, 3, 3], [5]]),
        new("F.batch_norm(x, None, None, y, z, training=True)", t => functional.batch_norm(t[0], null, null, t[1], t[2], training: true), [[4, 3, 5, 5], [3], [3]]),
        new("F.layer_norm(x, [5, 5], y, z)", t => functional.layer_norm(t[0], [5, 5], t[1], t[2]), [[4, 3, 5, 5], [5, 5], [5, 5]]),
        new("F.max_pool2d(x, 3, 2, 1)", t => functional.max_pool2d(t[0], [3], [2], [1]), [[2, 3, 8, 8]]),
        new("F.max_pool2d(x, (2, 3), ceil_mode=True)", t => functional.max_pool2d(t[0], [2, 3], ceil_mode: true), [[2, 3, 7, 7]]),
        new("F.avg_pool2d(x, 2)", t => functional.avg_pool2d(t[0], [2]), [[2, 3, 8, 8]]),
        new("F.avg_pool2d(x, 2)", t => functional.avg_pool2d(t[0], [2]), [[2, 3, 7, 9]]),
        new("F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)", t => functional.avg_pool2d(t[0], [3], [2], [1], count_include_pad: false), [[2, 3, 8, 8]]),
        new("F.adaptive_avg_pool2d(x, (3, 2))", t => functional.adaptive_avg_pool2d(t[0], (3, 2)), [[2, 3, 8, 7]]),
        new("F.adaptive_max_pool2d(x, (3, 2))", t => functional.adaptive_max_pool2d(t[0], (3, 2)), [[2, 3, 8, 7]]),
        new("F.interpolate(x, (9, 5))", t => functional.interpolate(t[0], (9, 5)), [[2, 3, 4, 4]]),
        new("F.interpolate(x, scale_factor=2, mode='bilinear', align_corners=False)", t => functional.interpolate(t[0], scale_factor: (2, 2), mode: InterpolationMode.Bilinear), [[2, 3, 4, 4]]),
        new("F.interpolate(x, (7, 9), mode='bicubic', align_corners=True)", t => functional.interpolate(t[0], (7, 9), mode: InterpolationMode.Bicubic, align_corners: true), [[2, 3, 4, 4]]),
        new("F.cross_entropy(x, y)", t => functional.cross_entropy(t[0], t[1]), [[6, 4]], Last: Classes),
        new("F.cross_entropy(x, y, reduction='none')", t => functional.cross_entropy(t[0], t[1], reduction: Reduction.None), [[6, 4]], Last: Classes),
        new("F.cross_entropy(x, y, label_smoothing=0.1, reduction='sum')", t => functional.cross_entropy(t[0], t[1], reduction: Reduction.Sum, label_smoothing: 0.1), [[6, 4]], Last: Classes),
        new("F.cross_entropy(x, z, weight=y.detach().abs(), label_smoothing=0.2)", t => functional.cross_entropy(t[0], t[2], t[1].detach().abs(), label_smoothing: 0.2), [[6, 4], [4]], Last: Classes),
        new("F.cross_entropy(x, y.softmax(1))", t => functional.cross_entropy(t[0], t[1].softmax(1)), [[6, 4], [6, 4]]),
        new("F.cross_entropy(x, y, ignore_index=2)", t => functional.cross_entropy(t[0], t[1], ignore_index: 2), [[6, 4]], Last: Classes),
        new("F.nll_loss(x.log_softmax(1), y)", t => functional.nll_loss(t[0].log_softmax(1), t[1]), [[6, 4]], Last: Classes),
        new("F.mse_loss(x, y)", t => functional.mse_loss(t[0], t[1]), [[3, 4], [3, 4]]),
        new("F.l1_loss(x, y, reduction='sum')", t => functional.l1_loss(t[0], t[1], Reduction.Sum), [[3, 4], [3, 4]]),
        new("F.poisson_nll_loss(x, y)", t => functional.poisson_nll_loss(t[0], t[1]), [[3, 4], [3, 4]], Positive: true),
        new("F.poisson_nll_loss(x, y * 4, log_input=False, full=True)", t => functional.poisson_nll_loss(t[0], t[1] * 4, log_input: false, full: true), [[3, 4], [3, 4]], Positive: true),
        new("F.binary_cross_entropy_with_logits(x, y.sigmoid(), pos_weight=z.detach())", t => functional.binary_cross_entropy_with_logits(t[0], t[1].sigmoid(), pos_weights: t[2].detach()), [[3, 4], [3, 4], [4]], Positive: true),
    ];

    [Fact]
    public void Every_operation_has_the_values_and_gradients_of_PyTorch()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var arguments = Cases.Select(Arguments).ToArray();
        var request = new JsonObject();
        for (var i = 0; i < Cases.Length; i++)
        {
            request[$"{i}"] = new JsonObject
            {
                ["expression"] = Cases[i].Expression,
                ["args"] = new JsonArray([.. arguments[i].Select(Near.Pack)]),
            };
        }

        var answer = PythonOracle.Run(Python, new JsonObject { ["cases"] = request });
        for (var i = 0; i < Cases.Length; i++)
        {
            var result = Cases[i].Ours(arguments[i]);
            Near.Equal(answer[$"{i}"]!["out"], result, Cases[i].Expression);
            if (result.requires_grad)
            {
                (result * Cosines(result.shape)).sum().backward();
            }

            var gradients = arguments[i].Select(argument => argument.grad).OfType<Tensor>().ToArray();
            var expected = answer[$"{i}"]!["grads"]!.AsArray();
            Assert.Equal(expected.Count, gradients.Length);
            for (var g = 0; g < gradients.Length; g++)
            {
                Near.Equal(expected[g], gradients[g], $"{Cases[i].Expression}, gradient {g}", 2e-5);
            }
        }
    }

    private static Tensor[] Arguments(Case test)
    {
        var arguments = test.Shapes.Select(shape => test.Positive ? rand(shape) + 0.1 : randn(shape)).ToList();
        arguments.ForEach(argument => argument.requires_grad_());
        if (test.Last is { } last)
        {
            arguments.Add(last());
        }

        return [.. arguments];
    }

    private static Tensor Cosines(long[] shape)
    {
        var count = shape.Aggregate(1L, (product, length) => product * length);
        return torch.tensor([.. Enumerable.Range(0, (int)count).Select(i => (float)Math.Cos(i))], shape);
    }
}
