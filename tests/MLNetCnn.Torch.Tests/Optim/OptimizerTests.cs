using System.Globalization;
using System.Text.Json.Nodes;
using MLNetCnn.Testing;
using MLNetCnn.Torch.Modules;
using MLNetCnn.Torch.Optim;

namespace MLNetCnn.Torch.Tests.Optim;

public sealed class OptimizerTests
{
    private const int Steps = 25;

    // Two groups with rates and decays of their own; the second parameter gets its first gradient at step 5.
    private static readonly long[][] Shapes = [[4, 3, 3, 3], [7], [20_000]];
    private static readonly (double Rate, double Decay)[] Groups = [(0.05, 0.01), (0.02, 0)];

    public static TheoryData<string> Cases => [.. Optimizers.Keys];

    private static readonly Dictionary<string, (Func<IEnumerable<Parameter>[], optim.Optimizer> Make, string Python)> Optimizers = new()
    {
        ["sgd"] = (g => optim.SGD(Split(g, (rate, decay) => new SGD.Options { LearningRate = rate, weight_decay = decay })), "SGD(groups, lr=1)"),
        ["sgd with momentum"] = (g => optim.SGD(Split(g, (rate, decay) => new SGD.Options { LearningRate = rate, weight_decay = decay, momentum = 0.9, dampening = 0.3 })), "SGD(groups, lr=1, momentum=0.9, dampening=0.3)"),
        ["sgd with nesterov"] = (g => optim.SGD(Split(g, (rate, decay) => new SGD.Options { LearningRate = rate, weight_decay = decay, momentum = 0.9, nesterov = true })), "SGD(groups, lr=1, momentum=0.9, nesterov=True)"),
        ["adam"] = (g => optim.Adam(Split(g, (rate, decay) => new Adam.Options { LearningRate = rate, weight_decay = decay })), "Adam(groups)"),
        ["adamw"] = (g => optim.AdamW(Split(g, (rate, decay) => new Adam.Options { LearningRate = rate, weight_decay = decay, beta2 = 0.99, eps = 1e-6 })), "AdamW(groups, betas=(0.9, 0.99), eps=1e-6)"),
        // PyTorch 1.13 counts one momentum twice in its other path; 2.x and the paper agree with this one.
        ["nadam"] = (g => optim.NAdam(Split(g, (rate, decay) => new NAdam.Options { LearningRate = rate, weight_decay = decay })), "NAdam(groups, foreach=True)"),
        ["adagrad"] = (g => optim.Adagrad(Split(g, (rate, decay) => new Adagrad.Options { LearningRate = rate, weight_decay = decay, lr_decay = 0.1, initial_accumulator_value = 0.1 })), "Adagrad(groups, lr_decay=0.1, initial_accumulator_value=0.1)"),
        ["rmsprop"] = (g => optim.RMSProp(Split(g, (rate, decay) => new RMSProp.Options { LearningRate = rate, weight_decay = decay })), "RMSprop(groups)"),
        ["rmsprop, centered, with momentum"] = (g => optim.RMSProp(Split(g, (rate, decay) => new RMSProp.Options { LearningRate = rate, weight_decay = decay, momentum = 0.8, centered = true })), "RMSprop(groups, momentum=0.8, centered=True)"),
    };

    [Fact]
    public void Weights_that_decay_become_zero_and_never_denormal_on_which_processors_crawl()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(full([100_000], 1e-37));
        using var optimizer = optim.SGD([weight], learningRate: 0.5, weight_decay: 1);
        for (var i = 0; i < 20; i++)
        {
            weight.mul(0).sum().backward();
            optimizer.step();
            optimizer.zero_grad();
        }

