using System.Text.Json.Nodes;

using MLNetCnn.Augmentation;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Augmentation;

public sealed class PolicyTests
{
    private const int Images = 420;

    // Finds each drawn operation in torchvision's own table, and does it with torchvision's own _apply_op.
    private const string Torchvision = """
        import torch
        from torchvision.transforms import autoaugment as A, InterpolationMode as I
        from scipy.stats import chisquare
        h, w = inputs['images'].shape[1:3]
        trivial = inputs['policy'] == 'trivial'
        table = A.TrivialAugmentWide()._augmentation_space(31) if trivial else A.RandAugment()._augmentation_space(31, (h, w))
        names = {'Rotation': 'Rotate', 'Saturation': 'Color'}
        def read(kind, v):
            if kind == 'Shear': return ('ShearX', v[0]) if v[0] else ('ShearY', v[1]) if v[1] else ('Shear0', 0.)
            if kind == 'Translation': return ('TranslateX', v[1]) if v[1] else ('TranslateY', v[0]) if v[0] else ('Translate0', 0.)
            if kind in ('Brightness', 'Saturation', 'Contrast', 'Sharpness'): return names.get(kind, kind), v[0] - 1
            return names.get(kind, kind), v[0]
        def allowed(name, magnitude):
            if name.endswith('0'): return True
            values, signed = table[name]
            values = (values if trivial else values[9]).reshape(-1).tolist() if values.ndim else [0.]
            if name.startswith('Translate'): values = [int(x) for x in values]
            return any(abs((abs(magnitude) if signed else magnitude) - x) < 1e-12 + 1e-7 * abs(x) for x in values)
        counts, strangers, close, exact = {}, [], 0, 0
        for pixels, plan, ours in zip(inputs['images'], inputs['plans'], inputs['ours']):
            img = torch.from_numpy(pixels).permute(2, 0, 1).contiguous()
            steps = [read(kind, v) for kind, v in plan]
            strangers += [s for s in steps if not allowed(*s)]
            for name, magnitude in steps:
                counts[name] = counts.get(name, 0) + 1
                if not name.endswith('0'): img = A._apply_op(img, name, magnitude, I.NEAREST, [0.0] * 3)
            difference = np.abs(img.permute(1, 2, 0).numpy().astype(int) - ours.astype(int))
            close += (difference <= inputs['levels']).mean()
        total = inputs['operations'] * len(inputs['plans'])
        counts['Identity'] = total - sum(counts.values())
        regular = [counts.get(name, 0) for name in table if not name.startswith(('Shear', 'Translate'))]
        moves = sum(n for name, n in counts.items() if name.startswith(('Shear', 'Translate')))
        outputs = {'strangers': len(strangers), 'close': close / len(inputs['plans']), 'p': chisquare(regular + [moves], [total / 14] * 10 + [total * 4 / 14]).pvalue,
                   'kinds': len(regular)}
        """;

    // RandAugment's second operation works here on unrounded pixels, so that a level may become a few.
    [Theory]
    [InlineData("trivial", 1, 1)]
    [InlineData("rand", 2, 4)]
    public void A_policy_draws_from_torchvisions_table_and_does_what_torchvision_does(string policy, int operations, int levels)
    {
        using var images = TestImages.Create(Images);
        var settings = new AugmentationSettings { Transforms = [policy == "trivial" ? new TrivialAugmentWide() : new RandAugment()] };
        var pixels = new byte[Images * images.Shape.Size];
        settings.Over(images).Apply([.. Enumerable.Range(0, Images).Select(i => (long)i)], seed: 1, pixels);
        var outputs = PythonOracle.Run(Torchvision, new JsonObject
        {
            ["policy"] = policy,
            ["operations"] = operations,
            ["levels"] = levels,
            ["images"] = PythonOracle.Array(Enumerable.Range(0, Images).SelectMany(i => images.Pixels(i).ToArray()).ToArray(), Images, TestImages.Height, TestImages.Width, 3),
            ["ours"] = PythonOracle.Array(pixels, Images, TestImages.Height, TestImages.Width, 3),
            ["plans"] = TransformTests.AsJson(TestImages.Plan(images, settings)),
        });
        Assert.Equal(0, (int)outputs["strangers"]!);
        Assert.Equal(10, (int)outputs["kinds"]!);
        Assert.InRange((double)outputs["p"]!, 1e-4, 1);
        Assert.InRange((double)outputs["close"]!, policy == "trivial" ? 0.999 : 0.98, 1);
    }
}
