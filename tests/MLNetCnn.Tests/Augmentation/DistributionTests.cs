using System.Text.Json.Nodes;

using MLNetCnn.Augmentation;
using MLNetCnn.Imaging;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Augmentation;

public sealed class DistributionTests
{
    private const int Draws = 3000;

    // Ranges and distributions: scipy's where a formula states them, torchvision's own draws where an algorithm does.
    private const string Definitions = """
        import torch, math
        from scipy import stats
        from torchvision.transforms import RandomResizedCrop, RandomErasing
        torch.manual_seed(0)
        rng = np.random.default_rng(0)
        d, h, w = inputs['draws'], inputs['height'], inputs['width']
        col = lambda name, k: np.array([x[0][1][k] for x in d[name] if x])
        uniform = lambda x, a, b: stats.kstest(x, 'uniform', args=(a, b - a)).pvalue
        same = lambda x, y: stats.ks_2samp(x + 1e-9 * rng.random(len(x)), np.asarray(y) + 1e-9 * rng.random(len(y))).pvalue
        count = lambda x, values: stats.chisquare([np.sum(x == v) for v in values]).pvalue if np.isin(x, values).all() else 0.
        n = len(d['flip'])
        p = {'flip': stats.binomtest(sum(bool(x) for x in d['flip']), n, 0.5).pvalue, 'rotation': uniform(col('rotation', 0), -36, 36),
             'down': uniform(col('translation', 0), -0.2 * h, 0.2 * h), 'right': uniform(col('translation', 1), -0.1 * w, 0.1 * w),
             'zoom': uniform(col('zoom', 0), 0.8, 1.2), 'shear': uniform(col('shear', 0), -0.3, 0.3), 'crop': count(col('crop', 0), range(-4, 5)),
             'brightness': uniform(col('brightness', 0), 0.6, 1.4), 'contrast': uniform(col('contrast', 0), 0, 2.5), 'hue': uniform(col('hue', 0), -0.1, 0.1),
             'blur': uniform(col('blur', 1), 0.1, 2), 'mixup': stats.kstest(col('mixup', 1), 'beta', args=(0.2, 0.2)).pvalue,
             'mixup partner': uniform(col('mixup', 0) + rng.random(n), 0, n)}
        orders = [tuple(k for k, v in x) for x in d['jitter']]
        p['jitter'] = stats.chisquare([orders.count(o) for o in set(orders)]).pvalue if len(set(orders)) == 24 else 0.
        img = torch.zeros(3, h, w)
        crops = np.array([RandomResizedCrop.get_params(img, (0.08, 1.0), (3 / 4, 4 / 3)) for _ in range(n)])
        erased = np.array([e[:4] for e in (RandomErasing.get_params(img, (0.02, 0.33), (0.3, 3.3), [0.]) for _ in range(n)) if e[2:4] != (h, w)])
        for k, name in enumerate(['top', 'left', 'height', 'width']):
            p['crop ' + name] = same(col('resized', k), crops[:, k])
            p['erase ' + name] = same(col('erasing', k), erased[:, k])
        p['erase ratio'] = same(col('erasing', 2) / col('erasing', 3), erased[:, 2] / erased[:, 3])
        boxes = []
        for lam, x, y in zip(rng.beta(1, 1, n), rng.integers(0, w, n), rng.integers(0, h, n)):   # CutMix's appendix
            r = 0.5 * math.sqrt(1 - lam); rw, rh = int(r * w), int(r * h)
            boxes.append((max(y - rh, 0), max(x - rw, 0), min(y + rh, h) - max(y - rh, 0), min(x + rw, w) - max(x - rw, 0)))
        boxes = np.array(boxes)
        for k in range(4): p[f'cutmix {k}'] = same(col('cutmix', 2 + k), boxes[:, k])
        share = 1 - col('cutmix', 4) * col('cutmix', 5) / (h * w)
        noise = inputs['noise'].astype(np.float64)
        p['noise'] = stats.kstest(noise.reshape(-1) / 0.05, 'norm').pvalue
        c = noise.reshape(noise.shape[0], -1)
        outputs = {'p': p, 'share': np.abs(share - col('cutmix', 1)).max(), 'correlation': np.abs(np.corrcoef(c) - np.eye(len(c))).max(),
                   'pixels': np.abs(np.corrcoef(c[:, :-1].reshape(-1), c[:, 1:].reshape(-1))[0, 1])}
        """;

    [Fact]
    public void Values_are_drawn_from_the_ranges_and_distributions_that_define_the_transforms()
    {
        var transforms = new Dictionary<string, Transform>
        {
            ["flip"] = new RandomHorizontalFlip(),
            ["rotation"] = new RandomRotation(0.1),
            ["translation"] = new RandomTranslation(0.2, 0.1),
            ["zoom"] = new RandomZoom(0.2),
            ["shear"] = new RandomShear(0.3),
            ["crop"] = new RandomCrop(4),
            ["brightness"] = new RandomBrightness(0.4),
            ["contrast"] = new RandomContrast(1.5),
            ["hue"] = new RandomHue(0.1),
            ["blur"] = new GaussianBlur(5),
            ["jitter"] = new ColorJitter(0.1, 0.1, 0.1, 0.1),
            ["resized"] = new RandomResizedCrop(),
            ["erasing"] = new RandomErasing { Probability = 1 },
            ["mixup"] = new MixUp(0.2),
            ["cutmix"] = new CutMix(1),
        };
        using var images = TestImages.Create(60);
        var plain = TestImages.Apply(images, new AugmentationSettings { Transforms = [new RandomHorizontalFlip { Probability = 0 }] });
        var noisy = TestImages.Apply(images, new AugmentationSettings { Transforms = [new GaussianNoise(0.05)] });
        var noise = noisy.Zip(plain, (a, b) => a - b).ToArray();
        var outputs = PythonOracle.Run(Definitions, new JsonObject
        {
            ["height"] = TestImages.Height,
            ["width"] = TestImages.Width,
            ["draws"] = new JsonObject(transforms.Select(transform => KeyValuePair.Create(transform.Key, (JsonNode?)TransformTests.AsJson(TestImages.Draws(transform.Value, Draws))))),
            ["noise"] = PythonOracle.Array(noise, 60, 3 * TestImages.Height * TestImages.Width),
        });
        Assert.All(outputs["p"]!.AsObject(), p => Assert.True((double)p.Value! > 1e-4, $"{p.Key} has p {p.Value}"));
        Assert.InRange((double)outputs["share"]!, 0, 1e-9);
        Assert.InRange((double)outputs["correlation"]!, 0, 0.12);
        Assert.InRange((double)outputs["pixels"]!, 0, 0.02);
    }

    [Fact]
    public void Erasing_with_random_values_and_probabilities_hold_on_pixels()
    {
        using var images = TestImages.Create(400);
        var erased = TestImages.Plan(images, new AugmentationSettings { Transforms = [new RandomErasing { RandomValues = true }] });
        Assert.InRange(erased.Count(plan => plan.Count > 0), 160, 240);
        Assert.All(erased.Where(plan => plan.Count > 0), plan => Assert.Equal(AugmentationKind.Erasing, Assert.Single(plan).Kind));
        var values = TestImages.Apply(images, new AugmentationSettings { Transforms = [new RandomErasing { Probability = 1, MinScale = 0.3, RandomValues = true }] });
        Assert.InRange(values.Min(), 0, 0.01f);
        Assert.InRange(values.Max(), 0.99f, 1);
    }
}