        Assert.All(weight.ToArray<float>().Distinct(), value => Assert.Equal(0f, value));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_step_is_PyTorchs(string name)
    {
        var expected = Expected.Value[name]!;
        foreach (var (type, channelsLast, tolerance) in new[] { (float32, false, 2e-5f), (float32, true, 2e-5f), (float64, false, 2e-5f) })
        {
            using var scope = NewDisposeScope();
            var parameters = Initial(type, channelsLast);
            using var optimizer = Optimizers[name].Make([[parameters[0]], parameters[1..]]);
            for (var step = 0; step < Steps; step++)
            {
                SetGradients(parameters, step);
                optimizer.step();
                AssertClose(PythonOracle.Floats(expected[step]), Flat(parameters), tolerance, $"{name} as {type}, step {step}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_saved_state_goes_on_where_it_was(string name)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var parameters = Initial(float32, channelsLast: true);
        var optimizer = Optimizers[name].Make([[parameters[0]], parameters[1..]]);
        for (var step = 0; step < Steps; step++)
        {
            if (step == 10)
            {
                Torch.Safetensors.Save(folder["state"], optimizer.state_dict());
                optimizer.Dispose();
                optimizer = Optimizers[name].Make([[parameters[0]], parameters[1..]]);
                optimizer.load_state_dict(Torch.Safetensors.Load(folder["state"]));
            }

            SetGradients(parameters, step);
            optimizer.step();
        }

        optimizer.Dispose();
        AssertClose(PythonOracle.Floats(Expected.Value[name]![Steps - 1]), Flat(parameters), 2e-5f, name);
    }

    [Fact]
    public void A_state_of_other_parameters_is_refused_with_every_difference()
    {
        using var scope = NewDisposeScope();
        using var one = optim.Adam([new Parameter(zeros([2]))]);
        using var other = optim.Adam([new Parameter(zeros([3])), new Parameter(zeros([1]))]);
        var error = Assert.Throws<ArgumentException>(() => one.load_state_dict(other.state_dict()));
        Assert.Contains("0.1.exp_avg is unknown", error.Message, StringComparison.Ordinal);
        Assert.Contains("0.0.exp_avg is float32 [3] on cpu, not float32 [2] on cpu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_wrong_setting_is_named_at_once()
    {
        var error = Assert.Throws<ArgumentException>(() => optim.SGD(Array.Empty<Parameter>(), -1, momentum: 1.5, nesterov: true, dampening: 0.5));
        Assert.Equal(
            "LearningRate is -1: it must be a number of at least 0; momentum is 1.5: it must lie in [0, 1); nesterov needs a momentum above 0 and a dampening of 0; there are no parameters to optimize",
            error.Message);
    }

    [Fact]
    public void Clipping_gives_the_norm_before_and_PyTorchs_gradients()
    {
        using var scope = NewDisposeScope();
        var parameters = Initial(float32, channelsLast: false);
        SetGradients(parameters, 7);
        var expected = PythonOracle.Run(
            """
            import torch
            parameters = [torch.nn.Parameter(torch.zeros(g.shape)) for g in inputs['gradients']]
            for p, g in zip(parameters, inputs['gradients']): p.grad = torch.from_numpy(g)
            norm = torch.nn.utils.clip_grad_norm_(parameters, 0.5)
            outputs = {'norm': float(norm), 'flat': torch.cat([p.grad.flatten() for p in parameters])}
            """,
            new() { ["gradients"] = new JsonArray([.. Enumerable.Range(0, Shapes.Length).Select(i => PythonOracle.Array(Gradient(i, 7), Shapes[i]))]) });
        var norm = nn.utils.clip_grad_norm_(parameters, 0.5);
        Assert.Equal((double)expected["norm"]!, norm, 1e-4);
        AssertClose(PythonOracle.Floats(expected["flat"]), [.. parameters.SelectMany(parameter => parameter.grad!.ToArray<float>())], 1e-6f, "gradients");
    }

    [Fact]
    public void Zeroing_forgets_gradients_and_a_step_without_any_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var parameters = Initial(float32, channelsLast: false);
        using var optimizer = optim.AdamW(parameters);
        SetGradients(parameters, 9);
        optimizer.zero_grad();
        var before = Flat(parameters);
        optimizer.step();
        Assert.All(parameters, parameter => Assert.Null(parameter.grad));
        Assert.Equal(before, Flat(parameters));
    }

    private static readonly Lazy<JsonObject> Expected = new(() => PythonOracle.Run(
        """
        import torch
        outputs = {}
        for name, code in inputs['optimizers'].items():
            parameters = [torch.nn.Parameter(torch.from_numpy(p.copy())) for p in inputs['parameters']]
            groups = [dict(params=parameters[:1], lr=inputs['groups'][0][0], weight_decay=inputs['groups'][0][1]),
                      dict(params=parameters[1:], lr=inputs['groups'][1][0], weight_decay=inputs['groups'][1][1])]
            optimizer = eval('torch.optim.' + code)
            outputs[name] = []
            for step, gradients in enumerate(inputs['gradients']):
                for i, (p, g) in enumerate(zip(parameters, gradients)):
                    p.grad = None if i == 1 and step < 5 else torch.from_numpy(g.copy())
                optimizer.step()
                outputs[name].append(torch.cat([p.detach().flatten() for p in parameters]))
        """,
        new()
        {
            ["optimizers"] = new JsonObject(Optimizers.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value.Python))),
            ["groups"] = new JsonArray([.. Groups.Select(group => new JsonArray(group.Rate, group.Decay))]),
            ["parameters"] = new JsonArray([.. Enumerable.Range(0, Shapes.Length).Select(i => PythonOracle.Array(Values(i), Shapes[i]))]),
            ["gradients"] = new JsonArray([.. Enumerable.Range(0, Steps).Select(step =>
                new JsonArray([.. Enumerable.Range(0, Shapes.Length).Select(i => PythonOracle.Array(Gradient(i, step), Shapes[i]))]))]),
        }));

    private static IEnumerable<ParamGroup<T>> Split<T>(IEnumerable<Parameter>[] groups, Func<double, double, T> options)
        where T : OptimizerOptions =>
        groups.Zip(Groups, (parameters, group) => new ParamGroup<T>(parameters, options(group.Rate, group.Decay)));

    private static Parameter[] Initial(ScalarType type, bool channelsLast) => [.. Shapes.Select((shape, i) =>
    {
        var values = tensor<float>(Values(i), shape).to(type);
        return new Parameter(channelsLast && shape.Length == 4 ? values.to(channels_last) : values);
    })];

    // Gradients come row-major, whatever the layout of the weights.
    private static void SetGradients(Parameter[] parameters, int step)
    {
        foreach (var (i, parameter) in parameters.Index())
        {
            parameter.grad = i == 1 && step < 5 ? null : tensor<float>(Gradient(i, step), Shapes[i]).to(parameter.dtype);
        }
    }

    private static float[] Values(int i) => Noise(1000 + i, i);

    private static float[] Gradient(int i, int step) => Noise(step * 10 + i, i);

    private static float[] Noise(int seed, int i)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, (int)Shapes[i].Aggregate((a, b) => a * b)).Select(_ => random.NextSingle() * 2 - 1)];
    }

    private static float[] Flat(Parameter[] parameters) => [.. parameters.SelectMany(parameter => parameter.to(float32).ToArray<float>())];

    private static void AssertClose(float[] expected, float[] actual, float tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var worst = expected.Zip(actual, (one, other) => Math.Abs(one - other)).Max();
        Assert.True(worst <= tolerance, string.Create(CultureInfo.InvariantCulture, $"{what}: off by {worst}"));
    }
}
