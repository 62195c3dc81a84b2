using System.Text.Json.Nodes;
using MLNetCnn.Testing;
using MLNetCnn.Torch.Modules;
using MLNetCnn.Torch.Optim;
using static MLNetCnn.Torch.torch.optim;

namespace MLNetCnn.Torch.Tests.Schedules;

public sealed class ScheduleTests
{
    private const int Steps = 40;

    private static readonly Dictionary<string, (Func<Optimizer, lr_scheduler.LRScheduler> Make, string Python)> All = new()
    {
        ["step"] = (o => lr_scheduler.StepLR(o, 7, 0.5), "StepLR(o, 7, 0.5)"),
        ["multi-step"] = (o => lr_scheduler.MultiStepLR(o, [5, 6, 20], 0.3), "MultiStepLR(o, [5, 6, 20], 0.3)"),
        ["exponential"] = (o => lr_scheduler.ExponentialLR(o, 0.9), "ExponentialLR(o, 0.9)"),
        ["cosine"] = (o => lr_scheduler.CosineAnnealingLR(o, 30, 1e-3), "CosineAnnealingLR(o, 30, 1e-3)"),
        ["linear"] = (o => lr_scheduler.LinearLR(o, 0.1, total_iters: 8), "LinearLR(o, 0.1, total_iters=8)"),
        ["one cycle"] = (o => lr_scheduler.OneCycleLR(o, 0.4, Steps), "OneCycleLR(o, 0.4, 40, cycle_momentum=False)"),
        ["warm-up, then cosine"] = (
            o => lr_scheduler.SequentialLR(o, [lr_scheduler.LinearLR(o, 0.01, total_iters: 5), lr_scheduler.CosineAnnealingLR(o, 35)], [5]),
            "SequentialLR(o, [LinearLR(o, 0.01, total_iters=5), CosineAnnealingLR(o, 35)], [5])"),
    };

    [Fact]
    public void Every_schedule_is_PyTorchs()
    {
        var expected = PythonOracle.Run(
            """
            import torch, warnings
            from torch.optim.lr_scheduler import *
            warnings.simplefilter('ignore')
            outputs = {}
            for name, code in inputs.items():
                o = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
                schedule = eval(code)
                outputs[name] = []
                for _ in range(39):
                    outputs[name].append(o.param_groups[0]['lr'])
                    schedule.step()
            """,
            new(All.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value.Python))));
        foreach (var (name, (make, _)) in All)
        {
            using var optimizer = Optimizer();
            var schedule = make(optimizer);
            foreach (var (step, rate) in expected[name]!.AsArray().Index())
            {
                Assert.True(Math.Abs((double)rate! - schedule.get_last_lr().Single()) < 1e-9, $"{name}, step {step}: {rate} expected, {schedule.get_last_lr().Single()} given");
                schedule.step();
            }
        }
    }

    [Fact]
    public void A_cycle_that_rises_in_one_step_begins_at_its_top()
    {
        using var optimizer = Optimizer();
        Assert.Equal(0.4, lr_scheduler.OneCycleLR(optimizer, 0.4, 10, pct_start: 0.1).get_last_lr().Single(), 1e-12);
    }

    [Fact]
    public void A_schedule_resumes_from_its_step()
    {
        using var optimizer = Optimizer();
        var schedule = lr_scheduler.CosineAnnealingLR(optimizer, 10);
        schedule.last_epoch = 5;
        Assert.Equal(0.05, optimizer.ParamGroups.Single().LearningRate, 1e-12);
    }

    [Theory]
    [InlineData(PlateauMode.Min, PlateauThreshold.Relative)]
    [InlineData(PlateauMode.Max, PlateauThreshold.Absolute)]
    public void A_plateau_is_PyTorchs(PlateauMode mode, PlateauThreshold threshold)
    {
        var metrics = Metrics();
        var expected = PythonOracle.Run(
            """
            import torch
            o = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
            s = torch.optim.lr_scheduler.ReduceLROnPlateau(o, inputs['mode'], 0.5, 2, threshold=0.05, threshold_mode=inputs['threshold'], cooldown=2, min_lr=0.004)
            rates = []
            for m in inputs['metrics']:
                s.step(m)
                rates.append(o.param_groups[0]['lr'])
            outputs = {'rates': rates}
            """,
            new()
            {
                ["mode"] = mode == PlateauMode.Min ? "min" : "max",
                ["threshold"] = threshold == PlateauThreshold.Relative ? "rel" : "abs",
                ["metrics"] = new JsonArray([.. metrics.Select(metric => JsonValue.Create(metric))]),
            });
        var rates = Run(metrics, new() { Mode = mode, Factor = 0.5, Patience = 2, Threshold = 0.05, ThresholdMode = threshold, Cooldown = 2, MinLearningRate = 0.004 });
        Assert.Equal(expected["rates"]!.AsArray().Select(rate => (double)rate!), rates);
    }

    // Keras's callback, written down from its documented source.
    [Fact]
    public void A_plateau_with_Kerass_rules_is_Kerass()
    {
        var (best, wait, cooldown, rate) = (double.PositiveInfinity, 0, 0, 0.1);
        var expected = new List<double>();
        foreach (var metric in Metrics())
        {
            if (cooldown > 0)
            {
                cooldown--;
                wait = 0;
            }

            if (metric < best - 0.01)
            {
                best = metric;
                wait = 0;
            }
            else if (cooldown == 0 && ++wait >= 2 && rate > 0.004)
            {
                rate = Math.Max(rate * 0.5, 0.004);
                cooldown = 2;
                wait = 0;
            }

            expected.Add(rate);
        }

        Assert.Equal(expected, Run(Metrics(), PlateauOptions.Keras(0.5, 2, 0.01, 2, 0.004)));
    }

    [Fact]
    public void Wrong_plateau_settings_are_named_at_once()
    {
        using var optimizer = Optimizer();
        var error = Assert.Throws<ArgumentException>(() => lr_scheduler.ReduceLROnPlateau(optimizer, new() { Factor = 1, Patience = -1 }));
        Assert.Equal("Patience is -1: it must be a number of at least 0; Factor is 1: it must lie between 0 and 1", error.Message);
    }

    private static SGD Optimizer() => SGD([new Parameter(zeros([1]))], 0.1);

    private static double[] Metrics()
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, 60).Select(i => 1.0 / (1 + i / 6) + random.NextDouble() * 0.2)];
    }

    private static List<double> Run(double[] metrics, PlateauOptions options)
    {
        using var optimizer = Optimizer();
        var plateau = lr_scheduler.ReduceLROnPlateau(optimizer, options);
        var rates = new List<double>();
        foreach (var metric in metrics)
        {
            plateau.step(metric);
            rates.Add(optimizer.ParamGroups.Single().LearningRate);
        }

        return rates;
    }
}
